import { afterAll, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { wallet } from "./accounts.ts";
import { auditBooks } from "./audit.ts";
import { post } from "./post.ts";
import { ruleQuery, spanEnd, type Walk } from "./queries/audit.ts";
import { expectBooksBalance, givenGrams } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

type Plan = { "Shared Hit Blocks": number; "Shared Read Blocks": number };

/** New people who pass on grams of a new batch each: as many accounts, transfers and batches in every part of the book. */
const trade = (count: number) =>
  t.transact(async (tx) => {
    for (let n = 0; n < count; n++) {
      const [anna, binh] = [newId("user"), newId("user")];
      await givenGrams(tx, anna, 10n);
      const legs = [
        { account: wallet(anna), amount: -4n },
        { account: wallet(binh), amount: 4n },
      ];
      await post(tx, { id: newId("transfer"), kind: "transfer", legs });
    }
  });

/** Pages that the rules of a walk read for the first 20 wallets, transfers or batches. */
const pagesRead = async (walk: Walk): Promise<number> => {
  // "gCO2e/issued" has an entry for each batch ever issued: a span that holds it costs that much.
  const after = walk === "account" ? "gCO2e/wallet/" : null;
  const upto = await spanEnd(t.admin, walk, after, 20);
  const rows = await t.admin.transaction().execute(async (trx) => {
    // A book of 300 transfers is read whole, being smaller than its indices; the question is what a large one costs.
    await sql`set local enable_seqscan = off`.execute(trx);
    const query = sql<{ "QUERY PLAN": { Plan: Plan }[] }>`
      explain (analyze, buffers, format json) ${ruleQuery(walk, { after, upto })}`;
    return (await query.execute(trx)).rows;
  });
  const plan = rows[0]?.["QUERY PLAN"][0]?.Plan as Plan;
  return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
};

test("a span of the nightly audit reads as little in a book of 3,000 transfers as in one of 300", async () => {
  const measure = async () => {
    await sql`vacuum analyze ledger.account, ledger.transfer, ledger.entry, ledger.hold, ledger.block, ledger.block_move`.execute(
      t.admin,
    );
    return {
      account: await pagesRead("account"),
      transfer: await pagesRead("transfer"),
      batch: await pagesRead("batch"),
    };
  };
  await trade(150);
  const small = await measure();
  await trade(1_350);
  const large = await measure();
  for (const walk of ["account", "transfer", "batch"] as const) {
    expect(small[walk]).toBeGreaterThan(0);
    expect([walk, large[walk] < small[walk] * 3]).toEqual([walk, true]);
  }
  expect(await auditBooks(t.db, { spanSize: 97 })).toEqual([]);
  await expectBooksBalance(t.db);
}, 60_000);
