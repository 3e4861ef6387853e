import type { Tx } from "@evx/db";
import { midnightsOf } from "@evx/garage";
import { day_ms, type Id } from "@evx/kernel";

/**
 * The days of a vehicle's zone, of 23 to 25 hours: which one a moment lies in. Made from the database's own midnights, so
 * that totals which grow trip by trip are those that a recount by SQL finds.
 */
export class LocalDays {
  readonly #names: string[];
  #at = 0;

  /** `midnights` in milliseconds, the first of them that of `first`, one for each day. */
  constructor(
    first: string,
    private readonly midnights: readonly number[],
  ) {
    const begin = Date.parse(`${first}T00:00:00Z`);
    this.#names = midnights.map((_, n) => new Date(begin + n * day_ms).toISOString().slice(0, 10));
  }

  /** The days around some moments. Read under the car's lock, where the zone cannot change. */
  static async around(tx: Tx, vehicleId: Id<"vehicle">, moments: readonly number[]): Promise<LocalDays> {
    let [from, to] = [Number.POSITIVE_INFINITY, 0];
    for (const at of moments) {
      if (at < from) from = at;
      if (at > to) to = at;
    }
    const { first, midnights } = await midnightsOf(tx, vehicleId, from, to);
    return new LocalDays(first, midnights);
  }

  /** The day of a moment, "2026-03-01". Trips mostly come in order, so the day before is looked at first. */
  dayOf(at: number): string {
    const { midnights } = this;
    if (
      !(at >= (midnights[this.#at] as number) && at < (midnights[this.#at + 1] ?? Number.POSITIVE_INFINITY))
    ) {
      let [low, high] = [0, midnights.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((midnights[middle] as number) <= at) low = middle + 1;
        else high = middle;
      }
      this.#at = Math.max(0, low - 1);
    }
    return this.#names[this.#at] as string;
  }
}
