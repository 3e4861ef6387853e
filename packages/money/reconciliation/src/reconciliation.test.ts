import { afterAll, describe, expect, test } from "bun:test";
import type { Movement } from "@evx/adapters";
import { testDatabase } from "@evx/db/testing";
import { jobContext } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, clearing } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { aPayment, capturePayment, FakeGateway, seePayment } from "@evx/payments/testing";
import { reconcileDay, reconcileDays } from "./days.ts";
import { daysCompared, openDifferences, resolveDifference } from "./lists.ts";
import { differencesOf, finishedDays } from "./policy.ts";
import { aMovement } from "./testing.ts";

const t = await testDatabase();
const ctx = jobContext(t);
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

/** A day with one captured payment, and a gateway that says so. */
const aDay = async (day: string) => {
  t.clock.set(`${day}T10:00:00Z`);
  const gateway = new FakeGateway();
  const payment = await aPayment(t);
  await capturePayment(t, payment.id);
  const charge = `pi_fake_${payment.id}_1`;
  const move = (more: Partial<Movement> = {}): Movement =>
    aMovement({ ref: charge, at: new Date(`${day}T09:59:00Z`), ...more });
  const compare = async () => {
    const at = new Date(`${day}T00:00:00Z`);
    t.clock.set(new Date(at.getTime() + 28 * 3_600_000).toISOString());
    const [finished] = finishedDays(t.clock.now(), 0);
    if (!finished) throw new Error("a day is over");
    return (await reconcileDay(ctx, gateway, finished)).map(({ kind, what }) => `${what} ${kind}`);
  };
  const clearingNow = async () => (await balanceOf(t.db, clearing("USD", "stripe"))).balance;
  return { gateway, payment, charge, move, compare, clearingNow };
};

const waiting = async () => (await openDifferences(t.db, { limit: 100 })).items;

describe("a day of a gateway", () => {
  test("that agrees leaves nothing to do, and what it kept is booked once", async () => {
    const { gateway, move, compare, clearingNow } = await aDay("2026-03-02");
    gateway.moves.push(move());
    const before = await clearingNow();
    expect(await compare()).toEqual([]);
    expect(await compare()).toEqual([]);
    expect((await clearingNow()) - before).toBe(66n);
    const [day] = (await daysCompared(t.db, { limit: 1 })).items;
    expect(day).toMatchObject({ day: "2026-03-02", gateway: "stripe", open: 0, listed: true });
    expect(day?.sums).toEqual([
      { what: "payment", currency: "USD", count: 1, gross: "12.34", fee: "0.66", net: "11.68" },
    ]);
  });

  test("with another amount, a refund, a dispute's fee or a payout that we do not know: each is a difference", async () => {
    const { gateway, payment, move, compare } = await aDay("2026-03-04");
    await seePayment(t, payment.id, { dispute: "lost", disputed: 1234n, disputeFee: 1500n });
    gateway.moves.push(
      move({ gross: 1200n }),
      move({ kind: "refund", gross: -100n, fee: 0n }),
      move({ kind: "dispute", gross: -1234n, fee: 2000n }),
      move({ kind: "payout", ref: "tr_unknown", gross: -5n, fee: 0n }),
      move({ kind: "payment", ref: "pi_unknown" }),
      move({ kind: "fee", ref: null, gross: -10n, fee: 0n }),
    );
    expect((await compare()).sort()).toEqual([
      "dispute fee",
      "fee missing_here",
      "payment amount",
      "payment missing_here",
      "payout missing_here",
      "refund amount",
    ]);
  });

  test("books what a dispute cost, once, where the list alone tells it", async () => {
    const { gateway, payment, move, compare, clearingNow } = await aDay("2026-03-10");
    await seePayment(t, payment.id, { dispute: "open", disputed: 1234n });
    Object.assign(gateway, { listsDisputeFees: true });
    gateway.moves.push(
      move({ fee: 0n }),
      move({ kind: "dispute", gross: -1234n, fee: 0n }),
      move({ kind: "dispute", gross: 0n, fee: 1500n }),
    );
    const before = await clearingNow();
    expect(await compare()).toEqual([]);
    expect(await compare()).toEqual([]);
    expect((await clearingNow()) - before).toBe(1500n);
  });

  test("without a payment that we captured is a difference; when it is told later the difference is gone", async () => {
    const { gateway, payment, move, compare } = await aDay("2026-03-06");
    expect(await compare()).toEqual(["payment missing_there"]);
    const mine = async () => (await waiting()).filter(({ paymentId }) => paymentId === payment.id);
    expect(await mine()).toMatchObject([{ kind: "missing_there", here: "12.34", there: null }]);
    gateway.moves.push(move());
    await reconcileDays(ctx, { gateways: { stripe: gateway } });
    expect(await mine()).toEqual([]);
  });

  test("a difference waits until an operator says what it was, once", async () => {
    const { payment, compare } = await aDay("2026-03-08");
    await compare();
    const found = (await waiting()).find(({ paymentId }) => paymentId === payment.id);
    if (!found) throw new Error("a difference was found");
    const operator = { id: newId("user"), role: "admin" } as Parameters<typeof resolveDifference>[1];
    const say = () =>
      t.transact((tx) => resolveDifference(tx, operator, { differenceId: found.id, note: "a test charge" }));
    await say();
    expect(await refusalCode(say())).toBe("difference_unknown");
    await compare();
    expect((await waiting()).some(({ id }) => id === found.id)).toBe(false);
  });
});

test("a day begins at the gateway's own midnight, and is compared once it is over for a while", () => {
  const [first] = finishedDays(new Date("2026-03-02T18:30:00Z"), 7 * 3_600_000, 1);
  expect(first).toEqual({
    day: "2026-03-01",
    from: new Date("2026-02-28T17:00:00Z"),
    to: new Date("2026-03-01T17:00:00Z"),
  });
  expect(finishedDays(new Date("2026-03-02T01:00:00Z"), 0, 1)[0]?.day).toBe("2026-02-28");
});

test("what came and went again is nothing, whatever we know of it", () => {
  const move = { kind: "refund", ref: "pi_x", at: new Date(0), currency: "USD", fee: 0n } as const;
  const movements = [
    { ...move, id: "one", gross: -5n },
    { ...move, id: "two", gross: 5n },
  ];
  const nothing = { charges: [], captured: [], payouts: [], sent: () => false };
  expect(differencesOf({ ...nothing, movements })).toEqual([]);
});
