import { type Db, sql } from "@evx/db";

/** Certificates of retirement by id, `limit` after the given one: for read models that are built again. */
export const retirementCertificateRows = (db: Db, after: string, limit: number) =>
  db
    .selectFrom("verification.certificate")
    .select(["id", "holder_id", "credits_g", "issued_at"])
    .where("kind", "=", "retirement")
    .where(sql<boolean>`id > ${after}`)
    .orderBy("id")
    .limit(limit)
    .execute();
