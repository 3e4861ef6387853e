import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Db, sql, transact } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { generateSigningKey, hex, readSigningKeys, utf8 } from "@evx/proof";
import {
  base64,
  consistencyPath,
  emptyEdge,
  entriesOf,
  isConsistent,
  leafHash,
  readCheckpoint,
  rootByPath,
  rootOfEdge,
  signCheckpoint,
  signedAt,
  tilePath,
  withLeaf,
} from "@evx/proof/log";
import { backlog } from "./queries/log.ts";
import { sequencePending, tilesIn } from "./sequencer.ts";
import { loggedAt, publishedCheckpoint, tileBytes } from "./serving.ts";
import { noteKeyOf, testLog } from "./testing.ts";
import { createWitness } from "./witness.ts";
import { askWitnesses } from "./witnesses.ts";

const ports = await testLog();
let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const enter = (first: number, count: number) =>
  sql`select log.enter('void', n::text, jsonb_build_object('batch', n::text), '2026-03-01Z')
    from generate_series(${first}::int, ${first + count - 1}::int) n`.execute(t.admin);

const round = () => t.transact((tx) => sequencePending(tx, ports));

const roundOn = (db: Db) => transact(db, t.clock, (tx) => sequencePending(tx, ports));

/** Answers once they are gone: one that has the signal may still end its statement. */
const killSequencers = () =>
  sql`select pg_terminate_backend(pid, 10000) from pg_stat_activity
    where datname = current_database() and application_name = 'evx test'`.execute(t.admin);

/** The same database; something is done after each statement, with how many there were before it. */
const followed = (after: (done: number) => Promise<unknown>): Db => {
  let done = 0;
  return t.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      await after(done++);
      return result;
    },
  });
};

const statementsOf = async (work: (db: Db) => Promise<unknown>): Promise<number> => {
  let statements = 0;
  await work(followed(async () => statements++));
  return statements;
};

/**
 * Kills whoever is at it once a statement is done: before the next one, after the last before it is sure. False where it took
 * fewer statements.
 */
const killedAfter = async (statement: number, work: (db: Db) => Promise<unknown>): Promise<boolean> => {
  let killed = false;
  const db = followed(async (done) => {
    if (done !== statement) return;
    await killSequencers();
    killed = true;
  });
  const failed = await work(db).then(
    () => false,
    () => true,
  );
  expect([statement, failed]).toEqual([statement, killed]);
  return killed;
};

/** Every entry as tiles of entries give it, and the root over them. */
const replayed = async () => {
  const published = await publishedCheckpoint(t.db);
  if (!published) throw new Error("no checkpoint");
  const entries: string[] = [];
  let edge = emptyEdge;
  for (let n = 0; n * 256 < published.size; n++) {
    const width = Math.min(256, published.size - n * 256);
    const bytes = await tileBytes(t.db, tilePath("entries", n, width).slice("tile/".length));
    const bundle = bytes && entriesOf(bytes, width);
    if (!bundle) throw new Error(`no entries ${n}`);
    for (const entry of bundle) {
      entries.push(new TextDecoder().decode(entry));
      edge = withLeaf(edge, leafHash(entry));
    }
  }
  const checkpoint = readCheckpoint(published.note);
  if (!checkpoint) throw new Error("no checkpoint");
  return { entries, root: hex(rootOfEdge(edge)), checkpoint };
};

describe("the public log", () => {
  test("an empty log has a checkpoint of its own", async () => {
    expect(await round()).toEqual({ size: 0, added: 0 });
    expect((await publishedCheckpoint(t.db))?.note.startsWith("evx.test/log\n0\n")).toBe(true);
  });

  test("numbers what is pending in its order, and each root is the one over all entries", async () => {
    let first = 1;
    for (const count of [1, 254, 1, 1, 600, 3]) {
      await enter(first, count);
      first += count;
      await round();
      const { entries, root, checkpoint } = await replayed();
      expect(entries.map((entry) => JSON.parse(entry).batch)).toEqual(
        Array.from({ length: first - 1 }, (_, at) => String(at + 1)),
      );
      expect(hex(checkpoint.root)).toBe(root);
      expect(await signedAt(checkpoint, ports.noteKey)).toBe(true);
    }
    expect((await backlog(t.db)).waiting).toBe(0n);
  });

  test("an entry's proof leads to the checkpoint; tiles wider than the log are not there", async () => {
    const logged = await loggedAt(t.db, "void", "300");
    const checkpoint = logged && readCheckpoint(logged.checkpoint);
    if (!checkpoint) throw new Error("not logged");
    const { index, proof, entry } = logged;
    const found = rootByPath(leafHash(utf8(entry)), { index, size: checkpoint.size, path: proof });
    expect(found).toEqual(checkpoint.root);
    for (const path of ["0/003.p/93", "0/004", "1/000", "entries/003.p/100", "2/000.p/1", "x"])
      expect(await tileBytes(t.db, path)).toBeNull();
    expect((await tileBytes(t.db, "0/003.p/92"))?.length).toBe(92 * 32);
    expect((await tileBytes(t.db, "1/000.p/3"))?.length).toBe(96);
  });

  test("the application can neither enter, number nor change by itself", async () => {
    for (const statement of [
      "insert into log.pending (kind, subject, body, at) values ('void', 'x', 'x', now())",
      "insert into log.entry (place, kind, subject, body, at) values (9999, 'void', 'x', 'x', now())",
      "delete from log.pending",
      "update log.tile set n = 1",
      "insert into log.checkpoint (size, root, note, at) values (5, sha256(''), 'x', now())",
      "select log.enter('void', 'x', '{}', now())",
    ])
      await expect(sql.raw(statement).execute(t.db)).rejects.toThrow(/permission denied/);
    await expect(sql`update log.entry set kind = 'x'`.execute(t.admin)).rejects.toThrow(/append-only/);
  });

  test("an entry of 65,536 bytes is refused where it would be entered", async () => {
    await expect(
      sql`select log.note_down('book', 'long', jsonb_build_object('text', repeat('x', 65536)), now())`.execute(
        t.db,
      ),
    ).rejects.toThrow(/check/);
  });

  test("killed 200 times, after each of its statements and at any moment, with two at it: no fork, no gap, no duplicate", async () => {
    const size = (await publishedCheckpoint(t.db))?.size ?? 0;
    let entered = size;
    const seen: { size: number; root: string }[] = [];
    const steps = await statementsOf(async (db) => {
      await enter(entered + 1, 3);
      entered += 3;
      await roundOn(db);
    });
    const killedAt = new Set<number>();
    for (let time = 0; time < 200; time++) {
      await enter(entered + 1, 3);
      entered += 3;
      const step = (time / 2) % steps;
      if (time % 2 === 0) {
        if (await killedAfter(step, roundOn)) killedAt.add(step);
      } else {
        const runs = Promise.allSettled([round(), round()]);
        await Bun.sleep(Math.random() * 8);
        await killSequencers();
        await runs;
      }
      const published = await publishedCheckpoint(t.admin);
      const checkpoint = readCheckpoint(published?.note ?? "");
      if (checkpoint) seen.push({ size: checkpoint.size, root: hex(checkpoint.root) });
    }
    // Whose turn, where it stands, what waits, the tile and the edge, and what makes it sure.
    expect(killedAt.size).toBeGreaterThan(4);
    for (let more = true; more; )
      more = await round().then(
        (done) => done?.added !== 0,
        () => true,
      );
    const { entries, root, checkpoint } = await replayed();
    expect(entries.map((entry) => Number(JSON.parse(entry).batch))).toEqual(
      Array.from({ length: entered }, (_, at) => at + 1),
    );
    expect(hex(checkpoint.root)).toBe(root);
    const read = tilesIn(t.db);
    for (const { size: older, root: was } of seen) {
      const proof = await consistencyPath(read, older, checkpoint.size);
      const before = { size: older, root: Uint8Array.fromHex(was) };
      expect(isConsistent(before, checkpoint, proof)).toBe(true);
    }
  }, 60_000);
});

describe("a witness", async () => {
  const { current: key } = await readSigningKeys(generateSigningKey());
  const folder = mkdtempSync(join(tmpdir(), "evx-witness-"));
  const settings = () => ({
    name: "witness.test/one",
    key,
    logs: [ports.noteKey],
    folder,
    clock: { now: () => new Date("2026-03-01T00:00:00Z") },
  });
  let answer = createWitness(settings());
  const post = (body: string) =>
    answer(new Request("http://witness/add-checkpoint", { method: "POST", body }));
  const noteKey = noteKeyOf("witness.test/one", "witness", key.publicKey);
  const server = Bun.serve({ port: 0, fetch: (request) => answer(request) });
  afterAll(() => server.stop());

  test("puts its name and time under a checkpoint; the venue keeps it with the checkpoint", async () => {
    const witness = { url: `http://127.0.0.1:${server.port}`, key: noteKey };
    const ask = () => askWitnesses(t.db, t.transact, [witness], (fields) => expect(fields).toEqual({}));
    expect(await ask()).toBe(1);
    const checkpoint = readCheckpoint((await publishedCheckpoint(t.db))?.note ?? "");
    if (!checkpoint) throw new Error("no checkpoint");
    expect(await signedAt(checkpoint, noteKey)).toBe(Date.parse("2026-03-01T00:00:00Z") / 1000);
    const size = checkpoint.size;
    await enter(size + 1, 300);
    await round();
    expect(await ask()).toBe(1);
  });

  test("after a start it still knows what it signed: another size is 409 with its own, a fork is refused", async () => {
    answer = createWitness(settings());
    const published = await publishedCheckpoint(t.db);
    const size = published?.size ?? 0;
    const again = await post(`old 0\n\n${published?.note}`);
    expect([again.status, await again.text()]).toEqual([409, `${size}\n`]);
    const fork = await signCheckpoint(ports.origin, ports.key, { size, root: new Uint8Array(32) });
    expect((await post(`old ${size}\n\n${fork}`)).status).toBe(409);
    expect((await post(`old ${size}\n\n${published?.note}`)).status).toBe(200);
  });

  test("a proof that does not lead is 422, another log 404, another's signature 403, what is no request 400", async () => {
    const published = await publishedCheckpoint(t.db);
    const size = published?.size ?? 0;
    const future = await signCheckpoint(ports.origin, ports.key, {
      size: size + 9,
      root: new Uint8Array(32),
    });
    const proof = base64(new Uint8Array(32));
    expect((await post(`old ${size}\n${proof}\n\n${future}`)).status).toBe(422);
    const other = await testLog("other.test/log");
    const foreign = await signCheckpoint(other.origin, other.key, { size: 1, root: new Uint8Array(32) });
    expect((await post(`old 0\n\n${foreign}`)).status).toBe(404);
    const forged = await signCheckpoint(ports.origin, other.key, { size: 1, root: new Uint8Array(32) });
    expect((await post(`old 0\n\n${forged}`)).status).toBe(403);
    // Without a length, and without an end.
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(120)),
    });
    expect(
      (await answer(new Request("http://witness/add-checkpoint", { method: "POST", body: endless }))).status,
    ).toBe(413);
    for (const wrong of ["", "old x\n\n", `old 1\nnot base64\n\n${published?.note}`, "x".repeat(15_000)])
      expect((await post(wrong)).status).toBe(400);
    expect((await post("x".repeat(30_000))).status).toBe(413);
  });

  test("one that answers without end, too slowly, or sends the venue elsewhere is told to the log, and takes nothing from it", async () => {
    const million = new Uint8Array(1_000_000);
    const hostile: Record<string, () => Response> = {
      endless: () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(million) })),
      slow: () =>
        new Response(
          new ReadableStream({
            pull: async (controller) => {
              await Bun.sleep(500);
              controller.enqueue(Uint8Array.of(120));
            },
          }),
        ),
      elsewhere: () => Response.redirect("http://127.0.0.1:1/add-checkpoint", 307),
    };
    const liar = Bun.serve({
      port: 0,
      fetch: (request) => hostile[new URL(request.url).pathname.split("/")[1] ?? ""]?.() ?? new Response(""),
    });
    const said: string[] = [];
    const before = process.memoryUsage().rss;
    await enter(100_000, 1);
    await round();
    for (const name of Object.keys(hostile)) {
      const witness = { url: `http://127.0.0.1:${liar.port}/${name}`, key: noteKey };
      const begun = performance.now();
      const asked = await askWitnesses(t.db, t.transact, [witness], (fields) => {
        const { refused, error } = fields as { refused?: string; error?: Error };
        said.push(refused ?? error?.name ?? "");
      });
      expect([name, asked]).toEqual([name, 0]);
      expect(performance.now() - begun).toBeLessThan(6_000);
    }
    expect(said).toEqual(["answers more than 10000 bytes", "TimeoutError", "307: "]);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    await liar.stop(true);
  });
});
