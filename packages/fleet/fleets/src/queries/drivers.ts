import type { Database, Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Selectable, Updateable } from "kysely";

export type DriverRow = Selectable<Database["vehicles.driver"]>;

export const driverRow = (db: Db, id: Id<"driver">): Promise<DriverRow | undefined> =>
  db.selectFrom("vehicles.driver").selectAll().where("id", "=", id).executeTakeFirst();

export const lockDriver = (tx: Tx, id: Id<"driver">): Promise<DriverRow | undefined> =>
  tx.selectFrom("vehicles.driver").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();

export const insertDriver = (tx: Tx, row: Insertable<Database["vehicles.driver"]>) =>
  tx.insertInto("vehicles.driver").values(row).execute();

export const updateDriver = (tx: Tx, id: Id<"driver">, row: Updateable<Database["vehicles.driver"]>) =>
  tx.updateTable("vehicles.driver").set(row).where("id", "=", id).execute();

/** Drivers and invitations of some cars that have not ended, the longest there first. */
export const driversOfVehicles = (db: Db, vehicleIds: readonly Id<"vehicle">[]): Promise<DriverRow[]> =>
  vehicleIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom("vehicles.driver")
        .selectAll()
        .where("vehicle_id", "in", vehicleIds)
        .where("ended_at", "is", null)
        .orderBy("invited_at")
        .orderBy("id")
        .execute();

/** Who drives any car of an owner's fleet now. */
export const activeDrivers = async (db: Db, ownerId: Id<"user">): Promise<number> => {
  const row = await db
    .selectFrom("vehicles.driver")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("owner_id", "=", ownerId)
    .where("ended_at", "is", null)
    .where("user_id", "is not", null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
};

/** What somebody drives now. */
export const drivenBy = (db: Db, userId: Id<"user">): Promise<DriverRow[]> =>
  db
    .selectFrom("vehicles.driver")
    .selectAll()
    .where("user_id", "=", userId)
    .where("ended_at", "is", null)
    .orderBy("joined_at")
    .execute();

/** Invitations that wait for an address. */
export const invitationsTo = (db: Db, email: string, at: Date): Promise<DriverRow[]> =>
  db
    .selectFrom("vehicles.driver")
    .selectAll()
    .where("email", "=", email)
    .where("ended_at", "is", null)
    .where("user_id", "is", null)
    .where("expires_at", ">", at)
    .orderBy("invited_at")
    .execute();
