import type { Database, Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

export type DepositRow = Selectable<Database["marketplace.deposit"]>;

/** False when the bidder has one in that auction already. */
export const insertDeposit = async (
  tx: Tx,
  row: Insertable<Database["marketplace.deposit"]>,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("marketplace.deposit")
    .values(row)
    .onConflict((conflict) => conflict.columns(["listing_id", "bidder_id"]).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
};

/** What is still set aside for an auction. */
export const openDeposits = (db: Db, listingId: Id<"listing">): Promise<DepositRow[]> =>
  db
    .selectFrom("marketplace.deposit")
    .selectAll()
    .where("listing_id", "=", listingId)
    .where("ended_at", "is", null)
    .execute();

export const endDeposits = async (
  tx: Tx,
  {
    listingId,
    bidders,
    outcome,
  }: { listingId: Id<"listing">; bidders: readonly Id<"user">[]; outcome: "returned" | "kept" },
): Promise<void> => {
  await tx
    .updateTable("marketplace.deposit")
    .set({ ended_at: tx.at, outcome })
    .where("listing_id", "=", listingId)
    .where("bidder_id", "in", bidders)
    .where("ended_at", "is", null)
    .execute();
};

/** Auctions that are over and for which somebody still has a deposit set aside; after one of them. */
export const auctionsWithDeposits = async (
  db: Db,
  { after, limit }: { after: string; limit: number },
): Promise<Id<"listing">[]> => {
  const rows = await db
    .selectFrom("marketplace.deposit as d")
    .innerJoin("marketplace.auction as a", "a.listing_id", "d.listing_id")
    .select("d.listing_id")
    .distinct()
    .where("d.ended_at", "is", null)
    .where("a.status", "!=", "live")
    .where((eb) => eb(eb.cast<string>("d.listing_id", "text"), ">", after))
    .orderBy("d.listing_id")
    .limit(limit)
    .execute();
  return rows.map(({ listing_id }) => listing_id);
};
