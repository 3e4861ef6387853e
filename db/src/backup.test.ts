import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { BackupError, backUp, readBackup, restore } from "./backup.ts";
import { createDb, createPool } from "./client.ts";
import { dropDatabase, findDatabase } from "./migrate.ts";
import { dumpRows } from "./rows.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "evx-backup-"));
const file = join(folder, "venue.backup");
const name = `evx_restored_${crypto.randomUUID().slice(0, 8)}`;

const textOf = async (pieces: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(pieces)).toString();

const databases = async () =>
  (
    await sql<{
      datname: string;
    }>`select datname from pg_database where datname like 'evx_part_%' order by 1`.execute(t.admin)
  ).rows;

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
  expect(await textOf(dumpRows(url))).toBe(await textOf(dumpRows(t.adminUrl)));
}, 60_000);

/** What a run of this code grew to at most, in megabytes: in a process of its own, whose memory is nobody else's. */
const grownBy = async (code: string): Promise<number> => {
  const script = `
    import { backUp, restore } from ${JSON.stringify(join(import.meta.dir, "backup.ts"))};
    Bun.gc(true);
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
    ${code}
    clearInterval(watch);
    console.log((most - before) / 1e6);`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
  return Number(await new Response(child.stdout).text());
};

test("a large world is kept and got back in little memory, whatever the length of a row", async () => {
  const big = await testDatabase();
  const large = join(folder, "large.backup");
  const restored = `${name}_big`;
  const state = (admin: typeof t.admin) =>
    sql<{ said: string }>`
      select count(*) || ':' || md5(string_agg(md5(name || reason), '' order by name)) as said from rules.rule`.execute(
      admin,
    );
  try {
    // One row of 24 MB whose text looks like the end of a table's rows, and 96 MB of small ones.
    await sql`insert into rules.rule (name, version, value, reason, effective_at)
      select 'test.big.' || n, 1, '1'::jsonb, repeat(md5(n::text), 75), '2026-03-01Z'::timestamptz from generate_series(1, 40000) n
      union all select 'test.long', 1, '1'::jsonb, repeat(E'\n\\.\n', 6000000), '2026-03-01Z'`.execute(
      big.admin,
    );
    expect(
      await grownBy(`await backUp(${JSON.stringify(big.adminUrl)}, ${JSON.stringify(large)});`),
    ).toBeLessThan(120);
    const input = JSON.stringify({ file: large, database: restored });
    expect(await grownBy(`await restore(${JSON.stringify(t.adminUrl)}, ${input});`)).toBeLessThan(120);
    const url = new URL(t.adminUrl);
    url.pathname = `/${restored}`;
    const back = createDb(createPool(url.href, { max: 1 }));
    expect((await state(back)).rows).toEqual((await state(big.admin)).rows);
    await back.destroy();
  } finally {
    await big.close();
    await dropDatabase(t.adminUrl, restored);
  }
}, 120_000);

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
  const text = await textOf(readBackup(file));
  const sum = new Bun.CryptoHasher("sha256").update(text).digest("hex");
  const changed = text.replace("for a test", "for a jest");
  expect(await tried(Bun.gzipSync(Buffer.from(`${changed}-- whole ${sum}\n`)))).toContain("was changed");
  expect(await tried(Bun.gzipSync(Buffer.from(text)))).toContain("was cut off");
  expect(await tried("hello")).toContain("is no backup");
  expect(await tried("")).toContain("is no backup");
  const flipped = whole.slice();
  flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1;
  expect(await tried(flipped)).toContain("is no backup, or was cut off");
  await expect(restore(t.adminUrl, { file: join(folder, "none"), database: "x" })).rejects.toThrow(
    "There is no file",
  );
  expect(await findDatabase(t.adminUrl, `${name}_no`)).toBeNull();
});

test("a backup of a newer release says so, and leaves nothing behind", async () => {
  const text = await textOf(readBackup(file));
  const later = text.replace(
    /^-- migration /m,
    `-- migration 9999_of_tomorrow ${"a".repeat(64)}\n-- migration `,
  );
  const sum = new Bun.CryptoHasher("sha256").update(later).digest("hex");
  const other = join(folder, "newer.backup");
  await Bun.write(other, Bun.gzipSync(Buffer.from(`${later}-- whole ${sum}\n`)));
  const before = await databases();
  const refused = await restore(t.adminUrl, { file: other, database: `${name}_no` }).catch(
    (error: Error) => error,
  );
  expect(refused).toBeInstanceOf(BackupError);
  expect(String(refused)).toContain("made by a newer release, with migration 9999_of_tomorrow");
  expect(await databases()).toEqual(before);
});
