/**
 * Orders over a hundred lots settled through the service, against as many single orders: both reserved and paid
 * beforehand by the real verbs, settled one after the other in turns. The ratio is of a sweep's time to that of a hundred
 * single settlements; a sweep of ten times one sale's time has 0.1.
 */
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import { auditBooks } from "@evx/ledger";
import { createListing } from "@evx/listings";
import { aSeller, noAuctions } from "@evx/listings/testing";
import { capturePayment } from "@evx/payments/testing";
import { median } from "@evx/tooling/contest";
import { settleOrder } from "../src/queries/orders.ts";
import { makeQuote } from "../src/quotes.ts";
import { takePayment } from "../src/settlement.ts";
import { placeSweep } from "../src/sweeps.ts";
import { aBuyer, anOrder, noWinners } from "../src/testing.ts";

const LOTS = 100;
const SWEEPS = 8;
const SINGLES_A_SWEEP = 10;
const GRAMS = 100_000n;
const GOAL = 10;

type Paid = { id: Id<"order">; payment_id: Id<"payment">; total_minor: bigint };

const lots = async (t: TestDatabase, country: string, count: number): Promise<Id<"listing">[]> => {
  const ids: Id<"listing">[] = [];
  // Ten lots a seller: neither one seller for all nor a seller for each.
  for (let made = 0; made < count; made += 10) {
    const seller = await aSeller(t, GRAMS * 10n, { country });
    for (let lot = 0; lot < 10; lot++) {
      const id = newId("listing");
      await t.transact((tx) =>
        createListing(tx, noAuctions, seller, {
          id,
          currency: "USD",
          creditsAmount: GRAMS,
          pricePerCredit: "15.00",
          listingType: "fixed",
        }),
      );
      ids.push(id);
    }
  }
  return ids;
};

const paid = async (t: TestDatabase, { id, payment_id, total_minor }: Paid): Promise<Id<"order">> => {
  await capturePayment(t, payment_id);
  await t.transact((tx) =>
    takePayment(tx, noWinners, {
      orderId: id,
      paymentId: payment_id,
      amountMinor: String(total_minor),
      currency: "USD",
    }),
  );
  return id;
};

const aSweep = async (t: TestDatabase, country: string): Promise<Id<"order">> => {
  await lots(t, country, LOTS);
  const buyer = await aBuyer(t);
  const creditsAmount = GRAMS * BigInt(LOTS);
  const quote = await t.transact((tx) => makeQuote(tx, null, { creditsAmount, country, currency: "USD" }));
  return paid(t, await t.transact((tx) => placeSweep(tx, buyer, { id: newId("order"), quoteId: quote.id })));
};

export default async (print: (line: string) => void): Promise<void> => {
  const t = await testDatabase();
  try {
    const [sweeps, singles]: [Id<"order">[], Id<"order">[]] = [[], []];
    for (let n = 0; n < SWEEPS; n++) sweeps.push(await aSweep(t, `S${String.fromCharCode(65 + n)}`));
    for (const listing of await lots(t, "SZ", SWEEPS * SINGLES_A_SWEEP))
      singles.push(await paid(t, await anOrder(t, listing)));
    const settled = async (orderId: Id<"order">): Promise<number> => {
      const start = performance.now();
      if (!(await settleOrder(t.db, { orderId, at: t.clock.now(), cause: "bench" })))
        throw new Error(`${orderId} did not settle`);
      return performance.now() - start;
    };
    const ratios: number[] = [];
    const times: { sweep: number[]; single: number[] } = { sweep: [], single: [] };
    for (const [n, sweep] of sweeps.entries()) {
      const one: number[] = [];
      for (const order of singles.slice(n * SINGLES_A_SWEEP, (n + 1) * SINGLES_A_SWEEP))
        one.push(await settled(order));
      const [single, all] = [median(one), await settled(sweep)];
      times.single.push(single);
      times.sweep.push(all);
      ratios.push(all / (single * LOTS));
    }
    const violations = await auditBooks(t.db);
    if (violations.length > 0) throw new Error(`The books do not balance: ${JSON.stringify(violations[0])}`);
    const [sweep, single] = [median(times.sweep), median(times.single)];
    print(
      `sweep: ${LOTS} lots in ${sweep.toFixed(1)} ms, one sale ${single.toFixed(1)} ms, ${(sweep / single).toFixed(1)} sales (goal ${GOAL}), ratio=${median(ratios).toFixed(3)}`,
    );
  } finally {
    await t.close();
  }
};
