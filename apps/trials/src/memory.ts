/** Whether memory is flat: of samples over time, the last third against the middle one. The first third is warming up. */
export type Sample = { readonly at_ms: number; readonly bytes: number };

/** What memory may grow by between the thirds: a collector that comes late is no leak, one that never comes is. */
const most = 1.15;
/** Growth below this is noise, whatever its share. */
const noise_bytes = 24 * 1024 ** 2;

const mean = (samples: readonly Sample[]): number =>
  samples.reduce((sum, { bytes }) => sum + bytes, 0) / samples.length;

export type Verdict = { middle: number; last: number; ratio: number; flat: boolean };

/** A program that has run for less has not warmed up. */
const least = 60;

/** Null where there are too few samples, one a second, to say anything. */
export const flatness = (samples: readonly Sample[]): Verdict | null => {
  if (samples.length < least) return null;
  const third = Math.floor(samples.length / 3);
  const [middle, last] = [mean(samples.slice(third, 2 * third)), mean(samples.slice(-third))];
  const ratio = last / middle;
  return { middle, last, ratio, flat: ratio <= most || last - middle <= noise_bytes };
};
