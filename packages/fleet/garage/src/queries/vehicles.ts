import type { Database, Db, Tx } from "@evx/db";
import { type Id, isId, type PageInput } from "@evx/kernel";
import { type Insertable, sql, type Updateable } from "kysely";

/** One car per VIN, whoever registers it first. Takes the car's row lock, so registrations of one car take turns. */
export const lockCarOfVin = async (tx: Tx, vinHash: string): Promise<bigint> => {
  await tx
    .insertInto("vehicles.car")
    .values({ vin_hash: vinHash, created_at: tx.at })
    .onConflict((conflict) => conflict.column("vin_hash").doNothing())
    .execute();
  const car = await tx
    .selectFrom("vehicles.car")
    .select("car_id")
    .where("vin_hash", "=", vinHash)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return car.car_id;
};

/**
 * The lock under which a car's trips are recorded, claimed and released. It also tells the database that this code keeps
 * the local days itself: what code of the release before writes is counted again by triggers.
 */
export const lockCar = (tx: Tx, carId: bigint) =>
  tx
    .selectFrom("vehicles.car")
    .select(["car_id", sql<string>`set_config('evx.local_days', 'kept', true)`.as("days")])
    .where("car_id", "=", carId)
    .forUpdate()
    .executeTakeFirstOrThrow();

/** Owners' periods come as null where they are open, since a Date cannot be infinite. */
const vehicleColumns = [
  "v.id",
  "v.car_id",
  "v.owner_id",
  "v.vin",
  "v.make",
  "v.model",
  "v.model_year",
  "v.class",
  "v.country_code",
  "v.battery_wh",
  "v.zone",
  "v.plate",
  "v.label",
  "v.import_settings",
  "v.created_at",
] as const;

const vehicles = (db: Db) =>
  db
    .selectFrom("vehicles.vehicle as v")
    .select([...vehicleColumns])
    .select([
      sql<Date | null>`case when isfinite(v.owned_from) then v.owned_from end`.as("owned_from"),
      sql<Date | null>`case when isfinite(v.owned_to) then v.owned_to end`.as("owned_to"),
    ]);

export type VehicleRow = NonNullable<Awaited<ReturnType<typeof vehicleRow>>>;

export const vehicleRow = (db: Db, id: Id<"vehicle">) =>
  vehicles(db).where("v.id", "=", id).executeTakeFirst();

/** A vehicle with what its trips' ids are made from. */
export const vehicleWithCar = (db: Db, id: Id<"vehicle">) =>
  vehicles(db)
    .innerJoin("vehicles.car as c", "c.car_id", "v.car_id")
    .select("c.vin_hash")
    .where("v.id", "=", id)
    .executeTakeFirst();

/** A page of an owner's vehicles, newest first; with `q`, those in whose plate, name, make, model or VIN it stands. */
export const vehiclesOfOwner = (
  db: Db,
  ownerId: Id<"user">,
  { limit, q = "" }: Pick<PageInput, "limit"> & { q?: string | undefined },
  after: Id<"vehicle"> | null,
) =>
  vehicles(db)
    .where("v.owner_id", "=", ownerId)
    .$if(q.trim() !== "", (query) =>
      query.where(
        sql<boolean>`concat_ws(' ', v.plate, v.label, v.make, v.model, v.vin) ilike ${`%${q.trim().replace(/[\\%_]/g, "\\$&")}%`}`,
      ),
    )
    .where((eb) => (after === null ? eb.lit(true) : eb("v.id", "<", after)))
    .orderBy("v.id", "desc")
    .limit(limit + 1)
    .execute();

/** Vehicles of everybody in whose VIN, plate, name, make or model each word stands, with or without its marks; newest first. */
export const vehiclesWith = (
  db: Db,
  { q, limit }: { q: string; limit: number },
  after: Id<"vehicle"> | null,
) => {
  const folded = sql`public.folded(v.vin || ' ' || coalesce(v.plate, '') || ' ' || coalesce(v.label, '') || ' ' || v.make || ' ' || v.model)`;
  let query = vehicles(db);
  if (isId("vehicle", q)) query = query.where("v.id", "=", q);
  else
    for (const word of q.split(/\s+/).filter(Boolean))
      query = query.where(
        sql<boolean>`${folded} like public.folded(${`%${word.replace(/[\\%_]/g, "\\$&")}%`})`,
      );
  if (after) query = query.where("v.id", "<", after);
  return query
    .orderBy("v.id", "desc")
    .limit(limit + 1)
    .execute();
};

export const allVehiclesOfOwner = (db: Db, ownerId: Id<"user">) =>
  vehicles(db).where("v.owner_id", "=", ownerId).orderBy("v.id").execute();

/** Vehicles of everybody by id, `limit` after the given one: for totals that are built again. */
export const everyVehicle = (db: Db, after: string, limit: number) =>
  db
    .selectFrom("vehicles.vehicle")
    .select(["id", "car_id"])
    .where(sql<boolean>`id > ${after}`)
    .orderBy("id")
    .limit(limit)
    .execute();

/** Everyone who has or had the car, the present one last. */
export const registrationsOfCar = (db: Db, carId: bigint) =>
  vehicles(db).where("v.car_id", "=", carId).orderBy("v.owned_from").execute();

export const insertVehicle = (tx: Tx, row: Insertable<Database["vehicles.vehicle"]>) =>
  tx.insertInto("vehicles.vehicle").values(row).execute();

export const updateVehicle = (tx: Tx, id: Id<"vehicle">, row: Updateable<Database["vehicles.vehicle"]>) =>
  tx.updateTable("vehicles.vehicle").set(row).where("id", "=", id).execute();

/** Everybody who ever had the cars that some vehicles are, by vehicle. */
export const holderRows = (db: Db, vehicleIds: readonly Id<"vehicle">[]) =>
  db
    .selectFrom("vehicles.vehicle as v")
    .innerJoin("vehicles.vehicle as any_time", "any_time.car_id", "v.car_id")
    .where("v.id", "in", vehicleIds)
    .select(["v.id", "any_time.owner_id"])
    .distinct()
    .execute();
