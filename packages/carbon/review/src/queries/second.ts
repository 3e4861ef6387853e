import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import type { People } from "../persons.ts";

/** Approvals that add up take turns until their transactions end. In the order of their names, so that none waits for the other. */
export const lockSums = (tx: Tx, of: readonly string[]) =>
  sql`
    select pg_advisory_xact_lock(hashtextextended('verification.four_eyes ' || name, 0))
    from (select distinct name from unnest(${[...of]}::text[]) name order by name) named`.execute(tx);

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

/** Grams issued since a moment to any of some owners with the approval of any of some reviewers, the deciding one or the first. */
export const issuedOfPair = async (
  db: Db,
  { owners, reviewers, since }: People & { since: Date },
): Promise<bigint> => {
  if (owners.length === 0 || reviewers.length === 0) return 0n;
  return summed(
    db
      .selectFrom("verification.request as r")
      .where("r.owner_id", "in", owners)
      .where("r.status", "=", "approved")
      .where("r.decided_at", ">=", since)
      .where((eb) =>
        eb.or([
          eb("r.decided_by", "in", reviewers),
          eb.exists(
            eb
              .selectFrom("verification.approval as a")
              .whereRef("a.request_id", "=", "r.id")
              .where("a.reviewer_id", "in", reviewers)
              .select("a.reviewer_id"),
          ),
        ]),
      )
      .select((eb) => eb.fn.coalesce(eb.fn.sum<string>("r.issued_g"), sql<string>`0`).as("grams"))
      .executeTakeFirst(),
  );
};
