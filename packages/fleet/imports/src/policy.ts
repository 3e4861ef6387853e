export const importLimits = {
  /** Bytes of one upload. */
  file: 500 * 1024 * 1024,
  /** Up to this many rows an upload is answered at once; larger ones become a job. */
  rowsAtOnce: 5_000,
  /** Bytes of an upload that may be held in memory before it is stored and read by a job. */
  held: 24 * 1024 * 1024,
  /** Trips that one transaction records: long enough to be fast, short enough to show progress and free the car. */
  stretch: 10_000,
} as const;
