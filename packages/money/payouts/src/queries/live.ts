import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";

/** How each person's withdrawals stand, by user id: one text that changes when any of them does. */
export const withdrawalVersions = async (
  db: Db,
  userIds: readonly Id<"user">[],
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
