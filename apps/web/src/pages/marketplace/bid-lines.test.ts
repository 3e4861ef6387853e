import { describe, expect, test } from "bun:test";
import { type BidLine, bidLines, deedOf, type LiveLead, stepsOf } from "./bid-lines.ts";

const line = (more: Partial<BidLine> = {}): BidLine => ({
  seq: 3,
  bidder: "A1",
  bid: null,
  leader: "A1",
  price: "12.00",
  at: "2026-03-01T00:00:00Z",
  ...more,
});
const lead = (more: Partial<LiveLead["auction"]>): LiveLead => ({
  at: "2026-03-01T00:01:00Z",
  auction: { bidCount: 4, currentBid: "13.00", leader: "B2", ...more } as LiveLead["auction"],
});

describe("the lines under an auction", () => {
  test("without news are the log's, in its order", () => {
    const known = [line(), line({ seq: 2 })];
    expect(bidLines(known, undefined)).toBe(known);
  });

  test("news of a bid that the log does not have yet stands above it, without a bidder", () => {
    const shown = bidLines([line()], lead({}));
    expect(shown.map(({ seq }) => seq)).toEqual([4, 3]);
    expect(shown[0]).toMatchObject({ bidder: "", bid: null, leader: "B2", price: "13.00" });
  });

  test("news that the log has overtaken adds nothing", () => {
    const known = [line({ seq: 5, price: "14.00" })];
    expect(bidLines(known, lead({}))).toBe(known);
    expect(bidLines([line({ seq: 4, leader: "B2", price: "13.00" })], lead({}))).toHaveLength(1);
  });

  test("a bid that moved neither lead nor price, such as a raised maximum, is no line until the log names it", () => {
    expect(bidLines([line()], lead({ currentBid: "12.00", leader: "A1" }))).toHaveLength(1);
    expect(bidLines([line()], lead({ currentBid: "12.00", leader: "B2" }))).toHaveLength(2);
    expect(bidLines([line()], lead({ currentBid: "12.50", leader: "A1" }))).toHaveLength(2);
  });

  test("the first bid of all is shown before the log has it; an auction without bids shows none", () => {
    expect(bidLines([], lead({ bidCount: 1 }))).toHaveLength(1);
    expect(bidLines([], lead({ bidCount: 0, currentBid: null, leader: null }))).toEqual([]);
  });
});

test("what a bid did: a proxy beat it, it took the lead, or somebody still leads", () => {
  expect(deedOf(line({ bidder: "B2", bid: "11.00" }))).toBe("lost");
  expect(deedOf(line())).toBe("tookLead");
  expect(deedOf(line({ bidder: "", leader: "B2" }))).toBe("leadsAt");
});

test("the price goes by moments, the earliest first, and bids of one moment are its last", () => {
  const line = (seq: number, price: string, at: string) => ({
    ...{ seq, price, at, bidder: "a", bid: null, leader: "a" },
  });
  expect(stepsOf([line(3, "3.00", "10:01"), line(2, "2.00", "10:00"), line(1, "1.00", "10:00")])).toEqual([
    { at: "10:00", price: "2.00" },
    { at: "10:01", price: "3.00" },
  ]);
});
