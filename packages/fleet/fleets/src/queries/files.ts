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
    headerKey: string;
    choices: object;
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
      header_key: row.headerKey,
      choices: Object.keys(row.choices).length > 0 ? json({ ...row.choices }) : null,
      created_at: tx.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();

/** What a fleet chose last for a file with this header. */
export const choicesRow = (db: Db, ownerId: Id<"user">, headerKey: string) =>
  db
    .selectFrom("vehicles.fleet_import")
    .select("choices")
    .where("owner_id", "=", ownerId)
    .where("header_key", "=", headerKey)
    .where("choices", "is not", null)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();

export const noteRefused = (tx: Tx, id: Id<"fleetImport">, refused: readonly object[]) =>
  tx
    .updateTable("vehicles.fleet_import")
    .set({ refused: json([...refused]) })
    .where("id", "=", id)
    .execute();
