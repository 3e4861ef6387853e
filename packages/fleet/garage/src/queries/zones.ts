import type { Db } from "@evx/db";
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

/** When each day of a year begins in a zone, in milliseconds. */
export const midnightsOf = async (db: Db, zone: string, year: number): Promise<number[]> => {
  const { rows } = await sql<{ midnights: number[] }>`
    select array_agg((extract(epoch from day at time zone ${zone}) * 1000)::float8 order by day) as midnights
    from generate_series(make_date(${year}::int, 1, 1)::timestamp, make_date(${year}::int, 12, 31), interval '1 day') day`.execute(
    db,
  );
  return rows[0]?.midnights ?? [];
};
