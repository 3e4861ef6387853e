import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { throwAway } from "./database.ts";

test("a reset leaves nothing that was noted outside the database of a venue that is gone, but keeps the secrets", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "evx-reset-"));
  try {
    for (const folder of ["witness", "mail"]) {
      mkdirSync(join(dataDir, folder));
      writeFileSync(join(dataDir, folder, "one"), "x");
    }
    for (const file of ["audit-heads.jsonl", "gateways.sqlite", "gateways.sqlite-wal", "secrets.json"])
      writeFileSync(join(dataDir, file), "x");
    await throwAway({ root: dataDir, port: 1, dataDir });
    expect(readdirSync(dataDir)).toEqual(["secrets.json"]);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
