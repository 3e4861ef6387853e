import type { Db, Tx } from "@evx/db";
import { day_ms, minute_ms } from "@evx/kernel";
import { countMinute, firstNoted, type HealthDayRow, healthDayRows } from "./queries/minutes.ts";

/** How many days an operator looks back on. */
const healthDays = 90;

/**
 * A server notes, once a minute, that it stands and can write, and whether the work that runs behind is being done. Of
 * several servers the first counts. Minutes that nobody noted are those in which nothing stood.
 */
export const noteMinute = (tx: Tx, isWell: boolean): Promise<void> => countMinute(tx, isWell);

const startOf = (at: Date): number => Math.floor(at.getTime() / day_ms) * day_ms;

/** Whole minutes of a day that could be noted: from the first one there ever was, to the present one. */
const minutesOf = (start: number, since: Date, now: Date): number => {
  const from = Math.max(start, since.getTime());
  // The present minute may not be noted yet.
  const until = Math.min(start + day_ms, Math.floor(now.getTime() / minute_ms) * minute_ms);
  return Math.max(0, Math.floor((until - from) / minute_ms));
};

export type HealthDay = {
  /** "2026-03-01", in UTC. */
  day: string;
  /** Minutes of the day so far, from the first that was ever noted. */
  minutes: number;
  /** Of these, those in which no server stood, or none could write. */
  missing: number;
  /** Of these, those in which a server stood and the work behind it was not done. */
  wrong: number;
};

const dayOf = (start: number, row: HealthDayRow | undefined, whole: number): HealthDay => {
  const seen = row?.seen_min ?? 0;
  return {
    day: new Date(start).toISOString().slice(0, 10),
    minutes: Math.max(whole, seen),
    missing: Math.max(0, whole - seen),
    wrong: row?.wrong_min ?? 0,
  };
};

/** How the last ninety days (UTC) went, the oldest first, from the first that was noted. */
export const lookBack = async (db: Db, now: Date): Promise<{ since: Date | null; days: HealthDay[] }> => {
  const since = await firstNoted(db);
  if (!since) return { since: null, days: [] };
  const today = startOf(now);
  const oldest = today - (healthDays - 1) * day_ms;
  const rows = await healthDayRows(db, new Date(oldest));
  const byStart = new Map(rows.map((row) => [startOf(row.first_at), row]));
  const days: HealthDay[] = [];
  for (let start = Math.max(oldest, startOf(since)); start <= today; start += day_ms)
    days.push(dayOf(start, byStart.get(start), minutesOf(start, since, now)));
  return { since, days };
};
