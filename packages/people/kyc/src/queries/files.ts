import type { Database, Db, Tx } from "@evx/db";
import { sql } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import { day_ms } from "@evx/kernel";
import type { Insertable } from "kysely";

export const insertDocument = async (
  tx: Tx,
  row: Insertable<Database["identity.document"]>,
): Promise<void> => {
  await tx.insertInto("identity.document").values(row).execute();
};

/** How many pictures of a person wait to be handed in. */
export const countLooseDocuments = async (tx: Tx, userId: Id<"user">): Promise<number> => {
  const { n } = await tx
    .selectFrom("identity.document")
    .select(({ fn }) => fn.countAll<bigint>().as("n"))
    .where("user_id", "=", userId)
    .where("file_id", "is", null)
    .executeTakeFirstOrThrow();
  return Number(n);
};

/** Hands pictures in with a file; answers how many of them were there, theirs and loose. */
export const attachDocuments = async (
  tx: Tx,
  { userId, fileId, ids }: { userId: Id<"user">; fileId: Id<"kycFile">; ids: readonly Id<"document">[] },
): Promise<number> => {
  const attached = await tx
    .updateTable("identity.document")
    .set({ file_id: fileId })
    .where("id", "in", ids)
    .where("user_id", "=", userId)
    .where("file_id", "is", null)
    .returning("id")
    .execute();
  return attached.length;
};

export const documentRow = (db: Db, id: Id<"document">) =>
  db
    .selectFrom("identity.document")
    .select(["id", "user_id", "file_id", "content_type", "sealed", "created_at"])
    .where("id", "=", id)
    .executeTakeFirst();

export const documentsOfFile = (db: Db, fileId: Id<"kycFile">) =>
  db
    .selectFrom("identity.document")
    .select(["id", "content_type", "size", "created_at"])
    .where("file_id", "=", fileId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();

export const insertKycFile = async (
  tx: Tx,
  row: Insertable<Database["identity.kyc_file"]>,
): Promise<void> => {
  await tx.insertInto("identity.kyc_file").values(row).execute();
};

const files = (db: Db) =>
  db
    .selectFrom("identity.kyc_file as f")
    .select(["f.id", "f.user_id", "f.status", "f.country_code", "f.document_type", "f.submitted_at"])
    .select(["f.decided_at", "f.reason"]);

export type KycRow = Awaited<ReturnType<ReturnType<typeof files>["executeTakeFirstOrThrow"]>>;

export const latestFileOf = (db: Db, userId: Id<"user">): Promise<KycRow | undefined> =>
  files(db)
    .where("f.user_id", "=", userId)
    .orderBy("f.submitted_at", "desc")
    .orderBy("f.id", "desc")
    .limit(1)
    .executeTakeFirst();

export const kycRow = (db: Db, id: Id<"kycFile">): Promise<KycRow | undefined> =>
  files(db).where("f.id", "=", id).executeTakeFirst();

export const sealedFile = (db: Db, id: Id<"kycFile">) =>
  db
    .selectFrom("identity.kyc_file")
    .select(["sealed", "digest", "user_id"])
    .where("id", "=", id)
    .executeTakeFirst();

/** Other people whose files name the same document. */
export const countSameDocument = async (
  db: Db,
  userId: Id<"user">,
  digests: readonly Uint8Array[],
): Promise<number> => {
  const { n } = await db
    .selectFrom("identity.kyc_file")
    .select(({ fn }) => fn.count<bigint>("user_id").distinct().as("n"))
    .where(
      "digest",
      "in",
      digests.map((digest) => Buffer.from(digest)),
    )
    .where("user_id", "<>", userId)
    .executeTakeFirstOrThrow();
  return Number(n);
};

/** What waits comes oldest first, so that nobody is forgotten; what is decided, newest first. */
export const kycRows = (
  db: Db,
  { status, after, limit }: { status: KycRow["status"]; after: MomentKey<"kycFile"> | null; limit: number },
): Promise<KycRow[]> => {
  const waiting = status === "submitted";
  let query = files(db).where("f.status", "=", status);
  if (after)
    query = query.where(
      waiting
        ? sql<boolean>`(f.submitted_at, f.id) > (${after.at}, ${after.id})`
        : sql<boolean>`(f.submitted_at, f.id) < (${after.at}, ${after.id})`,
    );
  const direction = waiting ? "asc" : "desc";
  return query
    .orderBy("f.submitted_at", direction)
    .orderBy("f.id", direction)
    .limit(limit + 1)
    .execute();
};

/** The file's state, locked until the transaction ends. */
export const lockKycFile = (tx: Tx, id: Id<"kycFile">) =>
  tx
    .selectFrom("identity.kyc_file")
    .select(["id", "user_id", "status"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();

export const decideKycFile = async (
  tx: Tx,
  id: Id<"kycFile">,
  decision: { status: "verified" | "rejected"; decidedBy: Id<"user">; reason: string | null },
): Promise<void> => {
  await tx
    .updateTable("identity.kyc_file")
    .set({
      status: decision.status,
      decided_at: tx.at,
      decided_by: decision.decidedBy,
      reason: decision.reason,
    })
    .where("id", "=", id)
    .execute();
};

/** Some documents and files that lie under another key than the present one, locked so that two rotations share the work. */
export const underOtherKeys = async (tx: Tx, keyId: string, limit: number) => ({
  documents: await tx
    .selectFrom("identity.document")
    .select(["id", "sealed"])
    .where("key_id", "<>", keyId)
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute(),
  files: await tx
    .selectFrom("identity.kyc_file")
    .select(["id", "sealed", "country_code", "document_type"])
    .where("key_id", "<>", keyId)
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute(),
});

export const countUnderOtherKeys = async (db: Db, keyId: string): Promise<number> => {
  const { rows } = await sql<{ n: bigint }>`
    select (select count(*) from identity.document where key_id <> ${keyId})
      + (select count(*) from identity.kyc_file where key_id <> ${keyId}) as n`.execute(db);
  return Number(rows[0]?.n ?? 0n);
};

export const resealDocument = async (
  tx: Tx,
  id: Id<"document">,
  sealed: Uint8Array,
  keyId: string,
): Promise<void> => {
  await tx
    .updateTable("identity.document")
    .set({ sealed: Buffer.from(sealed), key_id: keyId })
    .where("id", "=", id)
    .execute();
};

export const resealFile = async (
  tx: Tx,
  id: Id<"kycFile">,
  { sealed, digest, keyId }: { sealed: Uint8Array; digest: Uint8Array; keyId: string },
): Promise<void> => {
  await tx
    .updateTable("identity.kyc_file")
    .set({ sealed: Buffer.from(sealed), digest: Buffer.from(digest), key_id: keyId })
    .where("id", "=", id)
    .execute();
};

/** Drops pictures that were sent and never handed in. */
export const pruneLooseDocuments = async (tx: Tx): Promise<void> => {
  await tx
    .deleteFrom("identity.document")
    .where("file_id", "is", null)
    .where("created_at", "<", new Date(tx.at.getTime() - day_ms))
    .execute();
};

export type DecidedFile = {
  id: Id<"kycFile">;
  user_id: Id<"user">;
  status: "verified" | "rejected";
  reason: string | null;
  at: Date;
};

/** Decided files by the moment of their decision, after a place and not later than `until`. */
export const decidedFileRows = async (
  db: Db,
  { after, until, limit }: { after: MomentKey<"kycFile"> | null; until: Date; limit: number },
): Promise<DecidedFile[]> => {
  const { rows } = await sql<DecidedFile>`
    select id, user_id, status, reason, decided_at as at from identity.kyc_file
    where decided_at <= ${until}
      and (${after?.at ?? null}::timestamptz is null or (decided_at, id) > (${after?.at ?? null}, ${after?.id ?? ""}))
    order by decided_at, id limit ${limit}`.execute(db);
  return rows;
};
