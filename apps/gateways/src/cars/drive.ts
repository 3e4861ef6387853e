/** Metres that an emulated car moves in each quarter of an hour: five kilometres in its first ten minutes. */
const QUARTER_MS = 15 * 60_000;
const DRIVE_MS = 10 * 60_000;
const DRIVE_M = 5_000;
/** A battery holds so many drives, then it has been charged. */
const DRIVES_PER_CHARGE = 40;

export type Reading = { odometerKm: number; charge: number };

/** What a car with this VIN says of itself at a moment: the same for everybody who asks, and never less than before. */
export const readingAt = (vin: string, at: Date): Reading => {
  const since = at.getTime() - Date.UTC(2026, 0, 1);
  const quarters = Math.max(0, Math.floor(since / QUARTER_MS));
  const moved_m = Math.round((Math.min(since - quarters * QUARTER_MS, DRIVE_MS) / DRIVE_MS) * DRIVE_M);
  const start_km = Number(Bun.hash(vin) % 50_000n);
  return {
    odometerKm: start_km + (quarters * DRIVE_M + moved_m) / 1000,
    charge: Math.round((0.9 - (quarters % DRIVES_PER_CHARGE) * 0.015) * 1000) / 1000,
  };
};
