import { type Db, inPortion, mostOf, type Portion } from "@evx/db";

/** Listings by id, with who offered how much and when: for read models. */
export const listedRows = (db: Db, portion: Portion) =>
  db
    .selectFrom("marketplace.listing")
    .select(["id", "seller_id", "amount_g", "created_at"])
    .where(inPortion("id", portion))
    .orderBy("id")
    .limit(mostOf(portion))
    .execute();
