/**
 * 200,000 trips from CSV through the real service (stored, parsed, checked, told apart, CO2 computed, totals kept)
 * against COPY of the very same rows, binary, into the same table of a second database; both from bytes that are there.
 * Rounds alternate, so that noise of the machine falls on both; the figure is the median of the rounds' ratios.
 */
import { join } from "node:path";
import { copyIn } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { sql } from "kysely";
import { to } from "pg-copy-streams";
import { fileOf, heldFileOf } from "./parts/file.ts";
import { importAll } from "./parts/world.ts";

const ROWS = 200_000;
const ROUNDS = 3;

const copyOut = async (t: TestDatabase): Promise<Uint8Array> => {
  const client = await t.pool.connect();
  try {
    const chunks: Uint8Array[] = [];
    const stream = to("copy (select * from vehicles.trip) to stdout (format binary)");
    client.query(stream);
    for await (const chunk of stream) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  } finally {
    client.release();
  }
};

const empty = (t: TestDatabase) =>
  sql`truncate vehicles.trip, vehicles.day_total, vehicles.month_total, vehicles.local_day_total, vehicles.local_month_total`.execute(
    t.admin,
  );

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

type Memory = { most: number; early: number; late: number; millis: number };

const memoryOf = async (rows: number): Promise<Memory> => {
  const child = Bun.spawn(["bun", join(import.meta.dir, "parts/memory.ts"), String(rows)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`Importing ${rows} rows failed`);
  return JSON.parse(text) as Memory;
};

export default async (print: (line: string) => void): Promise<void> => {
  const ours = await testDatabase();
  const floor = await testDatabase();
  // Warm: code compiled, and both tables have the months' partitions, which a month needs once in its life.
  await importAll(ours, fileOf(ROWS, 25), ROWS);
  const rows = await copyOut(ours);
  const months = await ours.db.selectFrom("vehicles.month_total").select("month").orderBy("month").execute();
  await sql`select vehicles.ensure_months('trip', ${months.map((row) => row.month)}::date[])`.execute(
    floor.db,
  );
  const copy = async (): Promise<number> => {
    await empty(floor);
    const from = performance.now();
    const copied = await floor.transact((tx) =>
      copyIn(tx, "copy vehicles.trip from stdin (format binary)", [rows]),
    );
    if (copied !== ROWS) throw new Error(`Copied ${copied}`);
    return performance.now() - from;
  };
  await copy();
  const taken: { ours: number; floor: number; storing: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await empty(ours);
    const imported = await importAll(ours, await heldFileOf(ROWS, 25), ROWS);
    taken.push({ ours: imported.millis, storing: imported.storing, floor: await copy() });
  }
  const of = (pick: (round: (typeof taken)[number]) => number) => Math.round(median(taken.map(pick)));
  print(
    `import of ${ROWS} trips: ${of((round) => round.ours)} ms (receiving the file ${of((round) => round.storing)} ms), ` +
      `COPY of the same rows ${of((round) => round.floor)} ms, ratio=${median(taken.map((round) => round.floor / round.ours)).toFixed(2)}`,
  );
  await ours.close();
  await floor.close();
  const [small, large] = [await memoryOf(20_000), await memoryOf(2_000_000)];
  const mb = (bytes: number) => Math.round(bytes / 1024 / 1024);
  print(
    `memory: ${mb(small.most)} MB at most for 20,000 rows, ${mb(large.most)} MB for 2,000,000 ` +
      `(${Math.round(large.millis / 1000)} s), ratio=${(large.most / small.most).toFixed(2)}`,
  );
  print(
    `memory over the second million against the first: ${mb(large.late)} MB and ${mb(large.early)} MB, ` +
      `ratio=${(large.late / large.early).toFixed(2)}`,
  );
};
