/**
 * Month totals with 10,000,000 trips against the same with 100,000, of the same 200 cars over the same 24 months: what
 * an owner's pages and the platform's report read. They come from running totals, so the number of trips is not in
 * them. Rounds alternate between two databases; the figure is the ratio of the medians.
 */

import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { sql } from "kysely";
import { monthTotals } from "../src/month-totals.ts";
import { totalsAgainstRecount } from "../src/queries/totals.ts";
import { co2Savings, ownSavings } from "../src/savings.ts";

const CARS = 200;
const OWNERS = 20;
const MONTHS = 24;
const ROUNDS = 60;

type World = { t: TestDatabase; owner: Actor; vehicle: Id<"vehicle"> };

/**
 * As many trips in each month, each car's evenly over its first 27 days. A month's partition is written whole in a
 * transaction of its own, two at a time, one for each core; the key is built when all is there.
 */
const fill = async (t: TestDatabase, trips: number): Promise<void> => {
  const each = Math.ceil(trips / CARS / MONTHS);
  const first = (month: number) => sql`('2024-01-01'::date + ${month}::int * interval '1 month')`;
  await sql`select vehicles.ensure_months('trip', array(
    select generate_series('2024-01-01'::date, '2025-12-01'::date, '1 month')::date))`.execute(t.db);
  const { rows: parts } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent = 'vehicles.trip'::regclass order by 1`.execute(t.admin);
  if (parts.length !== MONTHS) throw new Error(`${parts.length} partitions instead of ${MONTHS}`);
  await sql`alter table vehicles.trip drop constraint trip_pkey`.execute(t.admin);
  const write = async (month: number): Promise<void> => {
    const part = sql.table(parts[month]?.name as string);
    await t.admin.transaction().execute(async (tx) => {
      await sql`set local jit = off`.execute(tx);
      await sql`set local evx.local_days = 'kept'`.execute(tx);
      await sql`truncate ${part}`.execute(tx);
      await sql`insert into ${part} (month, id, car_id, vehicle_id, started_at, ended_at, distance_m, energy_wh,
          co2_g, factors_version, precision, quality, source)
        select m.first, 'trp_' || n, v.car_id, v.id, m.at + n * m.apart, m.at + n * m.apart + interval '5 minutes',
          9000 + n, 1500 + n, 900, 0, 'exact', 'export', 'bench'
        from (select f::date as first, f::timestamp at time zone 'UTC' as at, interval '27 days' / ${each}::int as apart
            from (select ${first(month)} as f) day) m,
          vehicles.vehicle v, generate_series(0, ${each}::int - 1) n`.execute(tx);
      await sql`insert into vehicles.day_total (car_id, vehicle_id, day, trips, distance_m, energy_wh, co2_g)
        select d.car_id, v.id, d.day, d.trips, d.distance_m, d.energy_wh, d.co2_g
        from (select car_id, (started_at at time zone 'UTC')::date as day, count(*) as trips,
              sum(distance_m) as distance_m, sum(energy_wh) as energy_wh, sum(co2_g) as co2_g
            from ${part} group by 1, 2) d
          join vehicles.vehicle v on v.car_id = d.car_id`.execute(tx);
      // The trips begin and end their months days away from midnight: no local day has trips of two months.
      await sql`insert into vehicles.local_day_total (car_id, vehicle_id, day, trips, distance_m, energy_wh, co2_g)
        select t.car_id, v.id, vehicles.local_day(t.started_at, v.zone), count(*), sum(t.distance_m), sum(t.energy_wh),
          sum(t.co2_g)
        from ${part} t join vehicles.vehicle v on v.id = t.vehicle_id group by 1, 2, 3`.execute(tx);
    });
  };
  const months = Array.from({ length: MONTHS }, (_, month) => month);
  const worker = async () => {
    for (let month = months.shift(); month !== undefined; month = months.shift()) await write(month);
  };
  await Promise.all([worker(), worker()]);
  await sql`alter table vehicles.trip add constraint trip_pkey primary key (car_id, month, id)`.execute(
    t.admin,
  );
  await sql`insert into vehicles.month_total (car_id, vehicle_id, month, trips, distance_m, energy_wh, co2_g)
    select car_id, vehicle_id, date_trunc('month', day)::date, sum(trips), sum(distance_m), sum(energy_wh), sum(co2_g)
    from vehicles.day_total group by 1, 2, 3`.execute(t.admin);
  await sql`analyze vehicles.month_total, vehicles.local_month_total, vehicles.local_day_total, vehicles.vehicle`.execute(
    t.admin,
  );
};

const worldOf = async (trips: number): Promise<World> => {
  const t = await testDatabase();
  let first: Pick<World, "owner" | "vehicle"> | undefined;
  for (let of = 0; of < OWNERS; of++) {
    const owner = await aUser(t);
    for (let car = 0; car < CARS / OWNERS; car++) {
      const { id } = await aVehicle(t, owner);
      first ??= { owner, vehicle: id };
    }
  }
  await fill(t, trips);
  return { t, ...(first as Pick<World, "owner" | "vehicle">) };
};

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

export default async (print: (line: string) => void): Promise<void> => {
  const small = await worldOf(100_000);
  const wrong = await totalsAgainstRecount(small.t.db);
  if (wrong.length > 0) throw new Error(`The totals are wrong: ${wrong.slice(0, 3).join(", ")}`);
  const from = performance.now();
  const large = await worldOf(10_000_000);
  print(`10,000,000 trips written in ${Math.round((performance.now() - from) / 1000)} s`);
  const reads: [string, (world: World) => Promise<unknown>][] = [
    [
      "an owner's month totals",
      ({ t, owner }) => ownSavings(t.db, owner, { period: "month" }, t.clock.now()),
    ],
    [
      "a vehicle's month totals",
      ({ t, owner, vehicle }) => co2Savings(t.db, owner, { id: vehicle, period: "month" }, t.clock.now()),
    ],
    ["everybody's month totals", ({ t }) => monthTotals(t.db, {})],
  ];
  for (const [name, read] of reads) {
    const of = { small: [] as number[], large: [] as number[] };
    for (let round = -5; round < ROUNDS; round++) {
      const [few, many] = [await timed(() => read(small)), await timed(() => read(large))];
      if (round < 0) continue;
      of.small.push(few);
      of.large.push(many);
    }
    const [few, many] = [median(of.small), median(of.large)];
    print(
      `${name}: ${many.toFixed(2)} ms with 10,000,000 trips, ${few.toFixed(2)} ms with 100,000, ratio=${(many / few).toFixed(2)}`,
    );
  }
  const months = (await monthTotals(large.t.db, {})).length;
  if (months !== MONTHS) throw new Error(`${months} months instead of ${MONTHS}`);
  await small.t.close();
  await large.t.close();
};
