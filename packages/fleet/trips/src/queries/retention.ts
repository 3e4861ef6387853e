import type { Db, Tx } from "@evx/db";
import { sql } from "kysely";

/** The months up to that one in which any car has trips, the oldest first. */
export const monthsUpTo = async (db: Db, last: Date): Promise<string[]> => {
  const { rows } = await sql<{ month: string }>`
    select month::date::text as month
    from generate_series('2000-01-01', date_trunc('month', ${last}::timestamptz at time zone 'UTC'), interval '1 month') month
    where to_regclass('vehicles.trip_' || to_char(month, 'YYYY_MM')) is not null
    order by month`.execute(db);
  return rows.map((row) => row.month);
};

/**
 * Erases where up to `limit` trips of a month went, their tracks and what their owners noted; those that ended before
 * `before` and are not under review. Answers how many trips there were. Distance, time and energy stay.
 */
export const eraseSomePositions = async (
  tx: Tx,
  { month, before, limit }: { month: string; before: Date; limit: number },
): Promise<number> => {
  const { rows } = await sql<{ erased: number }>`
    with old as (
      select t.car_id, t.month, t.id from vehicles.trip t
      where t.month = ${month}::date and t.ended_at < ${before} and t.status <> 'claimed'
        and (t.start_lat_e6 is not null or t.end_lat_e6 is not null or t.notes is not null
          or exists (select from vehicles.track k where k.car_id = t.car_id and k.month = t.month and k.trip_id = t.id))
      limit ${limit} for update skip locked),
    tracks as (
      delete from vehicles.track k using old where k.car_id = old.car_id and k.month = old.month and k.trip_id = old.id),
    erased as (
      update vehicles.trip t
      set start_lat_e6 = null, start_lon_e6 = null, end_lat_e6 = null, end_lon_e6 = null, notes = null
      from old where t.car_id = old.car_id and t.month = old.month and t.month = ${month}::date and t.id = old.id
      returning 1)
    select count(*)::int as erased from erased`.execute(tx);
  return rows[0]?.erased ?? 0;
};
