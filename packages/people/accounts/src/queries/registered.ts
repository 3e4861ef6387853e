import { type Db, inPortion, mostOf, type Portion } from "@evx/db";

/** People by id, with when they registered and as what: for read models. */
export const registeredRows = (db: Db, portion: Portion) =>
  db
    .selectFrom("identity.user")
    .select(["id", "role", "created_at"])
    .where(inPortion("id", portion))
    .orderBy("id")
    .limit(mostOf(portion))
    .execute();
