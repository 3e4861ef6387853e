import { type Db, type Portion, portionOf } from "@evx/db";

/** Requests by id, with when they were made and how they ended: for read models. */
export const requestRows = (db: Db, portion: Portion) =>
  portionOf(db.selectFrom("verification.request").selectAll(), "id", portion);
