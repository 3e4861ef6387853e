import type { Database, Db, Tx } from "@evx/db";
import { sql } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

export type RetirementRow = Omit<Selectable<Database["credits.retirement"]>, "words">;

const retirementColumns = [
  "id",
  "transfer_id",
  "holder_id",
  "grams_g",
  "beneficiary_name",
  "beneficiary_country",
  "beneficiary_lei",
  "period_from",
  "period_to",
  "reason",
  "message",
  "retired_at",
] as const;

/** Answers false when a retirement under that id is there already. */
export const insertRetirement = async (
  tx: Tx,
  row: Insertable<Database["credits.retirement"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("credits.retirement")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

export const retirementRow = (db: Db, id: Id<"retirement">): Promise<RetirementRow | undefined> =>
  db.selectFrom("credits.retirement").select(retirementColumns).where("id", "=", id).executeTakeFirst();

/** The retirements that these transfers made, with their beneficiaries. */
export const retirementsNamed = (db: Db, transferIds: readonly Id<"transfer">[]) =>
  db
    .selectFrom("credits.retirement")
    .select(["id", "transfer_id", "beneficiary_name", "beneficiary_lei", "reason"])
    .where("transfer_id", "=", sql<Id<"transfer">>`any(${[...transferIds]}::text[])`)
    .execute();

/** The retirements that these transfers made. */
export const retirementsByTransfers = (
  db: Db,
  transferIds: readonly Id<"transfer">[],
): Promise<{ id: Id<"retirement">; transfer_id: Id<"transfer"> }[]> =>
  db
    .selectFrom("credits.retirement")
    .select(["id", "transfer_id"])
    .where("transfer_id", "=", sql<Id<"transfer">>`any(${[...transferIds]}::text[])`)
    .execute();

export type RetirementFilter = {
  words?: string | undefined;
  holderId?: Id<"user"> | undefined;
  /** Those alone that these transfers made, or that has this id. */
  transferIds?: readonly Id<"transfer">[] | undefined;
  id?: Id<"retirement"> | undefined;
  /** Those alone that were made within these moments, the last not included. */
  within?: { from: Date; to: Date } | undefined;
  /** Those alone that were made in a calendar year, as a zone's clocks tell it. */
  year?: { year: number; zone: string } | undefined;
};

/** A new year's first moment in a zone. */
const newYear = (year: number, zone: string) =>
  sql<Date>`(make_date(${year}::int, 1, 1)::timestamp at time zone ${zone})`;

/** The day of each moment in a zone, as "2026-03-01". */
export const daysIn = async (db: Db, zone: string, moments: readonly Date[]): Promise<string[]> => {
  const { rows } = await sql<{ day: string }>`
    select (moment at time zone ${zone})::date::text as day
    from unnest(${moments.map((at) => at.toISOString())}::timestamptz[]) with ordinality as each (moment, place)
    order by place`.execute(db);
  return rows.map(({ day }) => day);
};

/** Retirements, newest first, after the one that a cursor names. */
export const retirementPage = (
  db: Db,
  filter: RetirementFilter,
  limit: number,
  before: { at: Date; id: string } | null,
): Promise<RetirementRow[]> => {
  let query = db
    .selectFrom("credits.retirement")
    .select(retirementColumns)
    .orderBy("retired_at", "desc")
    .orderBy("id", "desc")
    .limit(limit);
  if (filter.holderId) query = query.where("holder_id", "=", filter.holderId);
  if (filter.id) query = query.where("id", "=", filter.id);
  if (filter.transferIds)
    query = query.where("transfer_id", "=", sql<Id<"transfer">>`any(${[...filter.transferIds]}::text[])`);
  if (filter.within)
    query = query.where("retired_at", ">=", filter.within.from).where("retired_at", "<", filter.within.to);
  if (filter.year) {
    const { year, zone } = filter.year;
    query = query
      .where("retired_at", ">=", newYear(year, zone))
      .where("retired_at", "<", newYear(year + 1, zone));
  }
  for (const word of filter.words?.split(" ").filter(Boolean) ?? []) {
    query = query.where("words", "like", `%${word.replace(/[\\%_]/g, "\\$&")}%`);
  }
  if (before) query = query.where(sql<boolean>`(retired_at, id) < (${before.at}::timestamptz, ${before.id})`);
  return query.execute();
};

/** Retirements after an id, with the words by which searches find them. */
export const findableRetirements = (db: Db, after: string, limit: number) =>
  db
    .selectFrom("credits.retirement")
    .select(["id", "beneficiary_name", "message", "words"])
    .where("id", ">", sql<Id<"retirement">>`${after}`)
    .orderBy("id")
    .limit(limit)
    .execute();
