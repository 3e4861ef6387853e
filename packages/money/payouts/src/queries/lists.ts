import type { Db } from "@evx/db";
import { type Id, keyOfCursor, type PageInput } from "@evx/kernel";
import { sql } from "kysely";
import { columns } from "./withdrawals.ts";

/** The moment and id after which a page goes on; nothing for the first page. */
const after = (page: PageInput): { at: Date; id: string } | null => {
  const key = keyOfCursor(page.cursor, 2);
  if (!key) return null;
  const at = new Date(String(key[0]));
  return Number.isNaN(at.getTime()) ? null : { at, id: String(key[1]) };
};

export const withdrawalsOfUser = (db: Db, userId: Id<"user">, page: PageInput) => {
  const from = after(page);
  let query = db
    .selectFrom("payments.withdrawal")
    .select(columns)
    .where("user_id", "=", userId)
    .orderBy("requested_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (from) query = query.where(sql<boolean>`(requested_at, id) < (${from.at}, ${from.id})`);
  return query.execute();
};

export const allWithdrawals = (
  db: Db,
  page: PageInput,
  status: "requested" | "approved" | "sent" | "completed" | "failed" | undefined,
) => {
  const from = after(page);
  let query = db
    .selectFrom("payments.withdrawal")
    .select(columns)
    .orderBy("requested_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (status) query = query.where("status", "=", status);
  if (from) query = query.where(sql<boolean>`(requested_at, id) < (${from.at}, ${from.id})`);
  return query.execute();
};
