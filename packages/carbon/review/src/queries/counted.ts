import { type Db, inPortion, mostOf, type Portion } from "@evx/db";

/** Requests by id, with when they were made and how they ended: for read models. */
export const requestRows = (db: Db, portion: Portion) =>
  db
    .selectFrom("verification.request")
    .select(["id", "owner_id", "vehicle_id", "status", "submitted_at", "claimed_at", "decided_at"])
    .select(["decided_by", "trip_count", "rejected_count", "issued_g"])
    .where(inPortion("id", portion))
    .orderBy("id")
    .limit(mostOf(portion))
    .execute();
