import { expect, test } from "bun:test";
import { paymentActions, toneOfPayment, withdrawalActions } from "./admin-actions.ts";

const captured = { state: "captured", settledAt: null, flag: null } as const;
const settled = { ...captured, settledAt: "2026-03-01T00:00:00Z" } as const;
const flagged = { ...settled, flag: "late" } as unknown as Parameters<typeof paymentActions>[0];

test("money goes back whether it was shared out or not, and not where there is none", () => {
  expect(paymentActions(captured)).toEqual(["release", "refund"]);
  expect(paymentActions(settled)).toEqual(["refund"]);
  expect(paymentActions({ ...settled, state: "partially_refunded" })).toEqual(["refund"]);
  expect(paymentActions({ ...settled, state: "refunded" })).toEqual([]);
  expect(paymentActions({ ...settled, state: "disputed" })).toEqual([]);
  expect(paymentActions({ ...captured, state: "failed" })).toEqual([]);
});

test("a flag can be cleared whatever became of the money", () => {
  expect(paymentActions({ ...flagged, state: "refunded" })).toEqual(["clear"]);
  expect(paymentActions({ ...flagged, settledAt: null })).toEqual(["release", "refund", "clear"]);
});

test("money whose refund failed can be given back again, wherever its payment stands", () => {
  const failed = { ...captured, flag: "refund_failed" } as const;
  expect(paymentActions({ ...failed, state: "failed" })).toEqual(["refund", "clear"]);
  expect(paymentActions({ ...failed, state: "disputed" })).toEqual(["refund", "clear"]);
});

test("a flag is seen before anything else", () => {
  expect([captured, settled, flagged].map(toneOfPayment)).toEqual(["info", "positive", "warning"]);
});

test("a withdrawal is decided once; one without an answer is sent again or given back, never approved twice", () => {
  expect(withdrawalActions({ status: "requested", flag: null })).toEqual(["approve", "reject"]);
  expect(withdrawalActions({ status: "completed", flag: null })).toEqual([]);
  const silent = { status: "sent", flag: "unanswered" } as unknown as Parameters<typeof withdrawalActions>[0];
  expect(withdrawalActions(silent)).toEqual(["again", "giveBack"]);
});
