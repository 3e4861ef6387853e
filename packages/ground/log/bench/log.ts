/**
 * Entries sequenced against SHA-256 of the same bytes and one insert of them; how many reads an inclusion proof takes in
 * a log of 10,000,000; and how long a monitor takes for a year of 1,000,000 entries from nothing.
 */
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { tilesOfPath } from "@evx/proof/log";
import { monitor } from "@evx/proof/monitor";
import { provenAt, sequencePending } from "../src/sequencer.ts";
import { testLog } from "../src/testing.ts";
import { yearOf } from "./parts/year.ts";

const [ROUNDS, ENTRIES] = [21, 1_000];
const [LARGE, YEAR] = [10_000_000, 1_000_000];

type World = Awaited<ReturnType<typeof testDatabase>>;

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** As many entries of some 300 bytes, entered and not yet numbered. */
const enter = (t: World, first: number) =>
  sql`select log.enter('void', n::text, jsonb_build_object('batch', n::text, 'text', repeat(md5(n::text), 8)), '2026-03-01Z')
    from generate_series(${first}::int, ${first + ENTRIES - 1}::int) n`.execute(t.admin);

/** The floor: the bytes are read, hashed and written to a table, in one transaction. */
const bare = async (t: World): Promise<void> => {
  const { rows } = await t.pool.query("select id, body from log.pending order by id limit $1", [ENTRIES]);
  const hashes = rows.map(({ body }) => new Bun.CryptoHasher("sha256").update(body).digest());
  await t.admin
    .transaction()
    .execute((tx) =>
      sql`insert into bench_entry (body, hash) select * from unnest(${rows.map(({ body }) => body)}::bytea[], ${hashes}::bytea[])`.execute(
        tx,
      ),
    );
};

const appended = async (t: World, print: (line: string) => void): Promise<void> => {
  const ports = await testLog();
  await sql`create unlogged table bench_entry (place bigint generated always as identity primary key, body bytea, hash bytea)`.execute(
    t.admin,
  );
  const [ours, floor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    await enter(t, round * ENTRIES + 1);
    floor.push(await timed(() => bare(t)));
    ours.push(await timed(() => t.transact((tx) => sequencePending(tx, ports))));
  }
  const ratio = median(ours.map((each, round) => (floor[round] ?? Number.NaN) / each));
  print(
    `log: ${ENTRIES} entries sequenced, tiled and signed in ${median(ours).toFixed(1)} ms, hashed and inserted alone ${median(floor).toFixed(1)} ms, ratio=${ratio.toFixed(3)}`,
  );
};

/** The same database, and how many statements were sent to it. */
const counting = (t: World) => {
  let sent = 0;
  const db = t.db.withPlugin({
    transformQuery: ({ node }) => {
      sent++;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { db, reads: () => sent };
};

const proven = async (t: World, print: (line: string) => void): Promise<void> => {
  await sql.raw("alter table log.tile disable trigger all").execute(t.admin);
  await sql`delete from log.tile`.execute(t.admin);
  for (let level = 0; Math.floor(LARGE / 256 ** level) > 0; level++) {
    const count = Math.floor(LARGE / 256 ** level);
    await sql`insert into log.tile (level, n, hashes)
      select ${level}, n, convert_to(repeat(md5(n::text), least(256, ${count} - n * 256)::int), 'UTF8')
      from generate_series(0, ${Math.ceil(count / 256) - 1}) n`.execute(t.admin);
  }
  const times: number[] = [];
  let most = 0;
  const { db, reads } = counting(t);
  for (let round = 0; round < 200; round++) {
    const index = Math.floor(Math.random() * LARGE);
    most = Math.max(most, tilesOfPath(index, LARGE).length);
    times.push(await timed(() => provenAt(db, index, LARGE)));
  }
  const each = reads() / times.length;
  print(
    `log: an inclusion proof at ${LARGE} entries in ${median(times).toFixed(2)} ms and ${each.toFixed(2)} reads, of at most ${most} tiles, two reads are the most, ratio=${(2 / each).toFixed(2)}`,
  );
};

const watched = async (print: (line: string) => void): Promise<void> => {
  const year = await yearOf(YEAR);
  let report = { faults: ["nothing was watched"] as readonly string[], size: 0 };
  // Of the processor, not of the clock: other work on the machine is not the monitor's.
  const start = process.cpuUsage();
  report = await monitor({ ...year, patience_ms: 0 });
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1_000;
  if (report.faults.length > 0) throw new Error(`The monitor is not content: ${report.faults[0]}`);
  print(
    `log: a year of ${report.size} entries monitored from nothing in ${(ms / 1_000).toFixed(1)} s of one core, a minute is the most, ratio=${(60_000 / ms).toFixed(2)}`,
  );
};

export default async (print: (line: string) => void): Promise<void> => {
  const t = await testDatabase();
  try {
    await appended(t, print);
    await proven(t, print);
  } finally {
    await t.close();
  }
  await watched(print);
};
