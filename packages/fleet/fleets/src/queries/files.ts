import { type Database, type Db, json, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Selectable } from "kysely";

export type FleetImportRow = Selectable<Database["vehicles.fleet_import"]>;

export const fleetImportRow = (db: Db, id: Id<"fleetImport">): Promise<FleetImportRow | undefined> =>
  db.selectFrom("vehicles.fleet_import").selectAll().where("id", "=", id).executeTakeFirst();

/** Notes a fleet's file; a retry under the same id changes nothing. */
export const insertFleetImport = (
  tx: Tx,
  row: {
    id: Id<"fleetImport">;
    ownerId: Id<"user">;
    fileName: string | null;
    rows: number;
    unmatched: readonly object[];
  },
) =>
  tx
    .insertInto("vehicles.fleet_import")
    .values({
      id: row.id,
      owner_id: row.ownerId,
      file_name: row.fileName,
      rows_read: BigInt(row.rows),
      unmatched: json([...row.unmatched]),
      created_at: tx.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();

export const noteRefused = (tx: Tx, id: Id<"fleetImport">, refused: readonly object[]) =>
  tx
    .updateTable("vehicles.fleet_import")
    .set({ refused: json([...refused]) })
    .where("id", "=", id)
    .execute();
