import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { retirementById, revokeBatch, walletOf } from "@evx/credits";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { type Grams, type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash, listingAccount } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { listingRow } from "@evx/listings";
import { listingsJobs } from "@evx/listings/jobs";
import { aListing, aSeller, givenBatch, noAuctions } from "@evx/listings/testing";
import { paymentOfOrder } from "@evx/payments";
import { capturePayment } from "@evx/payments/testing";
import type { Actor } from "@evx/rpc";
import { ordersJobs } from "./jobs.ts";
import { cancelSweep, orderDetail, ordersOf, placeOrder } from "./orders.ts";
import { lineRows, sweepRow } from "./queries/sweeps.ts";
import { makeQuote } from "./quotes.ts";
import { placeSweep } from "./sweeps.ts";
import { aBuyer, noWinners } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 64 });
});
afterAll(() => t.close());

const jobs = [...ordersJobs(noWinners), ...listingsJobs(noAuctions)];

type Ask = Parameters<typeof makeQuote>[2];
const quote = (input: Partial<Ask> & { creditsAmount: Grams }, asker: Pick<Actor, "id"> | null = null) =>
  t.transact((tx) => makeQuote(tx, asker, { currency: "USD", ...input }));
const sweep = (buyer: Pick<Actor, "id">, quoteId: Id<"quote">, id = newId("order")) =>
  t.transact((tx) => placeSweep(tx, buyer, { id, quoteId }));
const pay = async (id: Id<"order">) => {
  await capturePayment(t, (await sweepRow(t.db, id))?.payment_id as Id<"payment">);
  await drain(t, jobs);
};
/** Lots of a country of their own, so that tests do not buy from each other. */
const lots = async (country: string, prices: readonly string[], grams: Grams = 1_000_000n) => {
  const made = [];
  for (const pricePerCredit of prices) {
    const seller = await aSeller(t, grams, { country });
    made.push(await aListing(t, { seller, creditsAmount: grams, pricePerCredit }));
    t.clock.advance(1_000);
  }
  return made;
};

describe("a quote", () => {
  test("for one tier takes no listing that has a gram of it among others'", async () => {
    const seller = await aSeller(t, 1n, { country: "AG", quality: "connected" });
    await givenBatch(t, seller.id, 999_999n, { country: "AG", quality: "manual" });
    await aListing(t, { seller, creditsAmount: 1_000_000n, pricePerCredit: "9.00" });
    const honest = await aSeller(t, 500_000n, { country: "AG", quality: "connected" });
    const sound = await aListing(t, { seller: honest, creditsAmount: 500_000n, pricePerCredit: "12.00" });
    const answer = await quote({ creditsAmount: 500_000n, country: "AG", quality: "connected" });
    expect(answer.lines.map(({ listingId }) => listingId)).toEqual([sound.id]);
    expect(await refusalCode(quote({ creditsAmount: 500_000n, country: "AG", quality: "manual" }))).toBe(
      "quote_short",
    );
    // Whatever is asked for, all of it is for sale.
    expect((await quote({ creditsAmount: 1_500_000n, country: "AG" })).lines).toHaveLength(2);
  });

  test("takes the cheapest first and ties by age, and says average, worst and total", async () => {
    const [dear, old, young, cheap] = await lots("AA", ["15.00", "12.00", "12.00", "10.00"]);
    const answer = await quote({ creditsAmount: 2_500_000n, country: "AA" });
    expect(answer.lines.map(({ listingId }) => listingId)).toEqual(
      [cheap, old, young].map((one) => one?.id ?? "lst_"),
    );
    expect(answer).toMatchObject({
      totalPrice: "28.00",
      averagePrice: "11.20",
      worstPrice: "12.00",
      currency: "USD",
      fees: { platformFee: "0.70", cvaFee: "0.28" },
      available: 4_000_000n,
    });
    expect(answer.lines.at(-1)).toMatchObject({ creditsAmount: 500_000n, total: "6.00" });
    await expect(
      quote({ creditsAmount: 3_500_000n, country: "AA", maxPrice: "12.00" }),
    ).rejects.toMatchObject({
      code: "quote_short",
      details: { available: "3.000000" },
    });
    expect(await quote({ creditsAmount: 1_000_000n, country: "AA" }, cheap?.seller)).toMatchObject({
      skipped: [cheap?.id],
      totalPrice: "12.00",
    });
    await expect(quote({ creditsAmount: 3_500_000n, country: "AA" }, cheap?.seller)).rejects.toMatchObject({
      code: "quote_short",
      facts: { available: "3.000000", skipped: [cheap?.id] },
    });
    expect((await listingRow(t.db, dear?.id as Id<"listing">))?.remaining_g).toBe(1_000_000n);
  });

  test("under the least that a gateway charges is refused before anything is reserved", async () => {
    await lots("AB", ["12.00"]);
    expect(await refusalCode(quote({ creditsAmount: 1_249n, country: "AB" }))).toBe("amount_below_minimum");
  });

  test("used or lapsed it orders nothing, and of ten who order it one does", async () => {
    await lots("AC", ["10.00", "11.00"]);
    const late = await quote({ creditsAmount: 1_000_000n, country: "AC" });
    t.clock.advance(120_000);
    const buyer = await aBuyer(t);
    expect(await refusalCode(sweep(buyer, late.id))).toBe("quote_lapsed");
    expect(await refusalCode(sweep(buyer, newId("quote")))).toBe("quote_not_found");
    const good = await quote({ creditsAmount: 1_000_000n, country: "AC" });
    const codes = await Promise.all(
      Array.from({ length: 10 }, async () => refusalCode(sweep(await aBuyer(t), good.id))),
    );
    expect(codes.filter((code) => code === "none")).toHaveLength(1);
    expect(codes.filter((code) => code === "quote_used")).toHaveLength(9);
    await expectBooksBalance(t.db);
  });
});

describe("an order over many listings", () => {
  test("has one payment and one posting that pays each seller, and is one order to its buyer", async () => {
    const listings = await lots("BA", ["10.00", "11.00", "12.00"]);
    const buyer = await aBuyer(t);
    const { id: quoteId } = await quote({ creditsAmount: 2_500_000n, country: "BA" });
    const { id } = await sweep(buyer, quoteId);
    expect(await sweep(buyer, quoteId, id)).toMatchObject({ id });
    expect(await paymentOfOrder(t.db, id, t.clock.now())).toMatchObject({
      amount: "27.00",
      status: "pending",
    });
    await pay(id);
    const order = await orderDetail(t.db, buyer, id);
    expect(order).toMatchObject({
      status: "completed",
      totalPrice: "27.00",
      change: "0.00",
      creditsAmount: 2_500_000n,
    });
    expect(order.lines).toHaveLength(3);
    expect(await walletOf(t.db, buyer.id)).toMatchObject({ balance: 2_500_000n });
    const nets = await Promise.all(
      listings.map(async ({ seller }) => (await balanceOf(t.db, cash("USD", seller.id))).balance),
    );
    expect(nets).toEqual([965n, 1061n, 579n]);
    expect((await ordersOf(t.db, buyer.id, { limit: 10, sides: "both" })).items.map((one) => one.id)).toEqual(
      [id],
    );
    const [first] = listings;
    expect(
      (await ordersOf(t.db, first?.seller.id as Id<"user">, { limit: 10, sides: "sold" })).items,
    ).toHaveLength(1);
    await expectBooksBalance(t.db);
  });

  test("is reserved whole or not at all", async () => {
    const [one, two] = await lots("BB", ["10.00", "11.00"]);
    const { id } = await quote({ creditsAmount: 2_000_000n, country: "BB" });
    const rival = await aBuyer(t);
    await t.transact((tx) =>
      placeOrder(tx, rival, {
        id: newId("order"),
        listingId: two?.id as Id<"listing">,
        creditsAmount: 100_000n,
      }),
    );
    expect(await refusalCode(sweep(await aBuyer(t), id))).toBe("quote_gone");
    expect(await balanceOf(t.db, listingAccount(one?.id as Id<"listing">))).toMatchObject({ held: 0n });
  });

  test("unpaid it ends with all its lines, by its buyer or by time", async () => {
    const listings = await lots("BC", ["10.00", "11.00"]);
    const buyer = await aBuyer(t);
    const free = () => Promise.all(listings.map(async ({ id }) => (await listingRow(t.db, id))?.remaining_g));
    const first = await sweep(buyer, (await quote({ creditsAmount: 2_000_000n, country: "BC" })).id);
    expect(await free()).toEqual([0n, 0n]);
    await t.transact((tx) => cancelSweep(tx, buyer, first.id));
    expect(await free()).toEqual([1_000_000n, 1_000_000n]);
    const second = await sweep(buyer, (await quote({ creditsAmount: 2_000_000n, country: "BC" })).id);
    t.clock.advance(31 * 60_000);
    await drain(t, jobs);
    expect((await sweepRow(t.db, second.id))?.status).toBe("expired");
    expect(await free()).toEqual([1_000_000n, 1_000_000n]);
    await expectBooksBalance(t.db);
  });

  test("retired at checkout its credits never pass the wallet, and the retirement is of those very grams", async () => {
    await lots("BD", ["10.00", "11.00"]);
    const buyer = await aBuyer(t);
    const { id: quoteId } = await quote({ creditsAmount: 1_500_000n, country: "BD" });
    const { id } = await t.transact((tx) =>
      placeSweep(tx, buyer, {
        id: newId("order"),
        quoteId,
        retire: { beneficiaryName: "Acme", beneficiaryCountry: "VN", reason: "corporate_inventory" },
      }),
    );
    await pay(id);
    expect(await walletOf(t.db, buyer.id)).toMatchObject({ balance: 0n, retired: 1_500_000n });
    const row = await t.db
      .selectFrom("credits.retirement")
      .selectAll()
      .where("holder_id", "=", buyer.id)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ beneficiary_name: "Acme", grams_g: 1_500_000n });
    expect(await retirementById(t.db, row.id)).toMatchObject({
      transferId: (await sweepRow(t.db, id))?.transfer_id,
    });
    await expectBooksBalance(t.db);
  });

  test("a revoked line is made up for within what it cost, or its money goes to the buyer's balance", async () => {
    const build = async (country: string, spare: string | null) => {
      const seller = await aSeller(t, 1n, { country });
      const { batch } = await givenBatch(t, seller.id, 999_999n, { country });
      await aListing(t, { seller, creditsAmount: 1_000_000n, pricePerCredit: "10.00" });
      await lots(country, ["11.00"]);
      const buyer = await aBuyer(t);
      const { id } = await sweep(buyer, (await quote({ creditsAmount: 2_000_000n, country })).id);
      if (spare) await lots(country, [spare]);
      await t.transact((tx) => revokeBatch(tx, { batchId: batch.id, reason: "wrong" }));
      return { buyer, id };
    };
    const made = await build("CA", "9.00");
    await pay(made.id);
    expect(await walletOf(t.db, made.buyer.id)).toMatchObject({ balance: 2_000_000n });
    expect(await balanceOf(t.db, cash("USD", made.buyer.id))).toMatchObject({ balance: 100n });
    const lost = await build("CB", "10.50");
    await pay(lost.id);
    expect(await walletOf(t.db, lost.buyer.id)).toMatchObject({ balance: 1_000_000n });
    expect(await balanceOf(t.db, cash("USD", lost.buyer.id))).toMatchObject({ balance: 1_000n });
    expect(await orderDetail(t.db, lost.buyer, lost.id)).toMatchObject({
      status: "completed",
      change: "10.00",
    });
    await expectBooksBalance(t.db);
  });
});

test("200 orders over many listings race 200 of one over the same 500: the books balance, nothing is unpaid or undelivered", async () => {
  const made: { id: Id<"listing"> }[] = [];
  for (let seller = 0; seller < 20; seller++) {
    const who = await aSeller(t, 2_500_000n, { country: "DA" });
    for (let lot = 0; lot < 25; lot++)
      made.push(
        await aListing(t, { seller: who, creditsAmount: 100_000n, pricePerCredit: `${10 + (lot % 5)}.00` }),
      );
  }
  const buyers = await Promise.all(Array.from({ length: 20 }, () => aBuyer(t)));
  const done = await Promise.all(
    Array.from({ length: 400 }, async (_, n) => {
      const buyer = buyers[n % 20] as (typeof buyers)[number];
      try {
        if (n % 2) {
          const lot = made[(n * 37) % made.length];
          const order = await t.transact((tx) =>
            placeOrder(tx, buyer, {
              id: newId("order"),
              listingId: lot?.id as Id<"listing">,
              creditsAmount: 60_000n,
            }),
          );
          return { id: order.id, paymentId: order.payment_id, grams: order.amount_g };
        }
        const { id: quoteId } = await quote({ creditsAmount: 350_000n, country: "DA" });
        const row = await sweep(buyer, quoteId);
        return { id: row.id, paymentId: row.payment_id, grams: row.amount_g };
      } catch {
        return null;
      }
    }),
  );
  const orders = done.filter((one) => one !== null);
  expect(orders.length).toBeGreaterThan(100);
  for (const { paymentId } of orders) await capturePayment(t, paymentId);
  await drain(t, jobs);
  const bought = await Promise.all(buyers.map(async ({ id }) => (await walletOf(t.db, id)).balance));
  expect(bought.reduce((sum, one) => sum + one, 0n)).toBe(orders.reduce((sum, { grams }) => sum + grams, 0n));
  const waiting = await t.db
    .selectFrom("marketplace.order")
    .select("id")
    .where("status", "in", ["paid", "pending_payment"])
    .where(
      "listing_id",
      "in",
      made.map(({ id }) => id),
    )
    .execute();
  expect(waiting).toEqual([]);
  expect(
    (
      await lineRows(
        t.db,
        orders.map(({ id }) => id),
      )
    ).every(({ status }) => status === "completed"),
  ).toBe(true);
  await expectBooksBalance(t.db);
}, 120_000);
