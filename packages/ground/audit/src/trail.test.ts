import { afterAll, describe, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { cursorOf, type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { audit, auditTrail, verifyAudit } from "./trail.ts";

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());

const anActor = () => ({ id: newId("user"), role: "buyer" as const });
/** Whoever reads the trail has names for some of the ids. */
const named = (...known: [Id<"user">, string][]) => ({ displayNames: async () => new Map(known) });

const trail = async (rows: number) => {
  const actors = Array.from({ length: 5 }, anActor);
  await Promise.all(
    Array.from({ length: rows }, (_, index) =>
      t.transact((tx) =>
        audit(tx, actors[index % 5] ?? null, "test.act", `obj_${index}`, {
          before: { note: 'quote " and \u2028 and Tiếng Việt', n: index },
          after: { nested: { list: [1, 2, null] } },
          origin: "203.0.113.5",
        }),
      ),
    ),
  );
  return actors;
};

/** Does to the table what only its owner could, behind the guard. */
const tamper = (statement: string) =>
  t.admin.transaction().execute(async (tx) => {
    await sql.raw("set local session_replication_role = replica").execute(tx);
    await sql.raw(statement).execute(tx);
  });

describe("the audit trail", () => {
  test("written by many at once, it is whole", async () => {
    await trail(60);
    await t.transact((tx) => audit(tx, null, "venue.act", "obj_system"));
    const verdict = await verifyAudit(t.db);
    expect(verdict.broken).toEqual([]);
    expect(verdict.rows).toBe(61n);
    expect(verdict.heads.length).toBeGreaterThan(1);
  });

  test("lines are found by request and by how much they ask of a watcher, which rows and lines agree on", async () => {
    const actor = anActor();
    const acts = ["rule.set", "user.sign_in", "api_key.create", "apixkey.create", "user.sign_in_failed"];
    await t.transact(
      async (tx) => {
        for (const act of acts) await audit(tx, actor, act, "obj_level");
      },
      { cause: "request-levels" },
    );
    const found = async (level?: "notice" | "security" | "alarm") => {
      const filter = { requestId: "request-levels", limit: 10, ...(level ? { level } : {}) };
      const { items } = await auditTrail(t.db, named(), filter);
      if (level) expect(items.every((one) => one.level === level)).toBe(true);
      return items.map(({ action }) => action).toSorted();
    };
    expect(await found()).toEqual(acts.toSorted());
    expect(await found("notice")).toEqual(["apixkey.create", "rule.set"]);
    expect(await found("security")).toEqual(["api_key.create", "user.sign_in"]);
    expect(await found("alarm")).toEqual(["user.sign_in_failed"]);
  });

  test("a line says from where without being told, since the transaction knows", async () => {
    const actor = anActor();
    const cause = { cause: "request-1", origin: "203.0.113.9" };
    await t.transact((tx) => audit(tx, actor, "test.origin", "obj_origin"), cause);
    await t.transact(
      (tx) => audit(tx, actor, "test.origin", "obj_origin", { origin: "198.51.100.1" }),
      cause,
    );
    const { items } = await auditTrail(t.db, named(), { action: "test.origin", limit: 10 });
    expect(items.map(({ origin }) => origin).toSorted()).toEqual(["198.51.100.1", "203.0.113.9"]);
    expect(items[0]?.requestId).toBe("request-1");
  });

  test("a transaction that fails leaves no trace and no gap", async () => {
    const [actor] = await trail(2);
    await t
      .transact(async (tx) => {
        await audit(tx, actor ?? null, "test.undone", "obj_undone");
        throw new Error("undone");
      })
      .catch(() => {});
    expect((await verifyAudit(t.db)).broken).toEqual([]);
    expect((await auditTrail(t.db, named(), { action: "test.undone", limit: 10 })).items).toEqual([]);
  });

  test("the application's role can neither change, delete nor write around the chain; the owner is stopped as well", async () => {
    await trail(1);
    for (const statement of [
      "update identity.audit set action = 'x'",
      "delete from identity.audit",
      "truncate identity.audit",
      "insert into identity.audit select * from identity.audit",
    ])
      await expect(sql.raw(statement).execute(t.db)).rejects.toThrow(/permission denied/);
    await expect(sql`update identity.audit set action = 'x'`.execute(t.admin)).rejects.toThrow(/append-only/);
  });

  for (const [what, statement] of [
    ["changed", "update identity.audit set action = 'test.innocent' where (chain, seq) = ($1)"],
    [
      "moved in time",
      "update identity.audit set at = at - interval '1 microsecond' where (chain, seq) = ($1)",
    ],
    ["given another actor", "update identity.audit set actor_id = null where (chain, seq) = ($1)"],
    ["given other details", "update identity.audit set after = '{}' where (chain, seq) = ($1)"],
    ["taken out", "delete from identity.audit where (chain, seq) = ($1)"],
    [
      "changed with its own hash made to fit",
      "update identity.audit a set action = 'x', hash = identity.audit_hash((a.chain, a.seq, a.id, a.at, a.actor_id, a.actor_role, 'x', a.object, a.before, a.after, a.origin, a.cause, a.prev, null)::identity.audit) where (chain, seq) = ($1)",
    ],
  ] as const) {
    test(`a row that was ${what} behind our back is found and named`, async () => {
      const own = await testDatabase();
      try {
        const actor = anActor();
        for (let n = 0; n < 5; n++) await own.transact((tx) => audit(tx, actor, "test.act", `obj_${n}`));
        const before = await verifyAudit(own.db);
        expect(before.broken).toEqual([]);
        const chain = before.heads[0]?.chain ?? 0;
        await own.admin.transaction().execute(async (tx) => {
          await sql.raw("set local session_replication_role = replica").execute(tx);
          await sql.raw(statement.replace("$1", `${chain}, 3`)).execute(tx);
        });
        const after = await verifyAudit(own.db);
        expect(after.broken.length).toBeGreaterThan(0);
        expect(after.broken[0]).toMatchObject({ chain });
        expect(Number(after.broken[0]?.seq)).toBeWithin(3, 5);
      } finally {
        await own.close();
      }
    });
  }

  test("rows cut off at the end are found by a head that was written down before", async () => {
    await trail(10);
    const { heads } = await verifyAudit(t.db);
    const [head] = heads;
    await tamper(`delete from identity.audit where chain = ${head?.chain} and seq = ${head?.seq}`);
    expect((await verifyAudit(t.db)).broken).toEqual([]);
    const verdict = await verifyAudit(t.db, heads);
    expect(verdict.broken).toEqual([
      { chain: head?.chain as number, seq: head?.seq as bigint, fault: "missing" },
    ]);
  });

  test("is read newest first, page by page, by actor, object and action", async () => {
    const own = await testDatabase();
    try {
      const [one, two] = [anActor(), anActor()];
      for (let n = 0; n < 7; n++) {
        await own.transact(async (tx) => {
          // Lines bear the database's own time, to the millisecond: each is to have another.
          await sql`select pg_sleep(0.005)`.execute(tx);
          await audit(tx, n % 2 ? one : two, "test.page", "obj_page", { after: { n } });
        });
        await sql`select pg_sleep(0.005)`.execute(own.db);
      }
      const seen: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await auditTrail(own.db, named([one.id, "Hoa"]), {
          object: "obj_page",
          limit: 3,
          cursor,
        });
        seen.push(...page.items.map((item) => (item.after as { n: number }).n));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0]);
      const ofOne = await auditTrail(own.db, named([one.id, "Hoa"]), { actorId: one.id, limit: 10 });
      expect(ofOne.items.map((item) => item.actorId)).toEqual([one.id, one.id, one.id]);
      expect(ofOne.items[0]?.actorName).toBe("Hoa");
      const ofTwo = await auditTrail(own.db, named([one.id, "Hoa"]), { actorId: two.id, limit: 1 });
      expect(ofTwo.items[0]?.actorName).toBeNull();
      expect(
        await refusalCode(auditTrail(own.db, named(), { limit: 3, cursor: cursorOf(["now", one.id]) })),
      ).toBe("cursor_unknown");
    } finally {
      await own.close();
    }
  });
});
