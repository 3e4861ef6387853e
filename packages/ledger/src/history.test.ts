import { afterAll, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { wallet } from "./accounts.ts";
import { post } from "./post.ts";
import { entryQuery } from "./queries/entries.ts";
import { entriesOf } from "./read.ts";
import { expectBooksBalance, givenGrams } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

type Plan = { "Shared Hit Blocks": number; "Shared Read Blocks": number };

test("a page of history reads as little after 1,500 transfers as after 60", async () => {
  const [anna, binh] = [newId("user"), newId("user")];
  await t.transact((tx) => givenGrams(tx, anna, 1_000_000n));
  const give = (count: number) =>
    t.transact(async (tx) => {
      for (let n = 0; n < count; n++) {
        const legs = [
          { account: wallet(anna), amount: -1n },
          { account: wallet(binh), amount: 1n },
        ];
        await post(tx, { id: newId("transfer"), kind: "transfer", legs });
      }
    });
  const blocksRead = async (): Promise<number> => {
    await sql`vacuum analyze ledger.entry, ledger.transfer`.execute(t.admin);
    const query = entryQuery(t.admin, { holder: anna }, 50, null);
    const [answer] = await query.explain<Record<"QUERY PLAN", { Plan: Plan }[]>>(
      "json",
      sql`analyze, buffers`,
    );
    const plan = answer?.["QUERY PLAN"][0]?.Plan as Plan;
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
  };
  await give(60);
  const before = await blocksRead();
  t.clock.advance(1_000);
  await give(1_440);
  const after = await blocksRead();
  expect(before).toBeGreaterThan(0);
  expect(after).toBeLessThan(Math.max(before * 3, 200));
  const ownWallet = { holder: anna, asset: "gCO2e" as const, accountKinds: ["wallet" as const] };
  expect((await entriesOf(t.db, ownWallet, { limit: 25 })).items).toHaveLength(25);
  // The only one of its kind lies behind 1,500 others: found, however far the page has to reach for it.
  const issued = await entriesOf(t.db, { ...ownWallet, kinds: ["issue"] }, { limit: 25 });
  expect(issued.items.map(({ amount }) => amount)).toEqual([1_000_000n]);
  expect(issued.nextCursor).toBeNull();
  await expectBooksBalance(t.db);
}, 60_000);
