import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import { moveHistory } from "./history.ts";
import { lots } from "./lots.ts";
import { retirements } from "./retirements.ts";
import { givenCredits, givenListed, givenSold } from "./testing.ts";
import { transferCredits, walletOf } from "./wallets.ts";

// One connection: what it has read is counted by the database under the names of the tables.
const t = await testDatabase({ max: 1 });
afterAll(() => t.close());

/** Pages of tables and indices that some work reads, by the database's own count. */
const pagesRead = async (work: () => Promise<unknown>): Promise<number> => {
  const count = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(t.db);
    const { rows } = await sql<{ pages: number }>`
      select sum(coalesce(heap_blks_hit, 0) + coalesce(heap_blks_read, 0) + coalesce(idx_blks_hit, 0)
        + coalesce(idx_blks_read, 0))::int as pages
      from pg_statio_user_tables where schemaname in ('ledger', 'credits', 'identity')`.execute(t.db);
    return rows[0]?.pages ?? 0;
  };
  const before = await count();
  await work();
  return (await count()) - before;
};

test("the wallet page reads as little after 1,500 transfers, sales and listings as after 200", async () => {
  const [anna, binh] = [await aUser(t), await aUser(t)];
  await t.transact((tx) => givenCredits(tx, anna.id, 1_000_000n));
  const trade = (rounds: number) =>
    t.transact(async (tx) => {
      for (let round = 0; round < rounds; round++) {
        Object.assign(tx, { at: new Date(tx.at.getTime() + 1_000) });
        await transferCredits(tx, anna, { id: newId("transfer"), toUserId: binh.id, amount: 2n });
        await transferCredits(tx, binh, { id: newId("transfer"), toUserId: anna.id, amount: 1n });
        const listingId = await givenListed(tx, anna.id, 3n);
        await givenSold(tx, { listingId, sellerId: anna.id, buyerId: binh.id, grams: 3n });
      }
    });
  const page = async () => {
    await sql`vacuum analyze ledger.account, ledger.transfer, ledger.entry, ledger.block, ledger.block_move`.execute(
      t.admin,
    );
    const read = async () => {
      await walletOf(t.db, anna.id);
      expect((await moveHistory(t.db, { userId: anna.id, limit: 25 })).items).toHaveLength(25);
      await lots(t.db, { userId: anna.id, limit: 25 });
      await retirements(t.db, { holderId: anna.id, limit: 25 });
    };
    await read();
    return pagesRead(read);
  };
  // While a table fits onto one page reading it whole is cheapest; the question is what a large book costs.
  await sql`set enable_seqscan = off`.execute(t.db);
  await trade(50);
  const few = await page();
  t.clock.advance(3_600_000);
  await trade(325);
  const many = await page();
  expect(few).toBeGreaterThan(50);
  expect(many).toBeLessThan(few * 2);
  await expectBooksBalance(t.db);
}, 60_000);
