/** What a table cannot tell of itself: that its end, or all of it, is gone, or that it was written anew. */

import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { sequencePending } from "@evx/log";
import { testLog } from "@evx/log/testing";
import { type HeadStore, headBucket, headFile, headStore, noteHeads, TrailLost } from "./heads.ts";
import { audit, verifyAudit, verifyNoted } from "./trail.ts";

const folder = await mkdtemp(join(tmpdir(), "evx-heads-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A bucket as it is spoken to over HTTP: put, get, list. */
const bucket = () => {
  const objects = new Map<string, string>();
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const key = decodeURIComponent(pathname.split("/").slice(2).join("/"));
      if (request.method === "PUT") {
        objects.set(key, await request.text());
        return new Response("", { headers: { etag: '"1"' } });
      }
      if (!searchParams.has("list-type")) {
        const found = objects.get(key);
        return new Response(found ?? "<Error><Code>NoSuchKey</Code></Error>", { status: found ? 200 : 404 });
      }
      const after = searchParams.get("start-after") ?? "";
      const keys = [...objects.keys()].sort().filter((name) => name > after);
      const page = keys.slice(0, 2);
      const contents = page.map((name) => `<Contents><Key>${name}</Key><Size>1</Size></Contents>`).join("");
      return new Response(
        `<?xml version="1.0"?><ListBucketResult><IsTruncated>${keys.length > 2}</IsTruncated>${contents}</ListBucketResult>`,
        { headers: { "content-type": "application/xml" } },
      );
    },
  });
  return { objects, server, endpoint: `http://127.0.0.1:${server.port}` };
};
const remote = bucket();
afterAll(() => remote.server.stop(true));

const stores: Record<string, () => HeadStore> = {
  "a file": () => headFile(join(folder, `${crypto.randomUUID()}.jsonl`)),
  "a bucket": () => {
    remote.objects.clear();
    return headBucket("s3://trail/heads", {
      endpoint: remote.endpoint,
      accessKeyId: "id",
      secretAccessKey: "key",
    });
  },
};

const attacks = {
  "a tail that was cut": (chain: number) =>
    `delete from identity.audit where chain = ${chain} and seq = (select max(seq) from identity.audit where chain = ${chain})`,
  "a whole chain that is gone": (chain: number) => `delete from identity.audit where chain = ${chain}`,
  "an emptied table": () => "delete from identity.audit",
  "a chain that was written anew with fresh hashes": (chain: number) => `do $$
    declare
      one identity.audit;
      before bytea := '\\x';
    begin
      for one in select * from identity.audit where chain = ${chain} order by seq loop
        one.action := 'test.innocent';
        one.prev := before;
        one.hash := identity.audit_hash(one);
        before := one.hash;
        delete from identity.audit where chain = one.chain and seq = one.seq;
        insert into identity.audit select one.*;
      end loop;
    end $$`,
};

/** As only its owner could, behind the guard. */
const tamper = (t: TestDatabase, statement: string) =>
  t.admin.transaction().execute(async (tx) => {
    await sql.raw("set local session_replication_role = replica").execute(tx);
    await sql.raw(statement).execute(tx);
  });

let t: TestDatabase;
beforeEach(async () => {
  await t?.close();
  t = await testDatabase();
});
afterAll(() => t.close());

const act = async (times: number, actor = { id: newId("user"), role: "buyer" as const }) => {
  for (let n = 0; n < times; n++) await t.transact((tx) => audit(tx, actor, "test.act", `obj_${n}`));
  return actor;
};
const chainNow = async () => (await verifyAudit(t.db)).heads[0]?.chain ?? 0;

for (const [where, open] of Object.entries(stores))
  describe(`heads noted in ${where} betray`, () => {
    for (const [what, statement] of Object.entries(attacks))
      test(`${what}, which nothing in the table does`, async () => {
        const store = open();
        await act(4);
        expect(await noteHeads(t.db, store, t.clock.now())).toBeGreaterThan(0);
        await act(3);
        t.clock.advance(60_000);
        await noteHeads(t.db, store, t.clock.now());
        expect((await verifyNoted(t.db, { heads: store }, [])).broken).toEqual([]);
        await tamper(t, statement(await chainNow()));
        // Nothing noted: the attack works.
        expect((await verifyAudit(t.db)).broken).toEqual([]);
        const { broken, compared } = await verifyNoted(t.db, { heads: store }, []);
        expect(broken.length).toBeGreaterThan(0);
        expect(compared).toBeGreaterThan(0);
      });
  });

describe("noting", () => {
  test("writes only what is new, and goes on beside what it wrote before", async () => {
    const store = stores["a file"]?.() as HeadStore;
    const actor = await act(1);
    expect(await noteHeads(t.db, store, t.clock.now())).toBe(1);
    expect(await noteHeads(t.db, store, t.clock.now())).toBe(0);
    await act(1, actor);
    expect(await noteHeads(t.db, store, t.clock.now())).toBe(1);
    expect(await store.notes()).toHaveLength(2);
  });

  test("refuses to note a trail that lost lines: what was cut must not become what is compared with", async () => {
    const store = stores["a file"]?.() as HeadStore;
    await act(4);
    await noteHeads(t.db, store, t.clock.now());
    await tamper(t, attacks["a tail that was cut"](await chainNow()));
    await act(1);
    await expect(noteHeads(t.db, store, t.clock.now())).rejects.toThrow(TrailLost);
    expect(await store.notes()).toHaveLength(1);
  });

  test("the books of the public log are compared with as well, with no store at all", async () => {
    await act(4);
    await sql`select verification.note_book('2026-02-28', ${t.clock.now()})`.execute(t.admin);
    const log = await testLog();
    await t.transact((tx) => sequencePending(tx, log));
    expect((await verifyNoted(t.db, { heads: null }, [])).compared).toBeGreaterThan(0);
    await tamper(t, attacks["an emptied table"]());
    expect((await verifyNoted(t.db, { heads: null }, [])).broken.length).toBeGreaterThan(0);
  });

  test("a setting names a file under the data folder, or a bucket", async () => {
    await headStore("kept/heads.jsonl", folder, {}).put("now", '{"at":"now","heads":[]}');
    expect(await Bun.file(join(folder, "kept/heads.jsonl")).text()).toContain('"heads":[]');
    const there = headStore("s3://trail/heads", folder, {
      endpoint: remote.endpoint,
      accessKeyId: "i",
      secretAccessKey: "k",
    });
    await there.put("2026-03-01", '{"at":"now","heads":[]}');
    expect([...remote.objects.keys()]).toContain("heads/2026-03-01.json");
  });
});
