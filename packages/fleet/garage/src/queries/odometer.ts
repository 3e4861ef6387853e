import type { Database, Db, Tx } from "@evx/db";
import type { Insertable } from "kysely";

export const odometerRows = (db: Db, carId: bigint) =>
  db
    .selectFrom("vehicles.odometer")
    .select(["read_at", "odometer_m", "source", "vehicle_id"])
    .where("car_id", "=", carId)
    .orderBy("read_at")
    .execute();

/** The readings next to a moment, of which one must not be larger and the other not smaller. */
export const odometerAround = async (db: Db, carId: bigint, at: Date) => {
  const near = (later: boolean) =>
    db
      .selectFrom("vehicles.odometer")
      .select(["read_at", "odometer_m"])
      .where("car_id", "=", carId)
      .where("read_at", later ? ">" : "<", at)
      .orderBy("read_at", later ? "asc" : "desc")
      .limit(1)
      .executeTakeFirst();
  return { before: await near(false), after: await near(true) };
};

export const upsertOdometer = (tx: Tx, row: Insertable<Database["vehicles.odometer"]>) =>
  tx
    .insertInto("vehicles.odometer")
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(["car_id", "read_at"]).doUpdateSet({ odometer_m: row.odometer_m, source: row.source }),
    )
    .execute();
