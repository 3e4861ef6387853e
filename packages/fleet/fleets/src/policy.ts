/** What one call may bring. */
export const fleetLimits = {
  /** Cars of one file. */
  cars: 2_000,
  /** Bytes of a file of cars. */
  carsFile: 2 * 1024 * 1024,
  /** Bytes of a file of trips of many cars: it is taken apart in memory. */
  tripsFile: 64 * 1024 * 1024,
  /** Up to so many rows and cars a file of trips is recorded at once; of larger ones jobs read each car's part. */
  rowsAtOnce: 5_000,
  carsAtOnce: 50,
  /** Names of no car that are told. */
  unmatched: 1_000,
  /** Drivers of one car at a time: shifts. */
  drivers: 10,
  /** Days for which an invitation waits. */
  invitation_days: 14,
} as const;

/** A number plate as it is compared: "51A-123.45" and "51a 12345" are one. */
export const plateKey = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
