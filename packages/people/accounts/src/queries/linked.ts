import { type Db, sql } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { MarkKind } from "../schema.ts";

/** Two accounts that share something. */
export type LinkRow = { userId: Id<"user">; peerId: Id<"user">; mark: MarkKind };

/** Accounts that share something with some people, and those that share something with these, so many steps on. */
export const linkRows = async (
  db: Db,
  userIds: readonly Id<"user">[],
  { marks, steps }: { marks: readonly MarkKind[]; steps: number },
): Promise<LinkRow[]> => {
  const { rows } = await sql<LinkRow>`
    select user_id as "userId", peer_id as "peerId", mark
    from identity.linked_accounts(${[...userIds]}::text[], ${[...marks]}::text[], ${steps}::int)`.execute(db);
  return rows;
};
