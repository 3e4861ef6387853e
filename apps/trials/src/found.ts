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

export const found: readonly Found[] = [
  {
    seed: 3,
    minutes: 0.25,
    seen: "the outside monitor said that a certificate's revocation was taken back, and that the registry showed other grams than the log",
    cause:
      "it had read the row of a certificate that the log did not show yet, the database was killed while it read on, and by the time the log showed the certificate it had been passed on and revoked: the old row was held against the new log",
    mended:
      "a row is held against what could be known when it was read: `monitor.test.ts` of the proof package, both ways, so that a row that hides what the log had shown before is still a fault",
  },
  {
    seed: 2,
    minutes: 1,
    seen: "the outside monitor said that lines of the audit trail are not those that a book named",
    cause:
      "the day's book was closed and logged while the monitor waited for the log: it held the head that it had read before against what was logged after",
    mended:
      "what was logged after the head was read may be missing in it, once: `monitor.test.ts` of the proof package, for books, keys and factor sets",
  },
  {
    seed: 3,
    minutes: 1,
    seen: "from then on monitor and registry said that the venue's first certificate is dated before its key was in use",
    cause:
      "two auditors approved at once what were to be the first certificates of the venue; the one that began earlier waited while the other published the key, and dated its certificate by its own beginning",
    mended:
      "whoever began before the key was published is run again and so begins after it: `keys.test.ts` of the certificates",
  },
  {
    seed: 11,
    minutes: 1,
    seen: "150 s after everything was started again PayPal had taken money that the books did not know",
    cause:
      "found by reading: a worker that is killed between PayPal's yes to a capture and its own note of it leaves a page that another may have closed meanwhile, and closed pages were asked about only when a webhook spoke of them, which here was lost; besides, pages that could not be asked about stood before all others in each round",
    mended:
      "closed pages are asked about again, ever later, and each gateway has a round of its own: `second-looks.test.ts` and `kills.test.ts` of the payments",
  },
];
