import { type Db, sql } from "@evx/db";

/** What rows are held against: each is a function of the schema, and answers sentences that name a row. */
export const rowChecks = [
  "faults_of_retirements",
  "faults_of_lots",
  "faults_of_subjects",
  "faults_of_batches",
  "faults_of_entries",
  "faults_of_traces",
  "faults_of_moments",
  "faults_of_replacements",
  "faults_of_rules",
  "faults_of_checkpoints",
  "faults_of_deeds",
  "faults_of_people",
] as const;

/** The faults that one of the checks finds. */
export const rowFaults = async (db: Db, check: (typeof rowChecks)[number]): Promise<string[]> => {
  const { rows } = await sql<{ fault: string }>`select fault from ${sql.id("verification", check)}()`.execute(
    db,
  );
  return rows.map(({ fault }) => fault);
};

/** Grams that moved on before a moment, for which the certificate of whoever had them still reads current. */
export const holderFaults = async (db: Db, before: Date): Promise<string[]> => {
  const { rows } = await sql<{ fault: string }>`
    select fault from verification.faults_of_holders(${before})`.execute(db);
  return rows.map(({ fault }) => fault);
};

/** Checkpoints as they were published, by size. */
export const checkpointRows = (db: Db) =>
  db.selectFrom("log.checkpoint").select(["size", "root", "note"]).orderBy("size").execute();

/** Trees by their batch, so many after the given one. */
export const treeRows = (db: Db, after: string, limit: number) =>
  db
    .selectFrom("verification.tree as t")
    .select(["t.batch_id", "t.root", "t.leaves", "t.sums", "t.sum_g"])
    .where("t.batch_id", ">", sql<never>`${after}`)
    .orderBy("t.batch_id")
    .limit(limit)
    .execute();
