import { type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";

export const insertPushToken = (
  tx: Tx,
  row: { id: Id<"token">; vehicleId: Id<"vehicle">; hash: string; label: string },
) =>
  tx
    .insertInto("vehicles.push_token")
    .values({
      id: row.id,
      vehicle_id: row.vehicleId,
      token_hash: row.hash,
      label: row.label,
      created_at: tx.at,
    })
    .execute();

export const pushTokens = (db: Db, vehicleId: Id<"vehicle">) =>
  db
    .selectFrom("vehicles.push_token")
    .select(["id", "label", "created_at", "last_used_at", "vetted_at"])
    .where("vehicle_id", "=", vehicleId)
    .where("revoked_at", "is", null)
    .orderBy("created_at", "desc")
    .execute();

/** What sends trips of some vehicles, the newest first. By vehicle: of a large fleet each has few. */
export const tokensOfVehicles = async (db: Db, vehicleIds: readonly Id<"vehicle">[], limit: number) => {
  const { rows } = await sql<{
    id: Id<"token">;
    vehicle_id: Id<"vehicle">;
    label: string;
    created_at: Date;
  }>`
    select t.* from unnest(${vehicleIds}::text[]) v (id) cross join lateral (
      select id, vehicle_id, label, created_at from vehicles.push_token
      where vehicle_id = v.id and revoked_at is null order by created_at desc limit ${limit}) t
    order by t.created_at desc limit ${limit}`.execute(db);
  return rows;
};

/** The vehicle that a token may send trips for. */
export const vehicleOfToken = async (
  db: Db,
  hash: string,
): Promise<{ id: Id<"token">; vehicleId: Id<"vehicle">; vetted: boolean } | null> => {
  const row = await db
    .selectFrom("vehicles.push_token")
    .select(["id", "vehicle_id", "vetted_at"])
    .where("token_hash", "=", hash)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return row ? { id: row.id, vehicleId: row.vehicle_id, vetted: row.vetted_at !== null } : null;
};

export const touchPushToken = (tx: Tx, id: Id<"token">) =>
  tx.updateTable("vehicles.push_token").set({ last_used_at: tx.at }).where("id", "=", id).execute();

/** Notes who checked a token's sender; answers whether there is such a token. */
export const vetToken = async (tx: Tx, id: Id<"token">, by: Id<"user">): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable("vehicles.push_token")
    .set({ vetted_at: tx.at, vetted_by: by })
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

export const revokeToken = (tx: Tx, vehicleId: Id<"vehicle">, id: Id<"token">) =>
  tx
    .updateTable("vehicles.push_token")
    .set({ revoked_at: tx.at })
    .where("id", "=", id)
    .where("vehicle_id", "=", vehicleId)
    .where("revoked_at", "is", null)
    .execute();
