import type { Db } from "@evx/db";
import { afterMoment, type Id, type PageInput } from "@evx/kernel";
import { sql } from "kysely";
import { columns } from "./withdrawals.ts";

export const withdrawalsOfUser = (db: Db, userId: Id<"user">, page: PageInput) => {
  const from = afterMoment("withdrawal", page.cursor);
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
  const from = afterMoment("withdrawal", page.cursor);
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
