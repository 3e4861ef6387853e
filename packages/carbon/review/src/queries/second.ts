import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";

/** Approvals that add up take turns until their transactions end. */
export const lockSums = (tx: Tx, of: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`verification.four_eyes ${of}`}, 0))`.execute(tx);

const summed = async (rows: Promise<{ grams: string } | undefined>): Promise<bigint> =>
  BigInt((await rows)?.grams ?? "0");

/** Grams issued since a moment for some vehicles. */
export const issuedOfVehicles = (db: Db, ids: readonly Id<"vehicle">[], since: Date): Promise<bigint> =>
  summed(
    db
      .selectFrom("verification.request")
      .where("vehicle_id", "in", [...new Set(ids)])
      .where("status", "=", "approved")
      .where("decided_at", ">=", since)
      .select((eb) => eb.fn.coalesce(eb.fn.sum<string>("issued_g"), sql<string>`0`).as("grams"))
      .executeTakeFirst(),
  );

/** Grams issued since a moment to an owner with the approval of a reviewer, the deciding one or the first. */
export const issuedOfPair = (
  db: Db,
  { ownerId, reviewerId, since }: { ownerId: Id<"user">; reviewerId: Id<"user">; since: Date },
): Promise<bigint> =>
  summed(
    db
      .selectFrom("verification.request as r")
      .where("r.owner_id", "=", ownerId)
      .where("r.status", "=", "approved")
      .where("r.decided_at", ">=", since)
      .where((eb) =>
        eb.or([
          eb("r.decided_by", "=", reviewerId),
          eb.exists(
            eb
              .selectFrom("verification.approval as a")
              .whereRef("a.request_id", "=", "r.id")
              .where("a.reviewer_id", "=", reviewerId)
              .select("a.reviewer_id"),
          ),
        ]),
      )
      .select((eb) => eb.fn.coalesce(eb.fn.sum<string>("r.issued_g"), sql<string>`0`).as("grams"))
      .executeTakeFirst(),
  );
