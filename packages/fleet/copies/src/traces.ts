import { day_ms, minute_ms } from "@evx/kernel";
import { Kept, type KeptTraces, type Trace } from "./kept.ts";
import { Threads } from "./threads.ts";

/** A drive as traces look at it, or several that were joined. Milliseconds since 1970. */
export type Drive = { start: number; end: number; distance_m: number };

/**
 * What is joined before it is looked at: recorders cut one drive in two at a traffic light or a shop, and so do cheats.
 * Rides with longer stops between them are told apart on the finer level alone.
 */
const levels = [
  { name: 1, stop_ms: 4 * minute_ms },
  { name: 2, stop_ms: 40 * minute_ms },
] as const;

/** Which of the drives before are looked at together: neighbours, and what is left when others were taken out. */
const patterns = [
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
  [3, 3],
] as const;

const farthest = 6;

/** Clocks are a minute or two apart, and files write whole minutes. */
const step_ms = 10 * minute_ms;

/** How much farther one went than the other, in steps of about a seventh, whatever both were multiplied with. */
const ratioOf = (a: Drive, b: Drive): number => Math.round(Math.log(b.distance_m / a.distance_m) * 7);

/** As `ratioOf`, in steps of a twenty-fifth: whole days are no subject to rounding. */
const fineRatioOf = (a: Drive, b: Drive): number => Math.round(Math.log(b.distance_m / a.distance_m) * 25);

const stepsBetween = (from: number, to: number): number => Math.round((to - from) / step_ms);

const lasted = ({ start, end }: Drive): number => Math.round((end - start) / step_ms);

/** A drive of this request, or one of another that only stands before or between its drives. */
type Placed = Drive & { passing: boolean };

/** Joins drives with short stops between them, and looks at the last few. */
class Level {
  readonly #last: Drive[] = [];
  #open: Placed | null = null;

  constructor(
    private readonly level: (typeof levels)[number],
    private readonly into: Kept,
    private readonly threads: Threads | null,
  ) {}

  add({ start, end, distance_m, passing }: Placed): void {
    const open = this.#open;
    if (open && start - open.end <= this.level.stop_ms) {
      open.end = Math.max(open.end, end);
      open.distance_m += distance_m;
      open.passing &&= passing;
      return;
    }
    this.end();
    this.#open = { start, end, distance_m, passing };
  }

  end(): void {
    if (!this.#open) return;
    this.#last.push(this.#open);
    this.threads?.add(this.#open.start, this.#open.distance_m, this.#open.passing);
    this.into.passing = this.#open.passing;
    this.#open = null;
    if (this.#last.length > farthest + 1) this.#last.shift();
    const c = this.#last.at(-1) as Drive;
    for (const [first, second] of patterns) {
      const b = this.#last.at(-1 - second);
      const a = this.#last.at(-1 - second - first);
      if (!a || !b || this.#last.length < 1 + first + second) continue;
      const [ratioB, ratioC] = [ratioOf(a, b), ratioOf(b, c)];
      const lengths = [lasted(a), lasted(b), lasted(c)];
      // Drives that are all alike are everybody's who goes to work.
      if (ratioB === 0 && ratioC === 0 && new Set(lengths).size === 1) continue;
      this.into.add(
        [
          this.level.name,
          stepsBetween(a.start, b.start),
          stepsBetween(b.start, c.start),
          ...lengths,
          ratioB,
          ratioC,
        ],
        a.start,
      );
    }
  }
}

/** Whole days and how far each went: what is left when trips are handed in as a logbook of days. */
class Days {
  readonly #last: Drive[] = [];
  #open: Placed | null = null;

  constructor(
    private readonly aheadAt: (at: number) => number,
    private readonly into: Kept,
    private readonly threads: Threads,
  ) {}

  add({ start, distance_m, passing }: Placed): void {
    const day = Math.floor((start + this.aheadAt(start)) / day_ms) * day_ms;
    if (this.#open?.start === day) {
      this.#open.distance_m += distance_m;
      this.#open.passing &&= passing;
      return;
    }
    this.end();
    this.#open = { start: day, end: day, distance_m, passing };
  }

  end(): void {
    if (!this.#open) return;
    this.#last.push(this.#open);
    this.threads.addDay(this.#open.start, this.#open.distance_m, this.#open.passing);
    this.into.passing = this.#open.passing;
    this.#open = null;
    if (this.#last.length > 7) this.#last.shift();
    for (const step of [1, 2]) this.#look(step);
  }

  /** Four days, neighbours or every second one: what is left when others were taken out. */
  #look(step: number): void {
    const four = [3, 2, 1, 0].map((back) => this.#last.at(-1 - back * step));
    if (four.includes(undefined)) return;
    const [a, b, c, d] = four as [Drive, Drive, Drive, Drive];
    const ratios = [fineRatioOf(a, b), fineRatioOf(b, c), fineRatioOf(c, d)];
    // Days that are all alike are everybody's.
    if (ratios.every((ratio) => Math.abs(ratio) <= 1)) return;
    const gaps = [b.start - a.start, c.start - b.start, d.start - c.start].map((gap) => gap / day_ms);
    this.into.add([3, ...gaps, ...ratios], a.start);
  }
}

/** Takes a request's trips in the order of time, of any number, and gives out what is kept of how they follow one another. */
export class Tracer {
  readonly #kept = new Kept();
  readonly #threads = new Threads();
  // Threads go through drives as they are, save what a traffic light cut in two.
  readonly #levels = levels.map(
    (level, place) => new Level(level, this.#kept, place === 0 ? this.#threads : null),
  );
  readonly #days: Days;

  /** `aheadAt` says by how much the clocks of the car's zone are ahead of UTC. */
  constructor(aheadAt: (at: number) => number) {
    this.#days = new Days(aheadAt, this.#kept, this.#threads);
  }

  /**
   * A day's record has no time of its own. `passing` is a drive of another request of the car: it is only what drives of
   * this one follow, so that what was asked for in small parts has the order of the whole.
   */
  add(drive: Drive, wholeDay: boolean, passing = false): void {
    if (!wholeDay) for (const level of this.#levels) level.add({ ...drive, passing });
    this.#days.add({ ...drive, passing });
  }

  end(key: Uint8Array): { traces: KeptTraces; threads: KeptTraces } {
    for (const level of this.#levels) level.end();
    this.#days.end();
    return { traces: this.#kept.end(key, "trace"), threads: this.#threads.end(key) };
  }
}

/** A feature of the car at hand that another car, or this one at another time, has as well. */
export type Met = { at: number; carId: bigint; otherMinute: number };

/** A feature that a request has more often is a habit of its driver. */
export const habit = 12;

/** How far features of a copy may be apart from one and the same distance in time. */
const bucket_min = 10;

/**
 * Which of a car's features (by place) are elsewhere at one and the same distance in time: a copy has that distance
 * throughout; what meets by chance lies at many. Of each other car `of` says how many could have met, on the side that
 * has fewer: a month of a year that was copied is seen from both.
 */
export const copiedOf = (
  own: readonly Trace[],
  met: readonly Met[],
  of: (carId: bigint) => number,
): { places: Set<number>; carIds: Set<bigint> } => {
  const byOther = new Map<bigint, Map<number, Set<number>>>();
  const all = new Map<bigint, Set<number>>();
  for (const { at, carId, otherMinute } of met) {
    const features = all.get(carId) ?? new Set<number>();
    all.set(carId, features.add((own[at] as Trace).feature));
    const buckets = byOther.get(carId) ?? new Map<number, Set<number>>();
    byOther.set(carId, buckets);
    const bucket = Math.floor((otherMinute - (own[at] as Trace).minute) / bucket_min);
    const held = buckets.get(bucket);
    if (held) held.add(at);
    else buckets.set(bucket, new Set([at]));
  }
  const places = new Set<number>();
  const carIds = new Set<bigint>();
  for (const [carId, buckets] of byOther) {
    const comparable = of(carId);
    for (const [bucket, held] of buckets) {
      const together = new Set([...held, ...(buckets.get(bucket + 1) ?? [])]);
      // The same feature again and again is one: a timetable.
      const different = new Set([...together].map((at) => (own[at] as Trace).feature)).size;
      if (!isTooMany(different, comparable, (all.get(carId) as Set<number>).size)) continue;
      carIds.add(carId);
      for (const at of together) places.add(at);
    }
  }
  return { places, carIds };
};

/**
 * Nearly all of a few, a sixth of some, a twenty-fifth of many. People who keep the same hours to within minutes meet in a
 * fiftieth; a copy of which every third trip is left out, in a fifth; one whose every time was moved by up to three minutes,
 * in a quarter. Where two cars were mixed fewer meet, but nearly all that do (`anywhere`) at one distance; of chance's they
 * are a twelfth.
 */
const isTooMany = (met: number, comparable: number, anywhere: number): boolean =>
  (met >= 16 && met * 2 >= anywhere && met * 100 >= comparable) ||
  (met >= 6 && met * 10 >= comparable * 8) ||
  (met >= 10 && met * 6 >= comparable) ||
  (met >= 48 && met * 25 >= comparable);
