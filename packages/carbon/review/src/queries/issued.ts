import { type Db, type Portion, portionOf, sql } from "@evx/db";

/** Requests and batches that lack what they came from, in sentences. */
export const orphanFaults = async (db: Db): Promise<string[]> => {
  const { rows } = await sql<{ fault: string }>`
    select fault from verification.faults_of_requests()`.execute(db);
  return rows.map(({ fault }) => fault);
};

/** Decisions that are told otherwise than the audit trail has them, in sentences. */
export const decisionFaults = async (db: Db): Promise<string[]> => {
  const { rows } = await sql<{ fault: string }>`
    select fault from verification.faults_of_decisions()`.execute(db);
  return rows.map(({ fault }) => fault);
};

/** Requests by id, with when they were made and how they ended: for read models. */
export const requestRows = (db: Db, portion: Portion) =>
  portionOf(db.selectFrom("verification.request").selectAll(), "id", portion);
