import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { type Currency, type Id, newId } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import { createListing } from "@evx/listings";
import { givenBatch, noAuctions } from "@evx/listings/testing";
import { orderLimits } from "@evx/orders";
import { aBuyer } from "@evx/orders/testing";
import type { Actor } from "@evx/rpc";
import { setRule } from "@evx/rules";
import { matchOnce } from "./matching.ts";
import { wantedRules } from "./policy.ts";
import { cancelWanted, placeWanted } from "./wanted.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 24 });
});
afterAll(() => t.close());

type Side = { who: string; price: number; left: number; name: number };
type Trade = { buyer: string; price: number; size: number };
type Step = { does: "ask" | "bid" | "cancel"; who: number; price: number; size: number };

/** The market in ten lines: the best price first, ties by age, at the asked price. */
const modelOf = () => {
  const [asks, bids, trades]: [Side[], Side[], Trade[]] = [[], [], []];
  const meet = (ask: Side, bid: Side) => {
    const size = ask.price <= bid.price ? Math.min(ask.left, bid.left) : 0;
    if (size > 0) trades.push({ buyer: bid.who, price: ask.price, size });
    [ask.left, bid.left] = [ask.left - size, bid.left - size];
  };
  const cheapest = () => asks.toSorted((a, b) => a.price - b.price || a.name - b.name);
  const highest = () => bids.toSorted((a, b) => b.price - a.price || a.name - b.name);
  const ask = (side: Side) => [asks.push(side), highest().map((bid) => meet(side, bid))];
  const bid = (side: Side) => [bids.push(side), cheapest().map((one) => meet(one, side))];
  return { ask, bid, bids, trades };
};

/** Random numbers that a seed repeats (mulberry32). */
const randomOf = (start: number) => {
  let seed = start;
  return () => {
    seed += 0x6d2b79f5;
    let n = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    n = (n + Math.imul(n ^ (n >>> 7), 61 | n)) ^ n;
    return ((n ^ (n >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const stepsOf = (seed: number): Step[] => {
  const random = randomOf(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  return Array.from({ length: 3 + upTo(3) }, () => ({
    does: (["ask", "ask", "bid", "bid", "bid", "cancel"] as const)[upTo(6)] ?? "ask",
    who: upTo(3),
    price: 10 + upTo(5),
    size: 1 + upTo(8),
  }));
};

const STEP_G = 100_000n;
/** Two hundred of them in the suite; `SEQUENCES=1000 bun test matching` for all that the room was tried with. */
const SEQUENCES = Number(process.env.SEQUENCES ?? 200);
const AT_ONCE = 9;
/** Each has a book of its own, which is what takes turns. */
const venues: readonly Currency[] = ["USD", "EUR", "NZD"];

/** Plays steps in a market of their own: credits of a method that only they sell and want. */
const play = async (seed: number, seller: Pick<Actor, "id">, buyers: readonly Actor<"buyer">[]) => {
  const method = `m${seed}`;
  const currency = venues[seed % venues.length] as Currency;
  await givenBatch(t, seller.id, 100n * STEP_G, { method });
  const model = modelOf();
  const placed: Id<"wanted">[] = [];
  for (const [name, { does, who, price, size }] of stepsOf(seed).entries()) {
    const buyer = buyers[who] as Actor<"buyer">;
    // Age decides between equals, so no two are of the same moment.
    t.clock.advance(1);
    if (does === "ask") {
      const id = newId("listing");
      await t.transact((tx) =>
        createListing(tx, noAuctions, seller, {
          id,
          currency,
          creditsAmount: BigInt(size) * STEP_G,
          pricePerCredit: `${price}.00`,
          listingType: "fixed",
        }),
      );
      while (await t.transact((tx) => matchOnce(tx, id)));
      model.ask({ who: seller.id, price, left: size, name });
    } else if (does === "bid") {
      const id = newId("wanted");
      placed.push(id);
      await t.transact((tx) =>
        placeWanted(tx, buyer, {
          id,
          creditsAmount: BigInt(size) * STEP_G,
          maxPrice: `${price}.00`,
          method,
          currency,
          holdDays: 0,
        }),
      );
      model.bid({ who: buyer.id, price, left: size, name });
    } else if (model.bids.at(-1)?.left) {
      const last = model.bids.at(-1) as Side;
      const [owner, id] = [last.who as Id<"user">, placed.at(-1) as Id<"wanted">];
      await t.transact((tx) => cancelWanted(tx, { id: owner }, id));
      last.left = 0;
    }
  }
  return { method, trades: model.trades };
};

const keyOf = ({ buyer, price, size }: Trade) => `${buyer} ${price} ${size}`;

/** The orders that came of it, single ones and lines alike; lines of one sweep at one price are several. */
const tradesOf = async (seller: Id<"user">): Promise<Trade[]> => {
  const rows = await t.db
    .selectFrom("marketplace.order")
    .select(["buyer_id", "price_minor", "amount_g"])
    .where("seller_id", "=", seller)
    .execute();
  return rows.map((row) => ({
    buyer: row.buyer_id,
    price: Number(row.price_minor) / 100,
    size: Number(row.amount_g / STEP_G),
  }));
};

test("random sequences of asks, bids and cancellations sell what a ten-line model sells, to whom and for what", async () => {
  await t.transact(async (tx) => {
    const more = { reason: "test", setBy: null };
    await setRule(tx, orderLimits, {
      value: { ...orderLimits.initial, openOrdersPerBuyer: 1_000_000 },
      ...more,
    });
    await setRule(tx, wantedRules, { value: { ...wantedRules.initial, openPerBuyer: 1_000_000 }, ...more });
  });
  t.clock.advance(1);
  let trades = 0;
  const lane = async (from: number) => {
    const buyers = await Promise.all([aBuyer(t), aBuyer(t), aBuyer(t)]);
    for (let seed = from; seed < SEQUENCES; seed += AT_ONCE) {
      const seller = await aUser(t, { role: "ev_owner" });
      const { trades: expected } = await play(seed, seller, buyers);
      expect({ seed, trades: (await tradesOf(seller.id)).map(keyOf).sort() }).toEqual({
        seed,
        trades: expected.map(keyOf).sort(),
      });
      trades += expected.length;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, from) => lane(from)));
  expect(trades).toBeGreaterThan(SEQUENCES / 3);
  await expectBooksBalance(t.db);
}, 900_000);
