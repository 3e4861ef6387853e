import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";

/** The newest factor of each year that an operator had entered by a moment. */
export const gridFactorRows = (db: Db, countryCode: string, at: Date) =>
  db
    .selectFrom("vehicles.grid_factor")
    .distinctOn("year")
    .select(["year", "version", "grid_mg_per_kwh", "source"])
    .where("country_code", "=", countryCode)
    .where("set_at", "<=", at)
    .orderBy("year")
    .orderBy("version", "desc")
    .execute();

/** Versions count up without gaps: two operators at once are one after the other. */
export const insertGridFactor = async (
  tx: Tx,
  factor: { countryCode: string; year: number; grid_mg_per_kwh: number; source: string; setBy: Id<"user"> },
) => {
  const key = `vehicles.grid_factor:${factor.countryCode}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
  return tx
    .insertInto("vehicles.grid_factor")
    .values(({ selectFrom }) => ({
      country_code: factor.countryCode,
      year: factor.year,
      version: selectFrom("vehicles.grid_factor")
        .where("country_code", "=", factor.countryCode)
        .where("year", "=", factor.year)
        .select(sql<number>`coalesce(max(version), 0) + 1`.as("next")),
      grid_mg_per_kwh: factor.grid_mg_per_kwh,
      source: factor.source,
      set_by: factor.setBy,
      set_at: tx.at,
    }))
    .returning(["country_code", "year", "version", "grid_mg_per_kwh", "source", "set_at"])
    .executeTakeFirstOrThrow();
};

export const gridFactorHistory = (db: Db, countryCode: string) =>
  db
    .selectFrom("vehicles.grid_factor")
    .selectAll()
    .where("country_code", "=", countryCode)
    .orderBy("year", "desc")
    .orderBy("version", "desc")
    .execute();
