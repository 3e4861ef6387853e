import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { newId } from "@evx/kernel";
import { sql } from "kysely";
import { claimTrips } from "./claims.ts";
import { removeTripsOfImport } from "./queries/removal.ts";
import { expectTotalsMatch, someTrips } from "./testing.ts";
import { twinsOfRequest } from "./twins.ts";

// Generous, because tests share their machine.
setDefaultTimeout(120_000);

const t = await testDatabase();
afterAll(() => t.close());

const from = "2025-01-05T08:07:00Z";

const aCar = async (count: number) => {
  const owner = await aUser(t);
  const car = await aVehicle(t, owner);
  await someTrips(t, car, { count, from, everyMinutes: 300 });
  return { owner, car };
};

const requested = async ({ owner, car }: Awaited<ReturnType<typeof aCar>>) => {
  const requestId = newId("request");
  await t.transact((tx) => claimTrips(tx, { requestId, vehicleId: car.id, ownerId: owner.id }));
  return requestId;
};

test("a twin is found among what others only recorded, however many trips are looked for at once", async () => {
  const one = await aCar(1);
  const large = await requested(await aCar(1_300));
  const twins = await twinsOfRequest(t.db, large);
  expect(twins).toMatchObject({ trips: 1, others: [{ vehicleId: one.car.id, requestIds: [], trips: 1 }] });
  const small = await requested(one);
  expect(await twinsOfRequest(t.db, small)).toMatchObject({ trips: 1, others: [{ requestIds: [large] }] });
  await expectTotalsMatch(t.db);
});

test("trips that a release before recorded are found once a request holds them, and their pages are written once", async () => {
  const [before, after] = [await aCar(40), await aCar(40)];
  const row = await t.db
    .selectFrom("vehicles.vehicle")
    .select("car_id")
    .where("id", "=", before.car.id)
    .executeTakeFirstOrThrow();
  const pages = () =>
    t.db
      .selectFrom("vehicles.print_page")
      .select((eb) => eb.fn.sum<string>("trips").as("trips"))
      .where("car_id", "=", row.car_id)
      .executeTakeFirstOrThrow();
  await t.db.deleteFrom("vehicles.print_page").where("car_id", "=", row.car_id).execute();
  const held = await requested(before);
  expect(Number((await pages()).trips)).toBe(40);
  const found = (await twinsOfRequest(t.db, await requested(after))).others;
  expect(found.find(({ vehicleId }) => vehicleId === before.car.id)).toMatchObject({
    trips: 40,
    requestIds: [held],
  });
});

test("an import that is taken back takes its pages along", async () => {
  const { car } = await aCar(30);
  const importId = newId("import");
  const row = await t.db
    .selectFrom("vehicles.vehicle")
    .select("car_id")
    .where("id", "=", car.id)
    .executeTakeFirstOrThrow();
  for (const table of ["vehicles.trip", "vehicles.print_page"] as const)
    await t.admin.updateTable(table).set({ import_id: importId }).where("car_id", "=", row.car_id).execute();
  const gone = await t.transact((tx) =>
    removeTripsOfImport(tx, { carId: row.car_id, vehicleId: car.id, importId }),
  );
  expect(gone).toBe(30);
  const left = await t.db
    .selectFrom("vehicles.print_page")
    .select("id")
    .where("car_id", "=", row.car_id)
    .execute();
  expect(left).toEqual([]);
  await expectTotalsMatch(t.db);
});

test("what a thousand prints share with pages is found by the index over prints, and no page is compared with all of them", async () => {
  await aCar(1_500);
  const counted = sql<{ by_print: number; otherwise: number }>`
    select pg_stat_get_xact_numscans('vehicles.print_page_prints'::regclass)::int as by_print,
      (pg_stat_get_xact_numscans('vehicles.print_page_month'::regclass)
        + pg_stat_get_xact_numscans('vehicles.print_page_pkey'::regclass))::int as otherwise`;
  await t.transact(async (tx) => {
    const { rows: prints } = await sql<{ print: string }>`
      select unnest(prints)::text as print from vehicles.print_page limit 1000`.execute(tx);
    const before = (await counted.execute(tx)).rows[0];
    await sql`select count(*) from vehicles.cars_of_prints(${prints.map(({ print }) => print)}::int8[])`.execute(
      tx,
    );
    const after = (await counted.execute(tx)).rows[0];
    expect(after).toEqual({ by_print: (before?.by_print ?? 0) + 1, otherwise: before?.otherwise ?? 0 });
  });
});
