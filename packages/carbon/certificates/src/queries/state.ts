import { type Db, sql } from "@evx/db";

/** One row a certificate, batch, retirement, revocation and key, as the tables say at this moment. */
export type StateRow = { kind: string; facts: Record<string, unknown> };

/**
 * What the registry's own rows say now, in the words of the log's entries, so that a monitor can hold one against the
 * other. Hashes are computed here and now from the rows.
 */
export const stateRows = async (db: Db): Promise<StateRow[]> => {
  const { rows } = await sql<StateRow>`
    select kind, facts from verification.registry_state()`.execute(db);
  return rows;
};
