import { describe, expect, test } from "bun:test";
import { priceOf } from "@evx/kernel";
import fc from "@evx/tooling/properties";
import { feesOf } from "./policy.ts";

const minor = (max: bigint) => fc.bigInt({ min: 1n, max });

describe("fees", () => {
  test("platform fee, CVA fee and the seller's part sum to the total exactly, and none is negative", () => {
    const bps = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(minor(10n ** 15n), bps, bps, (total, platformFeeBps, cvaFeeBps) => {
        const { platform, cva, net } = feesOf(total, { platformFeeBps, cvaFeeBps });
        expect(platform + cva + net).toBe(total);
        expect(platform >= 0n && cva >= 0n && net >= 0n).toBe(true);
      }),
    );
  });

  test("each fee is within half a minor unit of its exact share", () => {
    fc.assert(
      fc.property(minor(10n ** 12n), fc.integer({ min: 0, max: 5_000 }), (total, bps) => {
        const { platform } = feesOf(total, { platformFeeBps: bps, cvaFeeBps: 0 });
        const error = platform * 10_000n - total * BigInt(bps);
        expect(error <= 5_000n && error >= -5_000n).toBe(true);
      }),
    );
  });

  test("a sale of $100.00 pays $2.50 to the platform, $1.00 to the CVA and $96.50 to the seller", () => {
    expect(feesOf(10_000n, { platformFeeBps: 250, cvaFeeBps: 100 })).toEqual({
      platform: 250n,
      cva: 100n,
      net: 9_650n,
    });
  });

  test("a tenth of a credit at $15.25 costs $1.52: half a cent goes to the even one", () => {
    expect(priceOf(100_000n, 1_525n)).toBe(152n);
    expect(priceOf(100_000n, 1_535n)).toBe(154n);
  });
});
