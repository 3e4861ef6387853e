import { copyIn, type Db, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import type { RequestScope } from "./claims.ts";

/** The key of prints. It never leaves the server. */
export const printKey = async (db: Db): Promise<Uint8Array> => {
  const row = await db.selectFrom("vehicles.print_key").select("key").executeTakeFirstOrThrow();
  return row.key;
};

const copied = "month, car_id, import_id, trips, prints";

export const pageColumns = copied.split(", ").length;

/** Enters what was recorded together, by month, where other cars' requests look for it. */
export const copyPages = (tx: Tx, rows: Uint8Array): Promise<number> =>
  copyIn(tx, `copy vehicles.print_page (${copied}) from stdin (format binary)`, [rows]);

/** Trips of the import are there no more. */
export const dropPages = (tx: Tx, of: { carId: bigint; importId: Id<"import"> }) =>
  tx
    .deleteFrom("vehicles.print_page")
    .where("car_id", "=", of.carId)
    .where("import_id", "=", of.importId)
    .execute();

/**
 * Before a request looks for twins: its own trips are on pages, also those that a release before recorded, and all pages
 * are sorted in. `printed` are its trips that have a print, by month: only months of which too few are on pages are read.
 */
export const settlePages = async (
  tx: Tx,
  { carId, requestId }: Pick<RequestScope, "carId" | "requestId">,
  printed: ReadonlyMap<string, number>,
): Promise<void> => {
  const { rows } = await sql<{ month: string }>`
    select held.month::text from unnest(${[...printed.keys()]}::date[], ${[...printed.values()]}::int8[]) as held (month, trips)
    where held.trips > (select coalesce(sum(p.trips), 0) from vehicles.print_page p
      where p.car_id = ${carId} and p.month = held.month)`.execute(tx);
  if (rows.length > 0)
    await sql`
      insert into vehicles.print_page (month, car_id, trips, prints)
      select month, car_id, count(*), array_agg(print) || coalesce(array_agg(shape) filter (where shape is not null), '{}')
      from vehicles.trip
      where car_id = ${carId} and month = any(${rows.map(({ month }) => month)}::date[]) and request_id = ${requestId}
        and print is not null
      group by month, car_id`.execute(tx);
  await sql`select vehicles.sort_prints()`.execute(tx);
};
