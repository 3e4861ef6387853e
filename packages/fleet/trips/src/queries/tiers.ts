import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";

type OwnedCar = { carId: bigint; vehicleId: Id<"vehicle"> };

/** Readings that this owner did not write: what they told when they handed the car over is theirs, a former owner's is not. */
const sureSql = ({ vehicleId }: OwnedCar) =>
  sql<boolean>`(source in ('connection', 'auditor') or (source = 'handover' and vehicle_id <> ${vehicleId}))`;

/** How many odometer readings of a car somebody else than its owner gave. */
export const sureReadings = async (tx: Tx, of: OwnedCar): Promise<number> => {
  const row = await tx
    .selectFrom("vehicles.odometer")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("car_id", "=", of.carId)
    .where(sureSql(of))
    .executeTakeFirstOrThrow();
  return Number(row.count);
};

/** Odometers count whole kilometres; 2 % is what wheels and tyres differ by. */
const slack = sql`greatest(2000, (next_m - odometer_m) / 50)`;

/**
 * Raises to `export` the free trips that lie between two readings which their owner did not write, whose own odometer
 * runs between these, in stretches in which all trips together are no longer than what was driven. Answers how many. A day that
 * the owner told (`day_told`) stays the owner's word.
 */
export const raiseBetweenReadings = async (tx: Tx, of: OwnedCar): Promise<number> => {
  const { numAffectedRows } = await sql`
    with pairs as (
      select read_at, odometer_m, lead(read_at) over w as next_at, lead(odometer_m) over w as next_m
      from vehicles.odometer where car_id = ${of.carId} and ${sureSql(of)} window w as (order by read_at)),
    fitting as (
      select * from pairs where next_m > odometer_m and next_m + ${slack} - odometer_m >= (
        select coalesce(sum(t.distance_m), 0) from vehicles.trip t
        where t.car_id = ${of.carId} and t.started_at < next_at and t.ended_at > read_at
          and t.month between date_trunc('month', read_at - interval '14 days') and next_at))
    update vehicles.trip t set quality = 'export' from fitting f
    where t.car_id = ${of.carId} and t.vehicle_id = ${of.vehicleId} and t.quality = 'manual'
      and t.status in ('recorded', 'released') and t.month between date_trunc('month', f.read_at) and f.next_at
      and not coalesce(t.flags @> '[{"code":"day_told"}]', false)
      and t.started_at >= f.read_at and t.ended_at <= f.next_at and t.odometer_end_m is not null
      and coalesce(t.odometer_start_m, t.odometer_end_m - t.distance_m) >= f.odometer_m - 2000
      and t.odometer_end_m <= f.next_m + 2000`.execute(tx);
  return Number(numAffectedRows ?? 0n);
};
