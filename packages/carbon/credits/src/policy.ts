import { divideHalfEven, type Grams } from "@evx/kernel";
import { defineRule } from "@evx/rules";
import * as v from "valibot";

const bps = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5_000));

/** The share of each batch that is kept back by the quality of its trips' data, in basis points (250 = 2.5 %). */
export const bufferShares = defineRule(
  "credits.buffer_shares",
  v.object({ connected: bps, export: bps, manual: bps }),
  { connected: 0, export: 0, manual: 0 },
);

export type QualityTier = "connected" | "export" | "manual";

/** What of an issuance goes to the buffer, rounded half-even; at least one gram is left for the owner. */
export const bufferOf = (grams: Grams, shareBps: number): Grams => {
  const share = divideHalfEven(grams * BigInt(shareBps), 10_000n);
  return share < grams ? share : grams - 1n;
};

/** Words as the registry searches them: without case and accents, "Việt Nam" → "viet nam". */
export const foldWords = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll("đ", "d")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/\s+/g, " ")
    .trim();

/** The registry's strip has at most this many runs. */
export const stripCells = 260;
