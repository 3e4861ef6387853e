import type { Candidate } from "@evx/formats";
import { minute_ms } from "@evx/kernel";
import type { NewTrip } from "./trip-rows.ts";

type Keyed = (text: string) => number;

/**
 * A keyed hash (HMAC-SHA-256, its last 52 bits) as a number that a bigint column and a double both hold. The key is taken
 * in once: that is a third of a hash of so short a text.
 */
const keyedBy = (key: Uint8Array): Keyed => {
  const begun = new Bun.CryptoHasher("sha256", key);
  return (text) => {
    const digest = begun.copy().update(text).digest();
    return (digest.readUInt32BE(24) & 0xfffff) * 0x1_0000_0000 + digest.readUInt32BE(28);
  };
};

/** Of files up to so many trips all shapes are kept; of larger ones they cost too much. */
const keptWhole = 1_000;

/** One of four shapes is kept: of the same trips the same ones, so that copies are still found. Told before hashing, which costs. */
const isKept = (text: string): boolean => Bun.hash.wyhash(text) % 4n === 0n;

/**
 * By what the same drive is found among other cars' trips: its minutes and its hundreds of metres; a day's record by its
 * day, distance and odometer. Null where many honest drives would be alike: days without an odometer.
 */
const printOf = (
  keyed: Keyed,
  {
    start,
    end,
    precision,
    distance_m,
    odometerEnd_m,
  }: Pick<Candidate, "start" | "end" | "precision" | "distance_m" | "odometerEnd_m">,
): number | null => {
  if (precision !== "day")
    return keyed(
      `${Math.floor(start / minute_ms)} ${Math.floor(end / minute_ms)} ${Math.round(distance_m / 100)}`,
    );
  if (odometerEnd_m === null) return null;
  return keyed(
    `day ${Math.floor(start / minute_ms)} ${Math.round(distance_m / 100)} ${Math.round(odometerEnd_m / 1000)}`,
  );
};

const steps = (larger: number, smaller: number): number => Math.round(Math.log(larger / smaller) * 20);

/** How three trips follow one another: no moment and no distance goes in, so a copy keeps it when either is changed. */
const shapeOf = ([a, b, c]: readonly [Candidate, Candidate, Candidate]): string => {
  const started = (trip: Candidate) => Math.floor(trip.start / minute_ms);
  const gaps = `${started(b) - started(a)} ${started(c) - started(b)}`;
  if (c.precision === "day") {
    const [d1, d2, d3] = [a.distance_m, b.distance_m, c.distance_m];
    return `days ${gaps} ${steps(d2, d1)} ${steps(d3, d2)}`;
  }
  const lasted = (trip: Candidate) => Math.floor(trip.end / minute_ms) - started(trip);
  return `trips ${gaps} ${lasted(a)} ${lasted(b)} ${lasted(c)}`;
};

/** Makes prints of trips that are recorded already. */
export const printer = (key: Uint8Array) => {
  const keyed = keyedBy(key);
  return (trip: Parameters<typeof printOf>[1]) => printOf(keyed, trip);
};

/** A copy of a few drives may have its times rounded to five minutes, and its distances to kilometres or changed by a percent. */
export const nearness = { minutes: 3, metres: 500, share: 0.012 } as const;

/** The prints of all drives that are as near to one as a copy of it whose times and distance were touched. */
export const printsNear = (
  key: Uint8Array,
  { start, end, distance_m }: Pick<Candidate, "start" | "end" | "distance_m">,
): number[] => {
  const keyed = keyedBy(key);
  const { minutes, metres, share } = nearness;
  const [from, to] = [Math.floor(start / minute_ms), Math.floor(end / minute_ms)];
  const most = Math.max(metres, distance_m * share);
  const [least, last] = [Math.round((distance_m - most) / 100), Math.round((distance_m + most) / 100)];
  const prints: number[] = [];
  for (let a = from - minutes; a <= from + minutes; a++)
    for (let b = Math.max(a, to - minutes); b <= to + minutes; b++)
      for (let hundreds = Math.max(0, least); hundreds <= last; hundreds++)
        prints.push(keyed(`${a} ${b} ${hundreds}`));
  return prints;
};

export type Prints = { print: number | null; shape: number | null };

/** Places of trips in the order of time; most files are in order already. */
const inOrder = (trips: readonly Candidate[]): number[] => {
  const order = trips.map((_, place) => place);
  const isSorted = trips.every(
    (trip, place) => place === 0 || (trips[place - 1] as Candidate).start <= trip.start,
  );
  return isSorted
    ? order
    : order.sort((a, b) => (trips[a] as Candidate).start - (trips[b] as Candidate).start);
};

/**
 * Prints and shapes of trips that are recorded together, in the order of the list, which may be any. `said` is all that
 * their file says, recorded or not: a copy whose other half was refused for lying on a recorded trip keeps its shape.
 */
export const printsOf = (
  key: Uint8Array,
  trips: readonly NewTrip[],
  said: readonly Candidate[],
): Prints[] => {
  const keyed = keyedBy(key);
  const order = inOrder(said);
  const shapes = new Map<Candidate, number>();
  const fresh = new Set(trips.map(({ candidate }) => candidate));
  for (let at = 2; at < order.length; at++) {
    const c = said[order[at] as number] as Candidate;
    if (!fresh.has(c)) continue;
    const shape = shapeOf([
      said[order[at - 2] as number] as Candidate,
      said[order[at - 1] as number] as Candidate,
      c,
    ]);
    if (said.length <= keptWhole || isKept(shape)) shapes.set(c, keyed(shape));
  }
  return trips.map((trip) => ({
    print: printOf(keyed, trip.candidate),
    shape: shapes.get(trip.candidate) ?? null,
  }));
};
