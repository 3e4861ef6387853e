import { type Database, type Db, json, type Tx } from "@evx/db";
import type { Selectable } from "kysely";
import type { KeptLine } from "../lines.ts";

export type LineRow = Selectable<Database["identity.log_line"]>;

export const insertLines = async (tx: Tx, lines: readonly KeptLine[]): Promise<void> => {
  if (lines.length === 0) return;
  await tx
    .insertInto("identity.log_line")
    .values(
      lines.map(({ at, level, service, message, requestId, userId, about }) => ({
        at,
        level,
        service,
        message,
        request_id: requestId,
        user_id: userId,
        about: json(about),
      })),
    )
    .execute();
};

export const lineRows = (
  db: Db,
  {
    level,
    requestId,
    userId,
    before,
    limit,
  }: {
    level?: "warn" | "error" | undefined;
    requestId?: string | undefined;
    userId?: string | undefined;
    before: bigint | null;
    limit: number;
  },
): Promise<LineRow[]> => {
  let query = db.selectFrom("identity.log_line").selectAll();
  if (level) query = query.where("level", "=", level);
  if (requestId) query = query.where("request_id", "=", requestId);
  if (userId) query = query.where("user_id", "=", userId);
  if (before !== null) query = query.where("id", "<", before);
  return query
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
};

/** Answers how many were old enough to go. */
export const deleteLinesBefore = async (tx: Tx, moment: Date): Promise<number> => {
  const { numDeletedRows } = await tx
    .deleteFrom("identity.log_line")
    .where("at", "<", moment)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
};
