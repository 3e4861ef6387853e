import type { Db } from "@evx/db";

/** When each payment last changed, by its order's id. */
export const paymentVersions = async (db: Db, orderIds: readonly string[]): Promise<Map<string, string>> => {
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

/** How each person's withdrawals stand, by user id: one text that changes when any of them does. */
export const withdrawalVersions = async (
  db: Db,
  userIds: readonly string[],
): Promise<Map<string, string>> => {
  const rows = await db
    .selectFrom("payments.withdrawal")
    .select(["user_id", "status"])
    .select(({ fn }) => [fn.countAll<bigint>().as("count"), fn.max("looked_at").as("looked_at")])
    .where("user_id", "in", userIds)
    .groupBy(["user_id", "status"])
    .orderBy("status")
    .execute();
  const versions = new Map(userIds.map((id) => [id, ""]));
  for (const row of rows) {
    versions.set(
      row.user_id,
      `${versions.get(row.user_id)}${row.status}${row.count}@${row.looked_at?.getTime()};`,
    );
  }
  return versions;
};
