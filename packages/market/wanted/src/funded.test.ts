import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { suspend } from "@evx/accounts";
import { aUser } from "@evx/accounts/testing";
import { revokeBatch, walletOf } from "@evx/credits";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { day_ms, type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash, clearing, post } from "@evx/ledger";
import { expectBooksBalance, givenCash } from "@evx/ledger/testing";
import { createListing } from "@evx/listings";
import { aListing, aSeller, givenBatch, noAuctions } from "@evx/listings/testing";
import { orderDetail } from "@evx/orders";
import { aBuyer } from "@evx/orders/testing";
import { refundPayment } from "@evx/payments";
import { paymentsJobs } from "@evx/payments/jobs";
import { testPorts } from "@evx/payments/testing";
import { balanceOfUser } from "@evx/payouts";
import { matchOnce } from "./matching.ts";
import { bestForOwner, fillWanted } from "./selling.ts";
import { aWanted, wantedMarketJobs } from "./testing.ts";
import { cancelWanted, placeWanted, wantedDetail } from "./wanted.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 16 });
});
afterAll(() => t.close());

const jobs = [...wantedMarketJobs, ...paymentsJobs(testPorts())];
const run = () => drain(t, jobs);

/** A buyer with money on their balance. */
const aRichBuyer = async (money = 10_000n) => {
  const buyer = await aBuyer(t);
  await t.transact((tx) => givenCash(tx, buyer.id, "USD", money));
  return buyer;
};
const moneyOf = async (userId: Id<"user">) => {
  const { balance, held } = await balanceOf(t.db, cash("USD", userId));
  return { balance, held };
};
const shown = (userId: Id<"user">) =>
  balanceOfUser(t.db, { holdDays: 0, paypal: false }, "USD", userId, t.clock.now());

describe("a funded wanted order", () => {
  test("pays and settles with the match itself, and frees what it did not need", async () => {
    const wanted = await aWanted(t, { buyer: await aRichBuyer(), country: "FA", funded: true });
    expect(await moneyOf(wanted.buyer.id)).toEqual({ balance: 10_000n, held: 1_620n });
    expect(await shown(wanted.buyer.id)).toMatchObject({
      available: "83.80",
      setAside: "16.20",
      withdrawing: "0.00",
    });
    const seller = await aSeller(t, 1_000_000n, { country: "FA" });
    const listing = await aListing(t, { seller, creditsAmount: 400_000n, pricePerCredit: "14.00" });
    // The matching alone: no job follows, and nobody pays.
    expect(await t.transact((tx) => matchOnce(tx, listing.id))).toBe(true);
    const now = await wantedDetail(t.db, wanted.id);
    expect(now).toMatchObject({
      status: "open",
      funded: true,
      setAside: "9.72",
      creditsRemaining: 600_000n,
    });
    const order = await orderDetail(t.db, wanted.buyer, now.orders[0]?.id as Id<"order">);
    expect(order).toMatchObject({ status: "completed", totalPrice: "5.60" });
    expect((await walletOf(t.db, wanted.buyer.id)).balance).toBe(400_000n);
    expect(await moneyOf(wanted.buyer.id)).toEqual({ balance: 9_440n, held: 972n });
    expect((await moneyOf(seller.id)).balance).toBe(540n);
    await drain(t, jobs, { twice: true });
    expect(await moneyOf(wanted.buyer.id)).toEqual({ balance: 9_440n, held: 972n });
    await t.transact((tx) => cancelWanted(tx, wanted.buyer, wanted.id));
    await t.transact((tx) => cancelWanted(tx, wanted.buyer, wanted.id));
    expect(await moneyOf(wanted.buyer.id)).toEqual({ balance: 9_440n, held: 0n });
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({ status: "cancelled", setAside: "0.00" });
    await expectBooksBalance(t.db);
  });

  test("buys at once what is for sale already, as one order, and waits for the rest", async () => {
    const seller = await aSeller(t, 700_000n, { country: "FB" });
    await aListing(t, { seller, creditsAmount: 300_000n, pricePerCredit: "12.00" });
    await aListing(t, { seller, creditsAmount: 400_000n, pricePerCredit: "13.00" });
    const buyer = await aRichBuyer();
    const wanted = await aWanted(t, { buyer, country: "FB", maxPrice: "13.00", funded: true });
    const now = await wantedDetail(t.db, wanted.id);
    expect(now).toMatchObject({ status: "open", creditsRemaining: 300_000n, setAside: "3.90" });
    const order = await orderDetail(t.db, buyer, now.orders[0]?.id as Id<"order">);
    expect(order).toMatchObject({ kind: "sweep", status: "completed", totalPrice: "8.80" });
    expect(await moneyOf(buyer.id)).toEqual({ balance: 9_120n, held: 390n });
    expect((await walletOf(t.db, buyer.id)).balance).toBe(700_000n);
    await drain(t, jobs, { twice: true });
    await expectBooksBalance(t.db);
  });

  test("pays an owner who sells to it at once", async () => {
    const wanted = await aWanted(t, { buyer: await aRichBuyer(), country: "FC", funded: true });
    const seller = await aSeller(t, 1_000_000n, { country: "FC" });
    const best = await bestForOwner(t.db, seller, { currency: "USD", now: t.clock.now() });
    expect(best).toMatchObject({ wantedId: wanted.id, funded: true });
    const input = { wantedId: wanted.id, creditsAmount: 1_000_000n, listingId: newId("listing") };
    const sell = () => t.transact((tx) => fillWanted(tx, noAuctions, seller, input));
    const order = await sell();
    expect(await sell()).toBe(order);
    expect((await moneyOf(seller.id)).balance).toBe(1_564n);
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({ status: "filled", setAside: "0.00" });
    expect(await moneyOf(wanted.buyer.id)).toEqual({ balance: 8_380n, held: 0n });
  });

  test("is refused for more than can be withdrawn: what is owed, set aside or lies its time counts for nothing", async () => {
    const buyer = await aRichBuyer(2_000n);
    const wanted = await aWanted(t, { buyer, country: "FD", funded: true });
    const more = (holdDays: number) =>
      refusalCode(
        t.transact((tx) =>
          placeWanted(tx, buyer, {
            id: newId("wanted"),
            creditsAmount: 1_000_000n,
            maxPrice: "3.81",
            currency: "USD",
            funded: true,
            holdDays,
          }),
        ),
      );
    expect(await more(0)).toBe("wanted_not_covered");
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "sale",
        legs: [
          { account: clearing("USD", "stripe"), amount: -100n },
          { account: cash("USD", buyer.id), amount: 100n },
        ],
      }),
    );
    expect(await more(7)).toBe("wanted_not_covered");
    expect(await moneyOf(buyer.id)).toEqual({ balance: 2_100n, held: 1_620n });
    expect(await more(0)).toBe("none");
    await t.transact((tx) => cancelWanted(tx, buyer, wanted.id));
    expect(await moneyOf(buyer.id)).toEqual({ balance: 2_100n, held: 381n });
  });

  test("frees its money when its time is over, when its buyer is shut out, and where old code left it", async () => {
    const expiresAt = new Date(t.clock.now().getTime() + day_ms);
    const late = await aWanted(t, { buyer: await aRichBuyer(), country: "FE", funded: true, expiresAt });
    const shut = await aWanted(t, { buyer: await aRichBuyer(), country: "FE", funded: true });
    const left = await aWanted(t, { buyer: await aRichBuyer(), country: "FE", funded: true });
    const operator = await aUser(t, { role: "admin" });
    await t.transact((tx) => suspend(tx, operator, { id: shut.buyer.id, reason: "test" }));
    // Before the job has cancelled it nobody sells to it.
    const seller = await aSeller(t, 1_000_000n, { country: "FE" });
    const sell = t.transact((tx) =>
      fillWanted(tx, noAuctions, seller, {
        wantedId: shut.id,
        creditsAmount: 1_000_000n,
        listingId: newId("listing"),
      }),
    );
    expect(await refusalCode(sell)).toBe("wanted_ended");
    await run();
    expect(await moneyOf(shut.buyer.id)).toEqual({ balance: 10_000n, held: 0n });
    await t.admin
      .updateTable("marketplace.wanted")
      .set({ status: "cancelled", ended_at: t.clock.now() })
      .where("id", "=", left.id)
      .execute();
    t.clock.advance(day_ms + 1);
    await tick(t, jobs, "marketplace.sweep_wanted");
    await tick(t, jobs, "marketplace.sweep_wanted");
    for (const { buyer } of [late, left])
      expect(await moneyOf(buyer.id)).toEqual({ balance: 10_000n, held: 0n });
    await expectBooksBalance(t.db);
  });

  test("never buys credits that are revoked while the job is still on its way", async () => {
    const owner = await aUser(t, { role: "ev_owner" });
    const { batch } = await givenBatch(t, owner.id, 1_000_000n, { country: "FF" });
    const listing = await aListing(t, { seller: owner, pricePerCredit: "10.00" });
    const wanted = await aWanted(t, { buyer: await aRichBuyer(), country: "FG", funded: true });
    await t.admin
      .updateTable("marketplace.wanted")
      .set({ country_code: "FF" })
      .where("id", "=", wanted.id)
      .execute();
    await t.transact((tx) => revokeBatch(tx, { batchId: batch.id, reason: "wrong" }));
    expect(await t.transact((tx) => matchOnce(tx, listing.id))).toBe(false);
    expect(await moneyOf(wanted.buyer.id)).toEqual({ balance: 10_000n, held: 1_620n });
  });

  test("has a refund of its order go back to the balance it came from", async () => {
    const buyer = await aRichBuyer();
    const wanted = await aWanted(t, { buyer, country: "FH", funded: true });
    const seller = await aSeller(t, 1_000_000n, { country: "FH" });
    await aListing(t, { seller, pricePerCredit: "16.00" });
    await run();
    const now = await wantedDetail(t.db, wanted.id);
    const { paymentId } = await orderDetail(t.db, buyer, now.orders[0]?.id as Id<"order">);
    expect(await moneyOf(buyer.id)).toEqual({ balance: 8_400n, held: 0n });
    await t.transact((tx) => refundPayment(tx, { paymentId, reason: "operator" }));
    await drain(t, jobs, { twice: true });
    // What the auditors were paid stays theirs; the venue bears it.
    expect(await moneyOf(buyer.id)).toEqual({ balance: 10_000n, held: 0n });
    expect((await walletOf(t.db, buyer.id)).balance).toBe(0n);
    await expectBooksBalance(t.db);
  });
});

describe("whatever happens at the same moment", () => {
  test("several matchers, cancellations and new orders over one balance spend no unit twice", async () => {
    const buyer = await aRichBuyer(2_500n);
    const seller = await aSeller(t, 10_000_000n, { country: "FI" });
    const wanted = await Promise.all(
      Array.from({ length: 3 }, () =>
        aWanted(t, { buyer, country: "FI", funded: true, maxPrice: "8.00", creditsAmount: 1_000_000n }),
      ),
    );
    const listings = await Promise.all(
      Array.from({ length: 6 }, () =>
        aListing(t, { seller, creditsAmount: 450_000n, pricePerCredit: "7.77" }),
      ),
    );
    const more = Array.from({ length: 4 }, () =>
      t
        .transact((tx) =>
          placeWanted(tx, buyer, {
            id: newId("wanted"),
            creditsAmount: 1_000_000n,
            maxPrice: "8.00",
            country: "FZ",
            currency: "USD",
            funded: true,
            holdDays: 0,
          }),
        )
        .catch(() => null),
    );
    const matches = [...listings, ...listings, ...listings].map((listing) =>
      t.transact((tx) => matchOnce(tx, listing.id)),
    );
    const cancelled = t.transact((tx) => cancelWanted(tx, buyer, (wanted[1] as { id: Id<"wanted"> }).id));
    await Promise.all([...matches, ...more, cancelled.catch(() => null)]);
    await drain(t, jobs, { twice: true });
    const { balance, held } = await moneyOf(buyer.id);
    const orders = await t.db
      .selectFrom("marketplace.order")
      .select(["total_minor", "amount_g", "status"])
      .where("buyer_id", "=", buyer.id)
      .execute();
    const spent = orders.reduce((sum, order) => sum + order.total_minor, 0n);
    expect(orders.every(({ status }) => status === "completed")).toBe(true);
    expect(balance).toBe(2_500n - spent);
    const rows = await t.db
      .selectFrom("marketplace.wanted")
      .select(["held_minor", "status"])
      .where("buyer_id", "=", buyer.id)
      .execute();
    expect(held).toBe(rows.reduce((sum, row) => sum + row.held_minor, 0n));
    expect(rows.filter(({ status, held_minor }) => status !== "open" && held_minor > 0n)).toEqual([]);
    const bought = orders.reduce((sum, order) => sum + order.amount_g, 0n);
    expect((await walletOf(t.db, buyer.id)).balance).toBe(bought);
    await expectBooksBalance(t.db);
  });

  test("a matcher that is killed again and again leaves each match whole or not begun", async () => {
    const buyer = await aRichBuyer(1_000_000n);
    const seller = await aSeller(t, 60_000_000n, { country: "FL" });
    await aWanted(t, { buyer, country: "FL", funded: true, maxPrice: "8.00", creditsAmount: 60_000_000n });
    const listings = await Promise.all(
      Array.from({ length: 60 }, () => aListing(t, { seller, pricePerCredit: "7.00" })),
    );
    const ids = JSON.stringify(listings.map(({ id }) => id));
    for (let round = 0; round < 4; round++) {
      const child = Bun.spawn(
        [
          "bun",
          "-e",
          `import { createDb, createPool, transact } from "@evx/db";
           import { matchOnce } from "./matching.ts";
           const db = createDb(createPool(process.env.URL, { max: 2 }));
           const clock = { now: () => new Date(${t.clock.now().getTime()}) };
           for (const id of ${ids}) if (await transact(db, clock, (tx) => matchOnce(tx, id))) console.log(id);`,
        ],
        { cwd: import.meta.dir, env: { ...process.env, URL: t.url }, stdout: "pipe", stderr: "ignore" },
      );
      // Four more matches each round, and then at any moment.
      let told = 0;
      let killed = false;
      for await (const chunk of child.stdout) {
        told += new TextDecoder().decode(chunk).split("\n").length - 1;
        if (told < 4) continue;
        child.kill("SIGKILL");
        killed = true;
      }
      await child.exited;
      expect(killed).toBe(true);
    }
    for (const { id } of listings) await t.transact((tx) => matchOnce(tx, id));
    const orders = await t.db
      .selectFrom("marketplace.order")
      .select(["status", "total_minor"])
      .where("buyer_id", "=", buyer.id)
      .execute();
    expect(orders.map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => "completed"));
    expect(await moneyOf(buyer.id)).toEqual({ balance: 1_000_000n - 60n * 700n, held: 0n });
    expect((await walletOf(t.db, buyer.id)).balance).toBe(60_000_000n);
    await expectBooksBalance(t.db);
  });

  test("fills of odd amounts at odd prices never need more than was set aside", async () => {
    const buyer = await aRichBuyer(100_000n);
    const seller = await aSeller(t, 50_000_000n, { country: "FJ" });
    let seed = 7;
    const upTo = (most: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % most;
    };
    for (let round = 0; round < 12; round++) {
      const before = await moneyOf(buyer.id);
      const max = 300 + upTo(900);
      const wanted = await aWanted(t, {
        buyer,
        country: "FJ",
        funded: true,
        maxPrice: (max / 100).toFixed(2),
        creditsAmount: BigInt(1_500_000 + upTo(900_000)),
      });
      const most = (await moneyOf(buyer.id)).held;
      for (let fill = 0; fill < 8; fill++) {
        const id = newId("listing");
        const price = max - upTo(3);
        const creditsAmount = BigInt(200_000 + upTo(99_999));
        await t.transact((tx) =>
          createListing(tx, noAuctions, seller, {
            id,
            currency: "USD",
            creditsAmount,
            pricePerCredit: (price / 100).toFixed(2),
            listingType: "fixed",
          }),
        );
        await t.transact((tx) => matchOnce(tx, id));
      }
      await t.transact((tx) => cancelWanted(tx, buyer, wanted.id)).catch(() => null);
      const after = await moneyOf(buyer.id);
      expect(after.held).toBe(0n);
      expect(before.balance - after.balance).toBeLessThanOrEqual(Number(most));
      expect(before.balance - after.balance).toBeGreaterThan(0);
      await t.admin
        .updateTable("marketplace.listing")
        .set({ country_code: "FK" })
        .where("seller_id", "=", seller.id)
        .execute();
    }
    await expectBooksBalance(t.db);
  });
});
