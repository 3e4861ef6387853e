/**
 * A request over 1,000,000 trips of one car, from the owner's call to the request in the queue, and the memory that it
 * takes beside one over 100,000. The floor is the bare update that marks the same rows.
 */
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { type Id, newId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { sql } from "kysely";
import { submitOrQueue } from "../src/submissions.ts";
import { workOff } from "../src/work.ts";

/** As `tripId` makes it: a moment's 48 bits in the kernel's alphabet, and what tells the car. */
const idSql = sql`'trp_' || (select string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', ((extract(epoch from at) * 1000)::int8 >> shift & 31)::int + 1, 1), '' order by shift desc)
  from generate_series(0, 45, 5) shift) || lpad(v.car_id::text, 16, '8')`;

/** Trips of five minutes, one every six, back from the end of 2025: a month holds 7,200. */
const fill = async (t: TestDatabase, vehicle: Id<"vehicle">, trips: number): Promise<void> => {
  const moment = sql`timestamptz '2025-12-31 12:00Z' - n * interval '6 minutes'`;
  await sql`select vehicles.ensure_months('trip', array(select generate_series(
    date_trunc('month', timestamptz '2025-12-31' - ${trips}::int * interval '6 minutes'), '2025-12-01', '1 month')::date))`.execute(
    t.db,
  );
  await t.admin.transaction().execute(async (tx) => {
    await sql`set local jit = off`.execute(tx);
    await sql`set local evx.local_days = 'kept'`.execute(tx);
    await sql`
      insert into vehicles.trip (month, id, car_id, vehicle_id, started_at, ended_at, distance_m, energy_wh, co2_g,
        factors_version, precision, quality, source, print, shape)
      select date_trunc('month', at at time zone 'UTC')::date, ${idSql},
        v.car_id, v.id, at, at + interval '5 minutes', 3000 + n % 1000, 500 + n % 90, (3000 + n % 1000) / 10, 0, 'exact', 'manual',
        'bench', hashint8extended(n, v.car_id), case when n % 4 = 0 then hashint8extended(n, v.car_id + 1) end
      from vehicles.vehicle v, generate_series(${trips}::int - 1, 0, -1) n, lateral (select ${moment} as at) of_trip
      where v.id = ${vehicle}`.execute(tx);
    await sql`insert into vehicles.print_page (month, car_id, trips, prints)
      select month, car_id, count(*), array_agg(print) || coalesce(array_agg(shape) filter (where shape is not null), '{}')
      from (select month, car_id, print, shape, row_number() over (partition by month order by id) / 180 as page
        from vehicles.trip where vehicle_id = ${vehicle}) t group by month, car_id, page`.execute(tx);
    await sql`insert into vehicles.day_total (car_id, vehicle_id, day, trips, distance_m, energy_wh, co2_g)
      select car_id, vehicle_id, (started_at at time zone 'UTC')::date, count(*), sum(distance_m), sum(energy_wh), sum(co2_g)
      from vehicles.trip where vehicle_id = ${vehicle} group by 1, 2, 3`.execute(tx);
    await sql`insert into vehicles.local_day_total (car_id, vehicle_id, day, trips, distance_m, energy_wh, co2_g)
      select t.car_id, t.vehicle_id, vehicles.local_day(started_at, v.zone), count(*), sum(distance_m), sum(energy_wh), sum(co2_g)
      from vehicles.trip t join vehicles.vehicle v on v.id = t.vehicle_id where v.id = ${vehicle} group by 1, 2, 3`.execute(
      tx,
    );
    await sql`insert into vehicles.month_total (car_id, vehicle_id, month, trips, distance_m, energy_wh, co2_g)
      select car_id, vehicle_id, date_trunc('month', day)::date, sum(trips), sum(distance_m), sum(energy_wh), sum(co2_g)
      from vehicles.day_total where vehicle_id = ${vehicle} group by 1, 2, 3`.execute(tx);
  });
  await sql`select vehicles.sort_prints()`.execute(t.admin);
  await sql`vacuum analyze vehicles.trip`.execute(t.admin);
};

const requested = async (t: TestDatabase, owner: Actor, vehicle: Id<"vehicle">, trips: number) => {
  const steps: number[] = [];
  const ctx = {
    db: t.db,
    transact: (async (work: Parameters<typeof t.transact>[0]) => {
      const from = performance.now();
      const done = await t.transact(work);
      steps.push(performance.now() - from);
      return done;
    }) as typeof t.transact,
  };
  let most = 0;
  Bun.gc(true);
  const before = process.memoryUsage.rss();
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss() - before);
  }, 20);
  const from = performance.now();
  const answer = await submitOrQueue(ctx, owner, { id: newId("request"), vehicleId: vehicle });
  if (!("submission" in answer)) throw new Error("answered at once");
  await workOff(ctx, answer.submission.id);
  const millis = performance.now() - from;
  clearInterval(watch);
  const row = await t.db
    .selectFrom("verification.request")
    .select("trip_count")
    .where("vehicle_id", "=", vehicle)
    .executeTakeFirstOrThrow();
  if (Number(row.trip_count) !== trips) throw new Error(`${row.trip_count} of ${trips} trips`);
  return {
    millis,
    most,
    close: steps.at(-2) ?? 0,
    stages: steps.slice(2, -2).reduce((sum, ms) => sum + ms, 0),
  };
};

export const carOf = async (t: TestDatabase, trips: number) => {
  const owner = await aUser(t);
  const { id } = await aVehicle(t, owner);
  await fill(t, id, trips);
  return { owner, id };
};

export default async (print: (line: string) => void): Promise<void> => {
  const t = await testDatabase();
  const mb = (bytes: number) => Math.round(bytes / 1024 / 1024);
  const warm = await carOf(t, 30_000);
  await requested(t, warm.owner, warm.id, 30_000);
  const few = await carOf(t, 100_000);
  const small = await requested(t, few.owner, few.id, 100_000);
  const many = await carOf(t, 1_000_000);
  const large = await requested(t, many.owner, many.id, 1_000_000);
  const third = await carOf(t, 1_000_000);
  const from = performance.now();
  await t.transact((tx) =>
    sql`update vehicles.trip set status = 'claimed', request_id = 'req_floor' where vehicle_id = ${third.id}`.execute(
      tx,
    ),
  );
  const floor = performance.now() - from;
  print(
    `request over 1,000,000 trips: ${(large.millis / 1000).toFixed(1)} s (months ${(large.stages / 1000).toFixed(1)} s, ` +
      `closing ${(large.close / 1000).toFixed(1)} s), the bare update ${(floor / 1000).toFixed(1)} s, ratio=${(floor / large.millis).toFixed(2)}`,
  );
  print(
    `memory: ${mb(small.most)} MB more for 100,000 trips, ${mb(large.most)} MB for 1,000,000 (${(small.millis / 1000).toFixed(1)} s and ${(large.millis / 1000).toFixed(1)} s)`,
  );
  await t.close();
};
