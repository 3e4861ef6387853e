import { expect, test } from "bun:test";
import { sumOf, tasksOf, waitingOf } from "./needs.ts";

const none = { count: 0, more: false, oldest: null };
const since = (oldest: string) => ({ count: 1, more: false, oldest });

test("a list that is not read yet is not an empty one", () => {
  expect(waitingOf(undefined, () => "")).toBeUndefined();
  expect(
    tasksOf({ disputes: none, payments: undefined, withdrawals: none, identity: none, jobs: none }),
  ).toBeUndefined();
});

test("what has waited longest stands first, and what is empty does not stand there", () => {
  const tasks = tasksOf({
    disputes: since("2026-11-28T10:00:00Z"),
    payments: none,
    withdrawals: since("2026-11-26T10:00:00Z"),
    identity: since("2026-11-27T10:00:00Z"),
    jobs: none,
  });
  expect(tasks?.map(({ task }) => task)).toEqual(["withdrawals", "identity", "disputes"]);
});

test("only those that wait count, the oldest is theirs, and a further page is known", () => {
  const rows = [
    { at: "2026-11-28", open: true },
    { at: "2026-11-25", open: false },
    { at: "2026-11-27", open: true },
  ];
  expect(
    waitingOf(
      [{ items: rows, nextCursor: "x" }],
      ({ at }) => at,
      ({ open }) => open,
    ),
  ).toEqual({ count: 2, more: true, oldest: "2026-11-27" });
});

test("what waits is summed to the minor unit, over all pages, and never across currencies", () => {
  const pages = [
    { items: [{ amount: "0.10", currency: "USD", open: true }] },
    {
      items: [
        { amount: "0.20", currency: "USD", open: true },
        { amount: "9.00", currency: "USD", open: false },
      ],
    },
  ];
  expect(
    sumOf(
      pages,
      (row) => row,
      ({ open }) => open,
    ),
  ).toEqual({ amount: "0.30", currency: "USD" });
  expect(sumOf([], () => ({ amount: "1.00", currency: "USD" }))).toBeNull();
  expect(sumOf(undefined, () => ({ amount: "1.00", currency: "USD" }))).toBeNull();
  const both = [
    {
      items: [
        { amount: "1.00", currency: "USD" },
        { amount: "1", currency: "VND" },
      ],
    },
  ];
  expect(sumOf(both, (row) => row)).toBeNull();
});
