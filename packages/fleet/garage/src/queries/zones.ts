import type { Db } from "@evx/db";
import { day_ms, type Id } from "@evx/kernel";
import { sql } from "kysely";

/** A zone's name as the database spells it; null where it knows none. A bare offset is no zone: its days have no clock. */
export const zoneNamed = async (db: Db, name: string): Promise<string | null> => {
  const { rows } = await sql<{ name: string }>`
    select name from pg_timezone_names where lower(name) = lower(${name}) order by name limit 1`.execute(db);
  return rows[0]?.name ?? null;
};

/** When a day begins in a zone, and when it ends. */
export const momentsOfDay = async (
  db: Db,
  day: string,
  zone: string,
): Promise<{ begins: Date; ends: Date }> => {
  const { rows } = await sql<{ begins: Date; ends: Date }>`
    select ${day}::date::timestamp at time zone ${zone} as begins,
      (${day}::date + 1)::timestamp at time zone ${zone} as ends`.execute(db);
  return rows[0] as { begins: Date; ends: Date };
};

/** The day of a moment in a zone, as "2026-03-01". */
export const dayIn = async (db: Db, at: Date, zone: string): Promise<string> => {
  const { rows } = await sql<{ day: string }>`select vehicles.local_day(${at}, ${zone})::text as day`.execute(
    db,
  );
  return (rows[0] as { day: string }).day;
};

/** When each day of a vehicle's zone begins, in milliseconds, the days of two moments and their neighbours included. */
export const midnightsOf = async (
  db: Db,
  id: Id<"vehicle">,
  from: number,
  to: number,
): Promise<{ first: string; midnights: number[] }> => {
  const { rows } = await sql<{ first: string; midnights: number[] }>`
    select min(day)::date::text as first,
      array_agg((extract(epoch from day at time zone zone) * 1000)::float8 order by day) as midnights
    from (select vehicles.zone_of(${id}) as zone) here, generate_series(
      date_trunc('day', ${new Date(from - 2 * day_ms)}::timestamptz at time zone 'UTC'),
      date_trunc('day', ${new Date(to + 2 * day_ms)}::timestamptz at time zone 'UTC'), interval '1 day') day`.execute(
    db,
  );
  return rows[0] as { first: string; midnights: number[] };
};
