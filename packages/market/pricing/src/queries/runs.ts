import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Insertable, Selectable } from "kysely";

export type RunRow = Selectable<Database["pricing.model_run"]>;

/** The model that hints are read from. */
export const servingRun = (db: Db, currency: string): Promise<RunRow | undefined> =>
  db
    .selectFrom("pricing.model_run")
    .selectAll()
    .where("currency", "=", currency)
    .where("status", "=", "serving")
    .executeTakeFirst();

/** The newest training, whatever became of it. */
export const lastRun = (db: Db, currency: string): Promise<RunRow | undefined> =>
  db
    .selectFrom("pricing.model_run")
    .selectAll()
    .where("currency", "=", currency)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();

/** How many sales and people the newest training found. */
export const lastCounts = (
  db: Db,
  currency: string,
): Promise<Pick<RunRow, "trades" | "traders"> | undefined> =>
  db
    .selectFrom("pricing.model_run")
    .select(["trades", "traders"])
    .where("currency", "=", currency)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();

/** The newest trainings without their models, the newest first. */
export const runRows = (db: Db, currency: string, limit: number): Promise<Omit<RunRow, "model">[]> =>
  db
    .selectFrom("pricing.model_run")
    .select([
      "currency",
      "version",
      "status",
      "reason",
      "started_at",
      "ended_at",
      "took_ms",
      "first_sale_at",
      "last_sale_at",
      "last_order_id",
      "trades",
      "traders",
      "features",
      "parameters",
      "metrics",
      "rung",
    ])
    .where("currency", "=", currency)
    .orderBy("version", "desc")
    .limit(limit)
    .execute();

/** Makes trainings of one currency take turns as they store what they learned. */
export const lockRuns = async (tx: Tx, currency: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`pricing.model_run:${currency}`}, 0))`.execute(
    tx,
  );
};

/** Takes the serving model out of service. */
export const retireServing = async (tx: Tx, currency: string): Promise<void> => {
  await tx
    .updateTable("pricing.model_run")
    .set({ status: "replaced", model: null })
    .where("currency", "=", currency)
    .where("status", "=", "serving")
    .execute();
};

export const insertRun = async (tx: Tx, run: Insertable<Database["pricing.model_run"]>): Promise<void> => {
  await tx.insertInto("pricing.model_run").values(run).execute();
};
