import { type Db, sql } from "@evx/db";
import type { Id } from "@evx/kernel";

/** The numbers of certificates by what they tell of: a request, a transfer or a retirement. */
export const certificateNumbers = async (
  db: Db,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (subjects.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; number: string }>`
    select subject, number from verification.certificates_of(${[...subjects]}::text[])`.execute(db);
  return new Map(rows.map(({ subject, number }) => [subject, number]));
};

/** The retirement that a certificate's number leads to. */
export const retirementNumbered = async (db: Db, number: string): Promise<Id<"retirement"> | null> => {
  const { rows } = await sql<{ id: Id<"retirement"> | null }>`
    select verification.retirement_numbered(${number}) as id`.execute(db);
  return rows[0]?.id ?? null;
};

/** The numbers of the batches whose grams a certificate names. */
export const batchesCertified = async (db: Db, number: string): Promise<bigint[]> => {
  const { rows } = await sql<{ number: bigint }>`
    select number from verification.batches_of_certificate(${number}) as number`.execute(db);
  return rows.map((row) => BigInt(row.number));
};
