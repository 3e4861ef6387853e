import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Insertable, Selectable } from "kysely";

export type StandingRow = Selectable<Database["venue.standing"]>;

/** The newest line; undefined where nobody ever closed the venue. */
export const standingRow = (db: Db): Promise<StandingRow | undefined> =>
  db.selectFrom("venue.standing").selectAll().orderBy("seq", "desc").limit(1).executeTakeFirst();

/** The newest line once nobody else can add one before this transaction ends. */
export const lockStanding = async (tx: Tx): Promise<StandingRow | undefined> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('venue.standing', 0))`.execute(tx);
  return standingRow(tx);
};

export const insertStanding = async (
  tx: Tx,
  row: Insertable<Database["venue.standing"]>,
): Promise<StandingRow> =>
  tx.insertInto("venue.standing").values(row).returningAll().executeTakeFirstOrThrow();

/** The newest changes first. */
export const standingRows = (db: Db, limit: number): Promise<StandingRow[]> =>
  db.selectFrom("venue.standing").selectAll().orderBy("seq", "desc").limit(limit).execute();
