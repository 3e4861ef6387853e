import { type Db, sql } from "@evx/db";

/** Requests and batches that lack what they came from, in sentences. */
export const orphanFaults = async (db: Db): Promise<string[]> => {
  const { rows } = await sql<{ fault: string }>`
    select fault from verification.faults_of_requests()`.execute(db);
  return rows.map(({ fault }) => fault);
};
