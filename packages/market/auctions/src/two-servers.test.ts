import { afterAll, beforeAll, expect, test } from "bun:test";
import { createDb, createPool, type Db } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { newId, textFromMinor } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { auctionOrderRows } from "@evx/orders";
import { wholeBidLog } from "./bid-log.ts";
import { placeBid } from "./bids.ts";
import { replay } from "./chain.ts";
import { closeAuction } from "./closing.ts";
import { auctionRow, bidRows } from "./queries/auctions.ts";
import { anAuction, letEnd, marketJobs } from "./testing.ts";

let t: TestDatabase;
let servers: Db[];
let close: () => Promise<void>;
beforeAll(async () => {
  t = await testDatabase({ max: 8 });
  const pools = ["one", "two"].map((name) => createPool(t.url, { max: 12, name, onError: () => {} }));
  servers = pools.map(createDb);
  close = async () => {
    for (const pool of pools) await pool.end();
  };
});
afterAll(async () => {
  await close();
  await t.close();
});

const BIDDERS = 500;

test("500 bidders over two servers, each bid sent again to the other: the log alone proves the same winner and price", async () => {
  const listing = await anAuction(t, { pricePerCredit: "1.00" });
  const bids = Array.from({ length: BIDDERS }, (_, n) => ({
    who: newId("user"),
    id: newId("bid"),
    amount: textFromMinor(100n + BigInt((n * 7_919) % 9_973), "USD"),
    first: n % 2,
  }));
  const send = (server: number, { who, id, amount }: (typeof bids)[number]) =>
    refusalCode(
      placeBid(
        { db: servers[server] as Db, transact: t.transact },
        { id: who },
        {
          id,
          listingId: listing.id,
          bidAmount: amount,
          currency: "USD",
          holdDays: 0,
          at: t.clock.now(),
          cause: "test",
        },
      ),
    );
  // A client that heard nothing sends the same to whichever server answers.
  const outcomes = await Promise.all(bids.flatMap((bid) => [send(bid.first, bid), send(1 - bid.first, bid)]));
  expect(new Set(outcomes).difference(new Set(["none", "bid_too_low"]))).toEqual(new Set());

  const rows = await bidRows(t.db, listing.id, { afterSeq: 0n, limit: 1_000 });
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  const [highest] = rows.map(({ max_minor }) => max_minor).toSorted((a, b) => Number(b - a));
  const winner = rows.find(({ max_minor }) => max_minor === highest);

  await letEnd(t, listing.id);
  await t.transact((tx) => closeAuction(tx, listing.id));
  await drain(t, marketJobs);
  const [order] = await auctionOrderRows(t.db, listing.id);
  const auction = await auctionRow(t.db, listing.id);
  expect({ winner: winner?.bidder_id }).toEqual({ winner: order?.buyer_id });
  const proof = await replay(await wholeBidLog(t.db, listing.id));
  expect(proof).toMatchObject({
    valid: true,
    sold: true,
    price: textFromMinor(order?.price_minor ?? 0n, "USD"),
    winner: auction?.leader_mask,
  });
  await expectBooksBalance(t.db);
}, 60_000);
