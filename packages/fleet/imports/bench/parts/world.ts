/** Imports a file through the real service, from the first byte that arrives to the last trip recorded. */

import { aUser } from "@evx/accounts/testing";
import type { TestDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { jobContext } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { importTrips } from "../../src/imports.ts";
import { importRow } from "../../src/queries/imports.ts";
import { runImport } from "../../src/runs.ts";

export const importAll = async (t: TestDatabase, content: ReadableStream<Uint8Array>, rows: number) => {
  const owner = await aUser(t);
  const vehicle = await aVehicle(t, owner);
  const importId = newId("import");
  const from = performance.now();
  await importTrips(
    t,
    owner,
    { id: vehicle.id, content, contentType: "text/csv", fileName: "bench.csv", name: "" },
    { importId, locale: "en" },
  );
  const stored = performance.now();
  await runImport(jobContext(t), importId);
  const done = performance.now();
  const row = await importRow(t.db, importId);
  if (row?.status !== "done" || row.imported !== rows) {
    throw new Error(
      `Imported ${row?.imported} of ${rows}: ${row?.status} ${row?.failure}, ${row?.rejected} rejected`,
    );
  }
  return { vehicle, millis: done - from, storing: stored - from };
};
