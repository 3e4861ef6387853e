import type { Db } from "@evx/db";

/** The trail's lines of one request, oldest first. Reads the whole trail: for one person's use. */
export const auditOfCause = (db: Db, cause: string) =>
  db
    .selectFrom("identity.audit")
    .select(["at", "actor_id", "action", "object"])
    .where("cause", "=", cause)
    .orderBy("at")
    .orderBy("id")
    .execute();
