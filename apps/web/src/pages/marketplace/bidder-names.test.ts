import { describe, expect, test } from "bun:test";
import { bidderNames } from "./bidder-names.ts";

const names = ["Grey Heron", "White Crane", "Red Kite"];

describe("a bidder's name", () => {
  test("is the same for the same mark, in whatever order the bids came", () => {
    const masks = ["5a364c2d", "6ff12a3c"];
    expect(bidderNames(masks, names)).toEqual(bidderNames(masks.toReversed(), names));
    expect(bidderNames(["5a364c2d"], names).get("5a364c2d")).toBe(names[0x5a364c2d % 3]);
  });

  test("is nobody else's in the room, also where marks would give the same one", () => {
    const given = bidderNames(["00000000", "00000003", "00000006"], names);
    expect([...given.values()].sort()).toEqual([...names].sort());
  });

  test("is left to the mark where there are more bidders than names", () => {
    const given = bidderNames(["00000000", "00000001", "00000002", "00000003"], names);
    expect(given.size).toBe(3);
    expect(given.has("00000003")).toBe(false);
  });

  test("is not made for nobody", () => {
    expect(bidderNames([""], names).size).toBe(0);
  });
});
