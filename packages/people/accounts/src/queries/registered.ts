import { type Db, sql } from "@evx/db";

/** People by id, `limit` after the given one, with when they registered: for read models that are built again. */
export const registeredRows = (db: Db, after: string, limit: number) =>
  db
    .selectFrom("identity.user")
    .select(["id", "created_at"])
    .where(sql<boolean>`id > ${after}`)
    .orderBy("id")
    .limit(limit)
    .execute();
