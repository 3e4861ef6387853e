import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { backUp, readBackup, restore } from "./backup.ts";
import { dropDatabase, findDatabase } from "./migrate.ts";
import { dumpRows } from "./rows.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "evx-backup-"));
const file = join(folder, "venue.backup");
const name = `evx_restored_${crypto.randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  await sql`insert into rules.rule (name, version, value, reason, effective_at)
    values ('test.rule', 1, '{"a": "line\\nbreak\\ttab \\\\. end"}', 'for a test', '2026-03-01Z')`.execute(
    t.admin,
  );
});
afterAll(async () => {
  await dropDatabase(t.adminUrl, name);
  await t.close();
  await rm(folder, { recursive: true });
});

test("a backup restores into a new database that has every row of it", async () => {
  const made = await backUp(t.adminUrl, file);
  expect(made.migrations).toBeGreaterThan(50);
  const url = await restore(t.adminUrl, { file, database: name });
  expect(await dumpRows(url)).toBe(await dumpRows(t.adminUrl));
}, 60_000);

test("a database that is there is not overwritten", async () => {
  const taken = restore(t.adminUrl, { file, database: name });
  await expect(taken).rejects.toThrow(`There is a database ${name} already`);
});

test("half a backup, one that was changed, and something else are refused before anything is made", async () => {
  const whole = new Uint8Array(await Bun.file(file).arrayBuffer());
  const other = join(folder, "other.backup");
  const tried = async (content: Uint8Array | string) => {
    await Bun.write(other, content);
    return restore(t.adminUrl, { file: other, database: `${name}_no` }).then(
      () => "restored",
      (error: Error) => error.message,
    );
  };
  expect(await tried(whole.slice(0, whole.length / 2))).toContain("was cut off");
  expect(await tried(whole.slice(0, whole.length - 1))).toContain("was cut off");
  const text = await readBackup(file);
  const sum = new Bun.CryptoHasher("sha256").update(text).digest("hex");
  const changed = text.replace("for a test", "for a jest");
  expect(await tried(Bun.gzipSync(Buffer.from(`${changed}-- whole ${sum}\n`)))).toContain("was changed");
  expect(await tried(Bun.gzipSync(Buffer.from(text)))).toContain("was cut off");
  expect(await tried("hello")).toContain("is no backup");
  await expect(restore(t.adminUrl, { file: join(folder, "none"), database: "x" })).rejects.toThrow(
    "There is no file",
  );
  expect(await findDatabase(t.adminUrl, `${name}_no`)).toBeNull();
});
