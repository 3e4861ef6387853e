/** One row must not be able to hold all memory. */
export const rowLimits = {
  /** Characters of one row; the longest honest ones have a few thousand. */
  characters: 1024 * 1024,
  columns: 2_000,
} as const;
