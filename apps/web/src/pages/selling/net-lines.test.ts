import { expect, test } from "bun:test";
import { minorFromText } from "@evx/kernel";
import { type NetAnswer, netInput, netLines } from "./net-lines.ts";

const net: NetAnswer = {
  total: "10.00",
  platformFee: "0.25",
  cvaFee: "0.10",
  net: "9.65",
  currency: "USD",
  platformFeePercent: 2.5,
  cvaFeePercent: 1,
  payoutDate: "2026-03-08T00:00:00Z",
};

test("the lines lead from the total to what is left, so that the last is the sum of those before it", () => {
  const lines = netLines(net);
  expect(lines.map(({ name }) => name)).toEqual(["total", "platform", "cva", "net"]);
  const minor = (text: string) => minorFromText(text, "USD") ?? 0n;
  const sum = lines
    .slice(0, -1)
    .reduce((all, { amount, fee }) => (fee === null ? all + minor(amount) : all - minor(amount)), 0n);
  expect(sum).toBe(minor(lines.at(-1)?.amount ?? ""));
});

test("fees say their share of the total, and nothing else does", () => {
  expect(netLines(net).map(({ fee }) => fee)).toEqual([null, 0.025, 0.01, null]);
});

test("nothing is asked while a field is empty", () => {
  expect(netInput("", "10.00")).toBeNull();
  expect(netInput("1.5", "")).toBeNull();
  expect(netInput("1.5", "10.00")).toEqual({ creditsAmount: "1.5", pricePerCredit: "10.00" });
});
