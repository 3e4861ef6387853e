import { Kept, type KeptTraces, type Trace } from "./kept.ts";

/**
 * How drives are taken together: `wide` many are added up, and of those every `step`th is looked at. So what was made of a
 * record by leaving out every second drive, or by writing two as one, looks like the record itself.
 */
const groups = [
  { wide: 1, step: 1 },
  { wide: 1, step: 2 },
  { wide: 2, step: 2 },
  { wide: 1, step: 3 },
  { wide: 3, step: 3 },
] as const;

/** Steps of a logarithm: distances by distance alone, distances beside times, times alone, times beside distances. */
const fine = { distance: 20, distanceBeside: 15, time: 10, timeBeside: 8 } as const;

/**
 * Beside them more drives in coarser steps: a copy of which every row was changed by a few percent at random has another fine
 * ratio nearly everywhere, and the same coarse one nearly everywhere.
 */
const coarse = { steps: 7, drives: 7, days: 6 } as const;

const farthest = 20;

type Went = { at: number; distance_m: number };

/** A drive, or several added up: when it began, and the logarithm of how far it went. */
type Note = { at: number; far: number };

/** The last few of a group, as many as there are. */
const lastOf = (list: readonly Went[], { wide, step }: (typeof groups)[number], most: number): Note[] => {
  const notes: Note[] = [];
  for (let from = list.length - wide; from >= 0 && notes.length < most; from -= step) {
    const sum = list.slice(from, from + wide).reduce((total, { distance_m }) => total + distance_m, 0);
    notes.push({ at: (list[from] as Went).at, far: Math.log(sum) });
  }
  return notes.reverse();
};

const ratios = (notes: readonly Note[], steps: number, beside = 0): number[] =>
  notes.slice(1).map(({ far }, place) => Math.round((far - (notes[place] as Note).far) * steps + beside));

/** How much longer one waited than the time before, whatever speed the clock runs at. */
const waits = (notes: readonly Note[], steps: number): number[] => {
  const logs = notes.slice(1).map(({ at }, place) => Math.log(Math.max(1, at - (notes[place] as Note).at)));
  return logs.slice(1).map((log, place) => Math.round((log - (logs[place] as number)) * steps));
};

/** Drives that are all alike are everybody's who goes to work. */
const isAlike = (numbers: readonly number[]): boolean => numbers.every((number) => Math.abs(number) <= 1);

/** A timetable with one holiday in it is everybody's too: that is two odd waits, the one into it and the one out of it. */
const isTimetable = (numbers: readonly number[]): boolean =>
  numbers.filter((number) => Math.abs(number) > 1).length <= 2;

/** The same numbers for a row and for the row read backwards. */
const eitherWay = (numbers: readonly number[]): readonly number[] => {
  const back = numbers.map((number) => 0 - number).reverse();
  for (const [place, number] of numbers.entries()) {
    const other = back[place] as number;
    if (number !== other) return number < other ? numbers : back;
  }
  return numbers;
};

/**
 * Gathers of a request's drives what stays when the clock runs at another speed, or says something else altogether: ratios
 * of distances, and of waits, one after the other. No moment and no distance goes in.
 */
export class Threads {
  readonly #kept = new Kept();
  readonly #drives: Went[] = [];
  readonly #days: Went[] = [];

  /** A drive, in the order of time; `passing` says that it is another request's. */
  add(at: number, distance_m: number, passing: boolean): void {
    this.#kept.passing = passing;
    this.#drives.push({ at, distance_m });
    if (this.#drives.length > farthest) this.#drives.shift();
    for (const group of groups) {
      const last = lastOf(this.#drives, group, 6);
      const distances = ratios(last.slice(-5), fine.distance);
      if (distances.length === 4 && !isAlike(distances))
        this.#kept.add([1, ...eitherWay(distances)], (last.at(-5) as Note).at);
      this.#addCoarse(5, group, this.#drives, coarse.drives);
      const four = last.slice(-4);
      const beside = ratios(four, fine.distanceBeside);
      if (beside.length === 3 && !isAlike(beside))
        this.#kept.add([2, ...beside, ...waits(four, fine.timeBeside)], (four[0] as Note).at);
      if (group.wide > 1 || last.length < 6) continue;
      const times = waits(last, fine.time);
      if (!isTimetable(times)) this.#kept.add([3, ...times], (last[0] as Note).at);
    }
  }

  /** A whole day. */
  addDay(at: number, distance_m: number, passing: boolean): void {
    this.#kept.passing = passing;
    this.#days.push({ at, distance_m });
    if (this.#days.length > farthest / 2) this.#days.shift();
    // Days as they are, every second one, and two written as one.
    for (const group of groups.slice(0, 3)) {
      const days = lastOf(this.#days, group, 5);
      const distances = ratios(days, fine.distance);
      if (distances.length === 4 && !isAlike(distances))
        this.#kept.add([4, ...eitherWay(distances)], (days[0] as Note).at);
      this.#addCoarse(6, group, this.#days, coarse.days);
    }
  }

  #addCoarse(kind: number, group: (typeof groups)[number], list: readonly Went[], many: number): void {
    // Of neighbours alone: what else was done with a copy the finer ones tell.
    if (group.wide > 1 || group.step > 1) return;
    const last = lastOf(list, group, many);
    if (last.length < many || isTimetable(ratios(last, coarse.steps))) return;
    const at = (last[0] as Note).at;
    this.#kept.add([kind, 0, ...eitherWay(ratios(last, coarse.steps))], at);
    // What lies at the edge of a step in one grid lies in the middle of one in the other.
    this.#kept.add([kind, 1, ...ratios(last, coarse.steps, 0.5)], at);
  }

  end(key: Uint8Array): KeptTraces {
    return this.#kept.end(key, "thread");
  }
}

/** A feature that is here or there more often tells no place in a row. */
const rare = 2;

/** Those features of a request that it has once or twice, of the ranks that are compared. */
export const rareOf = (traces: readonly Trace[], least: number): Trace[] => {
  const times = new Map<number, number>();
  for (const { feature } of traces) times.set(feature, (times.get(feature) ?? 0) + 1);
  return traces.filter(({ feature, rank }) => rank >= least && (times.get(feature) as number) <= rare);
};

const minutesOf = (traces: readonly Trace[]): Set<number> => new Set(traces.map(({ minute }) => minute));

/** The longest row of pairs that rise in both: each moment here and there is in it once. */
const longestRow = (pairs: readonly (readonly [number, number])[]): number => {
  const sorted = [...pairs].sort(([a, x], [b, y]) => a - b || y - x);
  const ends: number[] = [];
  for (const [, there] of sorted) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) < there) low = middle + 1;
      else high = middle;
    }
    ends[low] = there;
  }
  return ends.length;
};

/** Moments that are compared, those of them that are elsewhere in the same order, and whether no chance explains it. */
export type Threaded = { own: number; elsewhere: number; copied: boolean };

/**
 * Whether drives follow one another as others do, at whatever speed: of what both have, the longest part that is in the
 * same order (or wholly turned round) in both. What meets by chance has an order of about twice the root of its number.
 * `apart_min` leaves out what is at the same time in both: a car's own trips that were asked for again.
 */
export const threadedOf = (
  own: { rank: number; traces: readonly Trace[] },
  other: { rank: number; traces: readonly Trace[] },
  apart_min: number,
): Threaded => {
  const least = Math.max(own.rank, other.rank);
  const [mine, theirs] = [rareOf(own.traces, least), rareOf(other.traces, least)];
  const there = Map.groupBy(theirs, ({ feature }) => feature);
  const pairs = mine.flatMap(({ feature, minute }) =>
    (there.get(feature) ?? [])
      .filter((trace) => Math.abs(trace.minute - minute) >= apart_min)
      .map((trace): [number, number] => [minute, trace.minute]),
  );
  const [here, away] = [minutesOf(mine).size, minutesOf(theirs).size];
  // A timetable that somebody else keeps as well is told by its few odd days: too few.
  const odd = (rareMinutes: number, { traces, rank }: typeof own) =>
    rareMinutes * 5 >= minutesOf(rank >= least ? traces : traces.filter((trace) => trace.rank >= least)).size;
  const row = Math.max(
    longestRow(pairs),
    longestRow(pairs.map(([minute, thereAt]): [number, number] => [minute, -thereAt])),
  );
  const met = new Set(pairs.map(([minute]) => minute)).size;
  const copied =
    odd(here, own) && odd(away, other) && isNoChance({ row, met, comparable: Math.min(here, away) });
  return { own: here, elsewhere: row, copied };
};

/** Fewer moments than that are no row. */
export const leastRow = 8;

/** People who keep the same hours come to a twelfth, and to nine times what meets. */
const isNoChance = ({ row, met, comparable }: { row: number; met: number; comparable: number }): boolean =>
  row >= leastRow && (row * 2 >= comparable || (row * 8 >= comparable && row * row >= met * 14));
