/** What runs have found, and why it is found no more. The page of what was seen is made with it. */
export type Found = {
  /** How it was played: `bun run chaos --seed 7 --minutes 1`. */
  readonly seed: number;
  readonly minutes: number;
  readonly seen: string;
  readonly cause: string;
  /** What changed, and the test that failed before. */
  readonly mended: string;
};

export const found: readonly Found[] = [];
