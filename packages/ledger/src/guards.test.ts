import { afterAll, describe, expect, test } from "bun:test";
import { type Db, sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import pg from "pg";
import { wallet } from "./accounts.ts";
import { auditBooks } from "./audit.ts";
import { post } from "./post.ts";
import { balanceOf, timelineOf } from "./read.ts";
import { expectBooksBalance, givenGrams } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

const legs = (from: Id<"user">, to: Id<"user">, amount: bigint) => [
  { account: wallet(from), amount: -amount },
  { account: wallet(to), amount },
];

/** The rules that the audit finds broken once someone with all rights has done this; then it is undone. */
const rulesBrokenBy = async (admin: Db, statement: ReturnType<typeof sql>): Promise<string[]> => {
  const found = new Set<string>();
  await admin
    .transaction()
    .execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx);
      await statement.execute(trx);
      const whole = await auditBooks(trx);
      // Walked one key at a time, the book shows the same.
      expect(await auditBooks(trx, { spanSize: 1 })).toEqual(whole);
      for (const { rule } of whole) found.add(rule);
      throw new Error("undo");
    })
    .catch((error: Error) => expect(error.message).toBe("undo"));
  return [...found].sort();
};

describe("the book's own guards", () => {
  test("the application's role can change no row by itself", async () => {
    for (const table of ["account", "transfer", "entry", "hold", "hold_end", "block", "block_move"]) {
      for (const statement of [`delete from ledger.${table}`, `insert into ledger.${table} default values`]) {
        await expect(sql.raw(statement).execute(t.db)).rejects.toThrow("permission denied");
      }
    }
    await expect(sql`update ledger.account set balance = 1`.execute(t.db)).rejects.toThrow(
      "permission denied",
    );
    await expect(sql`update ledger.entry set amount = 1`.execute(t.db)).rejects.toThrow("permission denied");
    await expect(sql`select ledger.open_account('USD/cash/x', null, now())`.execute(t.db)).rejects.toThrow(
      "permission denied",
    );
  });

  test("entries, transfers, holds and moves cannot be amended or removed even by their owner", async () => {
    for (const table of ["transfer", "entry", "hold", "hold_end", "block_move"]) {
      await expect(sql.raw(`delete from ledger.${table}`).execute(t.admin)).rejects.toThrow("append-only");
    }
    for (const table of ["account", "block"]) {
      await expect(sql.raw(`delete from ledger.${table}`).execute(t.admin)).rejects.toThrow("append-only");
    }
    await expect(sql`update ledger.entry set amount = amount`.execute(t.admin)).rejects.toThrow(
      "append-only",
    );
    await expect(sql`truncate ledger.transfer`.execute(t.admin)).rejects.toThrow("append-only");
  });

  test("an unbalanced transfer cannot be committed, whoever writes it", async () => {
    const anna = newId("user");
    await t.transact((tx) => givenGrams(tx, anna, 10n));
    const unbalanced = [
      // Money from nothing.
      sql`select ledger.post(${newId("transfer")}, 'correction', now(), array['USD/clearing/x', 'USD/loss'],
        array[-5, 6]::int8[], array[null, null]::text[], null, null, null)`,
      // Two assets that only sum to zero together.
      sql`select ledger.post(${newId("transfer")}, 'correction', now(), array['EUR/clearing/x', 'USD/loss'],
        array[-5, 5]::int8[], array[null, null]::text[], null, null, null)`,
      // A transfer without entries.
      sql`insert into ledger.transfer (id, kind, digest, at) values (${newId("transfer")}, 'correction', '', now())`,
    ];
    for (const statement of unbalanced) {
      await expect(statement.execute(t.admin)).rejects.toThrow("does not balance");
    }
    await expectBooksBalance(t.db);
  });

  test("an entry or a move cannot join a transfer of an earlier transaction", async () => {
    const [anna, binh, id] = [newId("user"), newId("user"), newId("transfer")];
    const batchId = await t.transact((tx) => givenGrams(tx, anna, 10n));
    await t.transact((tx) => post(tx, { id, kind: "transfer", legs: legs(anna, binh, 4n) }));
    await expect(
      sql`insert into ledger.entry (account_id, version, transfer_id, leg, amount, before, after, at)
        values (${wallet(anna)}, 99, ${id}, 3, 1, 0, 1, now())`.execute(t.admin),
    ).rejects.toThrow("closed");
    await expect(
      sql`insert into ledger.block_move values (${id}, ${batchId}, 9, 10, ${wallet(anna)}, 1, ${wallet(binh)})`.execute(
        t.admin,
      ),
    ).rejects.toThrow("closed");
  });

  test("blocks can neither overlap nor leave a gap", async () => {
    const anna = newId("user");
    const batchId = await t.transact((tx) => givenGrams(tx, anna, 10n));
    const put = (lo: number, hi: number) =>
      sql`insert into ledger.block (batch_id, lo, hi, account_id, seq) values (${batchId}, ${lo}, ${hi}, ${wallet(anna)}, 1)`.execute(
        t.admin,
      );
    await expect(put(1, 5)).rejects.toThrow("block_pkey");
    await expect(put(5, 8)).rejects.toThrow("foreign key");
    await expect(put(5, 11)).rejects.toThrow("block_successor");
    await expect(
      sql`update ledger.block set hi = 5 where batch_id = ${batchId} and lo = 1`.execute(t.admin),
    ).rejects.toThrow("foreign key");
  });

  test("the audit names what someone with all rights has tampered with, and is silent before", async () => {
    const u = await testDatabase();
    try {
      const anna = newId("user");
      const batchId = await u.transact((tx) => givenGrams(tx, anna, 10n));
      await u.transact((tx) =>
        post(tx, { id: newId("transfer"), kind: "transfer", legs: legs(anna, newId("user"), 4n) }),
      );
      expect(await auditBooks(u.db)).toEqual([]);
      const tampered = (statement: ReturnType<typeof sql>) => rulesBrokenBy(u.admin, statement);
      expect(
        await tampered(sql`update ledger.account set balance = balance + 1 where id = ${wallet(anna)}`),
      ).toEqual([
        "a credit account is the sum of its blocks",
        "an account is the sum of its entries",
        "an asset sums to zero",
      ]);
      expect(
        await tampered(sql`update ledger.account set held = held + 1 where id = ${wallet(anna)}`),
      ).toEqual(["an account holds back what its open holds say"]);
      expect(
        await tampered(sql`update ledger.account set min_balance = -1000000 where id = ${wallet(anna)}`),
      ).toEqual(["an account has the floor of its kind"]);
      expect(
        await tampered(sql`update ledger.entry set holder = 'usr_thief' where account_id = ${wallet(anna)}`),
      ).toEqual(["an entry is of its account's holder"]);
      expect(
        await tampered(sql`update ledger.transfer set at = at - interval '9 days' where kind = 'transfer'`),
      ).toEqual(["an entry is of its transfer's moment"]);
      await expect(sql`update ledger.account_kind set min_balance = null`.execute(u.admin)).rejects.toThrow(
        "account_kind_floor",
      );
      expect(
        await tampered(sql`update ledger.entry set amount = amount + 1, after = after + 1 where leg = 1`),
      ).toContain("a transfer sums to zero per asset");
      expect(
        await tampered(
          sql`update ledger.block set account_id = ${wallet(anna)} where batch_id = ${batchId} and hi is not null`,
        ),
      ).toEqual([
        "a block has not left its account since it came in",
        "a credit account is the sum of its blocks",
      ]);
      expect(
        await tampered(
          sql`update ledger.block set seq = 7 where batch_id = ${batchId} and lo = 1 and hi is not null`,
        ),
      ).toEqual(["a block came in by the entry that it names"]);
      expect(await tampered(sql`update ledger.block_move set from_seq = 7 where from_seq = 1`)).toContain(
        "grams move from where they were",
      );
      expect(await tampered(sql`delete from ledger.block where lo = 1`)).toContain(
        "blocks follow each other without gap or overlap",
      );
      expect(await tampered(sql`delete from ledger.block_move where lo = 1 and hi = 5`)).toContain(
        "a transfer of credits equals its moves",
      );
      expect(await tampered(sql`delete from ledger.transfer`)).toContain("every entry belongs to a transfer");
      await expect(
        u.admin.transaction().execute(async (trx) => {
          await sql`set local session_replication_role = replica`.execute(trx);
          await sql`update ledger.account set balance = balance + 1 where id = ${wallet(anna)}`.execute(trx);
          await expectBooksBalance(trx);
        }),
      ).rejects.toThrow("an asset sums to zero");
      expect(await auditBooks(u.db)).toEqual([]);
    } finally {
      await u.close();
    }
  });
});

describe("a transfer killed half-way", () => {
  test("leaves nothing behind, and its retry goes through", async () => {
    const [anna, binh, id] = [newId("user"), newId("user"), newId("transfer")];
    await t.transact((tx) => givenGrams(tx, anna, 10n));
    const client = new pg.Client({ connectionString: t.url });
    client.on("error", () => {});
    await client.connect();
    const pid = (await client.query("select pg_backend_pid() as pid")).rows[0].pid;
    await client.query("begin");
    const accounts = [wallet(anna), wallet(binh)].sort();
    const amounts = accounts.map((account) => (account === wallet(anna) ? -4 : 4));
    await client.query(
      "select ledger.post($1, 'transfer', $2, $3, $4, array[null, null]::text[], null, '{}', null)",
      [id, t.clock.now(), accounts, amounts],
    );
    // Another one waits for the same id while the first is alive.
    const retry = t.transact((tx) => post(tx, { id, kind: "transfer", legs: legs(anna, binh, 4n) }));
    await Bun.sleep(50);
    expect(await sql`select pg_terminate_backend(${pid}::int)`.execute(t.admin)).toBeDefined();
    expect(await retry).toEqual({ replayed: false });
    expect((await balanceOf(t.db, wallet(binh))).balance).toBe(4n);
    await client.end().catch(() => {});
    await expectBooksBalance(t.db);
  });
});

describe("timelineOf", () => {
  test("tells a gram's whole life and only its own", async () => {
    const [anna, binh, chi] = [newId("user"), newId("user"), newId("user")];
    const batchId = await t.transact((tx) => givenGrams(tx, anna, 10n));
    const steps = [newId("transfer"), newId("transfer"), newId("transfer")] as const;
    await t.transact((tx) => post(tx, { id: steps[0], kind: "transfer", legs: legs(anna, binh, 6n) }));
    await t.transact((tx) => post(tx, { id: steps[1], kind: "transfer", legs: legs(binh, chi, 2n) }));
    await t.transact((tx) => post(tx, { id: steps[2], kind: "transfer", legs: legs(chi, anna, 2n) }));
    const second = await timelineOf(t.db, batchId, 2n);
    expect(second?.account).toBe(wallet(anna));
    expect(second?.events.map((event) => [event.kind, event.from, event.to])).toEqual([
      ["issue", "gCO2e/issued" as never, wallet(anna)],
      ["transfer", wallet(anna), wallet(binh)],
      ["transfer", wallet(binh), wallet(chi)],
      ["transfer", wallet(chi), wallet(anna)],
    ]);
    expect((await timelineOf(t.db, batchId, 3n))?.events.map((event) => event.transferId)).toEqual([
      expect.any(String),
      steps[0],
    ]);
    expect((await timelineOf(t.db, batchId, 10n))?.events).toHaveLength(1);
    expect(await timelineOf(t.db, batchId, 11n)).toBeNull();
    expect(await timelineOf(t.db, newId("batch"), 1n)).toBeNull();
  });
});
