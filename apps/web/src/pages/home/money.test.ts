import { expect, test } from "bun:test";
import { moneyOf } from "./money.ts";

const order = (id: string, status: string, paidAt: string | null) => ({
  id,
  status,
  paidAt,
  netToSeller: "1.44",
  currency: "USD",
  creditsAmount: "0.1",
});
const withdrawal = (id: string, status: string, createdAt: string) => ({
  id,
  status,
  createdAt,
  amount: "1.00",
  currency: "USD",
  bankAccountMasked: "··4471",
});

test("only money that moved is listed, newest first", () => {
  const moved = moneyOf(
    [
      order("paid", "completed", "2026-11-02T00:00:00Z"),
      order("unpaid", "pending", null),
      order("refunded", "refunded", "2026-11-03T00:00:00Z"),
    ],
    [
      withdrawal("out", "completed", "2026-11-04T00:00:00Z"),
      withdrawal("came back", "failed", "2026-11-05T00:00:00Z"),
    ],
  );
  expect(moved.map(({ id, kind }) => `${kind} ${id}`)).toEqual(["withdrawn out", "sold paid"]);
});
