import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";

/** When each payment last changed, by its order's id. */
export const paymentVersions = async (
  db: Db,
  orderIds: readonly Id<"order">[],
): Promise<Map<string, string>> => {
  const rows = await db
    .selectFrom("payments.payment")
    .select(["order_id", "changed_at", "status", "settled_at"])
    .where("order_id", "in", orderIds)
    .execute();
  // Two changes can share a millisecond, so the status is part of the version.
  return new Map(
    rows.map((row) => [
      row.order_id,
      `${row.changed_at.getTime()}-${row.status}-${row.settled_at ? "settled" : "open"}`,
    ]),
  );
};
