/** Played by `verify`, so that a change is never red for what somebody else's dice showed. */
const fixed = 20_261_122;

/** The seed that a run plays, a signed 32-bit integer: fixed when nothing is given, a new one for "random". */
export const seedOf = (given: string | undefined): number => {
  if (given === undefined || given === "") return fixed;
  if (given === "random") return Math.floor(Math.random() * 0x7fff_ffff);
  const seed = Number(given);
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    throw new Error(`SEED is a whole number of at most 31 bits or "random", not "${given}"`);
  return seed;
};
