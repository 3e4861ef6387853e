import { type Database, type Db, inPortion, mostOf, type Portion, type Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import type { RangeState } from "@evx/proof";
import { type Insertable, type Selectable, type SqlBool, sql } from "kysely";

type CertificateTable = Database["verification.certificate"];

export type CertificateRow = Selectable<CertificateTable> & {
  public_key: string;
  revoked_at: Date | null;
  revoked_by: Id<"user"> | null;
  revocation_reason: string | null;
};

const rows = (db: Db) =>
  db
    .selectFrom("verification.certificate as c")
    .innerJoin("verification.signing_key as k", "k.id", "c.key_id")
    .leftJoin("verification.revocation as v", "v.certificate_id", "c.id")
    .selectAll("c")
    .select(["k.public_key", "v.revoked_at", "v.revoked_by", "v.reason as revocation_reason"]);

export const certificateById = (db: Db, id: Id<"certificate">): Promise<CertificateRow | undefined> =>
  rows(db).where("c.id", "=", id).executeTakeFirst();

export const certificateByNumber = (db: Db, number: string): Promise<CertificateRow | undefined> =>
  rows(db).where("c.number", "=", number).executeTakeFirst();

export const certificateOf = (
  db: Db,
  kind: CertificateRow["kind"],
  subjectId: string,
): Promise<CertificateRow | undefined> =>
  rows(db).where("c.kind", "=", kind).where("c.subject_id", "=", subjectId).executeTakeFirst();

export type CertificateFilter = {
  holderId?: Id<"user"> | undefined;
  kind?: CertificateRow["kind"] | undefined;
  status?: "valid" | "revoked" | undefined;
  /** Certificates of issuance that this reviewer decided. */
  decidedBy?: Id<"user"> | undefined;
  /** A part of a number, of a batch's serial number or of a name, folded as `words` are. */
  search?: string | undefined;
  /** Certificates of any of these grams. */
  grams?: { batchId: Id<"batch">; first_g: bigint; last_g: bigint } | undefined;
};

/** Certificates, newest first, going on after a moment and id. */
export const certificateRows = (
  db: Db,
  filter: CertificateFilter,
  limit: number,
  after: { at: Date; id: string } | null,
): Promise<CertificateRow[]> => {
  let query = rows(db).orderBy("c.issued_at", "desc").orderBy("c.id", "desc").limit(limit);
  if (filter.holderId) query = query.where("c.holder_id", "=", filter.holderId);
  if (filter.kind) query = query.where("c.kind", "=", filter.kind);
  if (filter.status) query = query.where("v.revoked_at", filter.status === "valid" ? "is" : "is not", null);
  const { decidedBy, search, grams } = filter;
  if (decidedBy) query = query.where("c.decided_by", "=", decidedBy);
  if (search) query = query.where("c.words", "like", `%${search.replace(/[\\%_]/g, "\\$&")}%`);
  if (grams)
    query = query.where("c.id", "in", (eb) =>
      eb
        .selectFrom("verification.certificate_lot")
        .select("certificate_id")
        .where("batch_id", "=", grams.batchId)
        .where("first_g", "<=", grams.last_g)
        .where("last_g", ">=", grams.first_g),
    );
  if (after)
    query = query.where(sql<SqlBool>`(c.issued_at, c.id) < (${after.at}::timestamptz, ${after.id}::text)`);
  return query.execute();
};

/** Stores a certificate with its lots. False when one of that kind and subject is there already. */
export const insertCertificate = async (
  tx: Tx,
  row: Insertable<CertificateTable>,
  lots: readonly { batchId: Id<"batch">; first_g: bigint; last_g: bigint }[],
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("verification.certificate")
    .values(row)
    // Of whichever key: its id follows from kind and subject, and two at once may meet at either.
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) return false;
  for (let at = 0; at < lots.length; at += 1_000) {
    await tx
      .insertInto("verification.certificate_lot")
      .values(
        lots.slice(at, at + 1_000).map((lot) => ({
          certificate_id: row.id,
          batch_id: lot.batchId,
          first_g: lot.first_g,
          last_g: lot.last_g,
        })),
      )
      .execute();
  }
  return true;
};

/** The numbers of certificates by what they certify; none for a subject without one. */
export const numberRows = (
  db: Db,
  kind: CertificateRow["kind"],
  subjectIds: readonly string[],
): Promise<{ subject_id: string; number: string }[]> =>
  db
    .selectFrom("verification.certificate")
    .where("kind", "=", kind)
    .where("subject_id", "=", sql<string>`any(${[...subjectIds]}::text[])`)
    .select(["subject_id", "number"])
    .execute();

/** Certificates that sales and gifts ask for; each is walked by a mark of its own. */
export type PassedKind = "purchase" | "transfer";

/** How far purchases, or gifts, are known to be certified; undefined before the first round. */
export const certifiedUntil = (
  db: Db,
  kind: PassedKind,
): Promise<{ at: Date; id: Id<"transfer"> } | undefined> =>
  db
    .selectFrom("verification.certified_until")
    .where("kind", "=", kind)
    .select(["at", "transfer_id as id"])
    .executeTakeFirst();

/** Goes on to a later sale; never back, so that two rounds at once do no harm. */
export const moveCertifiedUntil = async (
  tx: Tx,
  kind: PassedKind,
  { at, id }: { at: Date; id: Id<"transfer"> },
): Promise<void> => {
  await tx
    .insertInto("verification.certified_until")
    .values({ kind, at, transfer_id: id })
    .onConflict((conflict) =>
      conflict
        .column("kind")
        .doUpdateSet((eb) => ({ at: eb.ref("excluded.at"), transfer_id: eb.ref("excluded.transfer_id") }))
        .where(
          sql<SqlBool>`(certified_until.at, certified_until.transfer_id) < (excluded.at, excluded.transfer_id)`,
        ),
    )
    .execute();
};

/** False when it was revoked before. */
export const insertRevocation = async (
  tx: Tx,
  row: { certificateId: Id<"certificate">; reason: string; revokedBy: Id<"user"> },
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("verification.revocation")
    .values({
      certificate_id: row.certificateId,
      reason: row.reason,
      revoked_by: row.revokedBy,
      revoked_at: tx.at,
    })
    .onConflict((conflict) => conflict.column("certificate_id").doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
};

/** Certificates of retirement by id: for read models. */
export const retirementCertificateRows = (db: Db, portion: Portion) =>
  db
    .selectFrom("verification.certificate")
    .select(["id", "holder_id", "credits_g", "issued_at"])
    .where("kind", "=", "retirement")
    .where(inPortion("id", portion))
    .orderBy("id")
    .limit(mostOf(portion))
    .execute();

/** A run of a certificate's grams and what became of it. */
export type StandingRow = {
  certificate_id: Id<"certificate">;
  batch_id: Id<"batch">;
  first_g: bigint;
  last_g: bigint;
  state: RangeState["state"];
  /** Of all of the certificate's runs, also of those that are not among the rows. */
  current_g: bigint;
  retired_g: bigint;
  all_g: bigint;
  /** How many runs there are, and how many of them are current. */
  runs: number;
  current_runs: number;
};

/** What became of certificates' grams: sums over all of each one's runs, and its first runs one by one. */
export const standingRows = async (
  db: Db,
  ids: readonly Id<"certificate">[],
  mostRuns: number,
): Promise<StandingRow[]> => {
  if (ids.length === 0) return [];
  const { rows } = await sql<StandingRow>`
    select certificate_id, batch_id, first_g, last_g, state, current_g::bigint, retired_g::bigint, all_g::bigint,
      runs::int, current_runs::int
    from (
      select s.*, row_number() over (partition by certificate_id order by batch_id, first_g) as place,
        coalesce(sum(last_g - first_g + 1) filter (where state = 'current') over whole, 0) as current_g,
        coalesce(sum(last_g - first_g + 1) filter (where state = 'retired') over whole, 0) as retired_g,
        sum(last_g - first_g + 1) over whole as all_g, count(*) over whole as runs,
        count(*) filter (where state = 'current') over whole as current_runs
      from verification.standing_of(${ids}::text[], null) s window whole as (partition by certificate_id)
    ) run
    where place <= ${mostRuns} order by certificate_id, batch_id, first_g`.execute(db);
  return rows;
};

/** What became of a certificate's grams, by state: how many runs, of how many grams. */
export const standingSums = async (
  db: Db,
  id: Id<"certificate">,
): Promise<{ state: RangeState["state"]; runs: number; grams: bigint }[]> => {
  const { rows } = await sql<{ state: RangeState["state"]; runs: number; grams: bigint }>`
    select state, count(*)::int as runs, sum(last_g - first_g + 1)::bigint as grams
    from verification.standing_of(${[id]}::text[], null) group by state order by state`.execute(db);
  return rows;
};

/** Certificates by the moment they were issued, after a place and not later than `until`. */
export const issuedCertificateRows = async (
  db: Db,
  { after, until, limit }: { after: MomentKey<"certificate"> | null; until: Date; limit: number },
): Promise<{ id: Id<"certificate">; holder_id: Id<"user">; number: string; at: Date }[]> => {
  let query = db
    .selectFrom("verification.certificate")
    .select(["id", "holder_id", "number", "issued_at as at"])
    .where("issued_at", "<=", until)
    .orderBy("issued_at")
    .orderBy("id")
    .limit(limit);
  if (after)
    query = query
      .where("issued_at", ">=", after.at)
      .where(sql<SqlBool>`(issued_at, id) > (${after.at}::timestamptz, ${after.id}::text)`);
  return query.execute();
};
