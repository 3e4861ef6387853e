import type { GramRun } from "@evx/ui";

/** Serial numbers of one batch, both ends within. */
export type Range = { batch: string; from: bigint; to: bigint };

/** "EVX-VN-flat-v1-2026-000009-1-30000" → grams 1 to 30,000 of batch 000009; null for what is no serial number. */
export const rangeOf = (serial: string): Range | null => {
  const found = /-(\d{6,})-(\d{1,18})-(\d{1,18})$/.exec(serial);
  const [, batch, from, to] = found ?? [];
  return batch && from && to ? { batch, from: BigInt(from), to: BigInt(to) } : null;
};

/** What of a batch's runs lies within a range of it, in serial order. */
export const clipped = (runs: readonly GramRun[], { from, to }: Range): GramRun[] => {
  let before = 0n;
  return runs.flatMap(({ grams, state }) => {
    const [first, last] = [before + 1n, before + grams];
    before = last;
    const [low, high] = [first > from ? first : from, last < to ? last : to];
    return high >= low ? [{ grams: high - low + 1n, state }] : [];
  });
};
