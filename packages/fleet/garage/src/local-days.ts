import type { Db } from "@evx/db";
import { day_ms } from "@evx/kernel";
import { midnightsOf } from "./queries/zones.ts";

/** When each day of a zone's year begins, by zone and year. Eight bytes a day, for the zones that cars here have. */
const known = new Map<string, Float64Array>();

const midnightsIn = async (db: Db, zone: string, year: number): Promise<Float64Array> => {
  const key = `${zone}/${year}`;
  const found = known.get(key) ?? Float64Array.from(await midnightsOf(db, zone, year));
  known.set(key, found);
  return found;
};

/**
 * The days of a zone, of 23 to 25 hours: which one a moment lies in. Made from the database's own midnights, so that
 * totals which grow trip by trip are those that a recount by SQL finds.
 */
export class LocalDays {
  #from = 0;
  #to = 0;
  #day = "";

  /** The midnights of whole years, one after the other without a gap, from the first of January of `first`. */
  private constructor(
    private readonly first: number,
    private readonly midnights: Float64Array,
  ) {}

  /** The days around some moments, one at least. */
  static async around(db: Db, zone: string, moments: readonly number[]): Promise<LocalDays> {
    let [from, to] = [Number.POSITIVE_INFINITY, 0];
    for (const at of moments) {
      if (at < from) from = at;
      if (at > to) to = at;
    }
    // No zone is two days from UTC.
    const first = new Date(from - 2 * day_ms).getUTCFullYear();
    const last = new Date(to + 2 * day_ms).getUTCFullYear();
    const years: Float64Array[] = [];
    for (let year = first; year <= last; year++) years.push(await midnightsIn(db, zone, year));
    const midnights = new Float64Array(years.reduce((days, { length }) => days + length, 0));
    let place = 0;
    for (const year of years) {
      midnights.set(year, place);
      place += year.length;
    }
    return new LocalDays(Date.UTC(first, 0, 1), midnights);
  }

  /** The day of a moment, "2026-03-01". Trips mostly come in order, so the day before is looked at first. */
  dayOf(at: number): string {
    if (at >= this.#from && at < this.#to) return this.#day;
    const { midnights } = this;
    let place = Math.floor((at - (midnights[0] as number)) / day_ms);
    place = Math.max(0, Math.min(midnights.length - 1, place));
    while (place > 0 && (midnights[place] as number) > at) place--;
    while (place + 1 < midnights.length && (midnights[place + 1] as number) <= at) place++;
    this.#from = midnights[place] as number;
    this.#to = midnights[place + 1] ?? Number.POSITIVE_INFINITY;
    this.#day = new Date(this.first + place * day_ms).toISOString().slice(0, 10);
    return this.#day;
  }
}
