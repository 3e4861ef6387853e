import type { Db } from "@evx/db";
import { type Id, keyOfCursor, type PageInput } from "@evx/kernel";
import { sql } from "kysely";

/** The moment and id after which a page goes on; nothing for the first page. */
const after = (page: PageInput): { at: Date; id: string } | null => {
  const key = keyOfCursor(page.cursor, 2);
  if (!key) return null;
  const at = new Date(String(key[0]));
  return Number.isNaN(at.getTime()) ? null : { at, id: String(key[1]) };
};

export const paymentsOfBuyer = (db: Db, buyerId: Id<"user">, page: PageInput) => {
  const from = after(page);
  let query = db
    .selectFrom("payments.payment")
    .selectAll()
    .where("buyer_id", "=", buyerId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (from) query = query.where(sql<boolean>`(created_at, id) < (${from.at}, ${from.id})`);
  return query.execute();
};

export type PaymentFilter = "all" | "flagged" | "unpaid" | "paid" | "refunded" | "disputed";

export const allPayments = (db: Db, page: PageInput, show: PaymentFilter) => {
  const from = after(page);
  let query = db
    .selectFrom("payments.payment")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (show === "flagged") query = query.where("flag", "is not", null);
  if (show === "unpaid") query = query.where("status", "in", ["created", "authorized", "failed", "expired"]);
  if (show === "paid") query = query.where("status", "=", "captured");
  if (show === "refunded") query = query.where("status", "in", ["refunded", "partially_refunded"]);
  if (show === "disputed") query = query.where("status", "=", "disputed");
  if (from) query = query.where(sql<boolean>`(created_at, id) < (${from.at}, ${from.id})`);
  return query.execute();
};
