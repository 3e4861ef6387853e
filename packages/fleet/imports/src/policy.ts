export const importLimits = {
  /** Bytes of one upload. */
  file: 500 * 1024 * 1024,
  /** Up to this many rows an upload is answered at once; larger ones become a job. */
  rowsAtOnce: 5_000,
  /** Large files of one person that wait to be read: more would fill the disk before anything is read. */
  waiting: 20,
  /** Bytes of an upload that are held, so that it is looked at as a whole before any of it is read. */
  held: 8 * 1024 * 1024,
  /** Trips that one transaction records: long enough to be fast, short enough to show progress and free the car. */
  stretch: 10_000,
} as const;
