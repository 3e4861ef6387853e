import type { Db } from "@evx/db";
import type { Bound } from "@evx/kernel";
import { dayIn, momentsOfDay } from "./queries/zones.ts";

/** The moments of a period: from the first one to before the last one. */
export type Period = { from: Date | undefined; to: Date | undefined };

/** When a period begins in a zone: at that moment, or with that day. */
export const beginOf = async (db: Db, bound: Bound, zone: string): Promise<Date> =>
  bound instanceof Date ? bound : (await momentsOfDay(db, bound.day, zone)).begins;

/**
 * The moments of a period in a zone. Days are whole days there, the last one included; moments are what they are, and
 * the last one is not included.
 */
export const periodIn = async (
  db: Db,
  zone: string,
  { from, to }: { from?: Bound | undefined; to?: Bound | undefined },
): Promise<Period> => ({
  from: from && (await beginOf(db, from, zone)),
  to: to && (to instanceof Date ? to : (await momentsOfDay(db, to.day, zone)).ends),
});

/** The days that a period touches in a zone, both ends included; null where it is open. */
export const daysIn = async (
  db: Db,
  zone: string,
  { from, to }: { from?: Bound | undefined; to?: Bound | undefined },
): Promise<{ from: string | null; to: string | null }> => {
  const dayOf = async (bound: Bound | undefined, earlier: number): Promise<string | null> => {
    if (!bound) return null;
    return bound instanceof Date ? dayIn(db, new Date(bound.getTime() - earlier), zone) : bound.day;
  };
  // A period up to midnight has nothing of the day that begins then.
  return { from: await dayOf(from, 0), to: await dayOf(to, 1) };
};
