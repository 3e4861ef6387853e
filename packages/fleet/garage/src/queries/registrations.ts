import { type Db, inPortion, mostOf, type Portion } from "@evx/db";

/** Cars in garages by id, with whose they are and since when: for read models. */
export const registrationRows = (db: Db, portion: Portion) =>
  db
    .selectFrom("vehicles.vehicle")
    .select(["id", "owner_id", "created_at"])
    .where(inPortion("id", portion))
    .orderBy("id")
    .limit(mostOf(portion))
    .execute();
