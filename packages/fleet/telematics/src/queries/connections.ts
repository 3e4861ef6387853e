import type { Database, Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Updateable } from "kysely";

export type ConnectionRow = NonNullable<Awaited<ReturnType<typeof connectionRow>>>;

export const connectionRow = (db: Db, id: Id<"connection">) =>
  db.selectFrom("vehicles.connection").selectAll().where("id", "=", id).executeTakeFirst();

export const lockConnection = (tx: Tx, id: Id<"connection">) =>
  tx.selectFrom("vehicles.connection").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();

/** The vehicle's connection that is not ended, if it has one. */
export const openConnection = (db: Db, vehicleId: Id<"vehicle">) =>
  db
    .selectFrom("vehicles.connection")
    .selectAll()
    .where("vehicle_id", "=", vehicleId)
    .where("state", "<>", "ended")
    .executeTakeFirst();

/** Which of some vehicles are read through their makers' services, the newest first. */
export const connectionsOfVehicles = (db: Db, vehicleIds: readonly Id<"vehicle">[], limit: number) =>
  vehicleIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom("vehicles.connection")
        .select(["vehicle_id", "provider", "created_at"])
        .where("vehicle_id", "in", vehicleIds)
        .where("state", "<>", "ended")
        .orderBy("created_at", "desc")
        .limit(limit)
        .execute();

export const insertConnection = (tx: Tx, row: Insertable<Database["vehicles.connection"]>) =>
  tx.insertInto("vehicles.connection").values(row).execute();

export const updateConnection = (
  tx: Tx,
  id: Id<"connection">,
  row: Updateable<Database["vehicles.connection"]>,
) => tx.updateTable("vehicles.connection").set(row).where("id", "=", id).execute();

/**
 * Takes connections that are due, and puts each one's next time off, so that no other worker polls it meanwhile; a
 * worker that dies has lost nothing but that while.
 */
export const takeDueConnections = async (
  tx: Tx,
  limit: number,
  putOff: Date,
): Promise<Id<"connection">[]> => {
  const rows = await tx
    .updateTable("vehicles.connection")
    .set({ next_poll_at: putOff })
    .where("id", "in", (query) =>
      query
        .selectFrom("vehicles.connection")
        .select("id")
        .where("state", "in", ["active", "waiting"])
        .where("next_poll_at", "<=", tx.at)
        .orderBy("next_poll_at")
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning("id")
    .execute();
  return rows.map((row) => row.id);
};

/** Forgets where connected cars stood when they were last asked, before that moment. */
export const eraseLastPlaces = async (tx: Tx, before: Date): Promise<void> => {
  await tx
    .updateTable("vehicles.connection")
    .set({ lat_e6: null, lon_e6: null })
    .where("lat_e6", "is not", null)
    .where("polled_at", "<", before)
    .execute();
};
