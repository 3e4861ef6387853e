import type { Db } from "@evx/db";
import { afterMoment, type Id, type PageInput } from "@evx/kernel";
import { sql } from "kysely";

export const paymentsOfBuyer = (db: Db, buyerId: Id<"user">, page: PageInput) => {
  const from = afterMoment("payment", page.cursor);
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

export const allPayments = (db: Db, page: PageInput, show: PaymentFilter, q?: string) => {
  const from = afterMoment("payment", page.cursor);
  let query = db
    .selectFrom("payments.payment")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (q)
    // Only whole names, each by its index: a payment, an order, a page or a charge as the gateway calls it.
    query = query.where((eb) =>
      eb.or([
        eb(eb.cast<string>("id", "text"), "=", q),
        eb(eb.cast<string>("order_id", "text"), "=", q),
        eb(
          "id",
          "in",
          eb
            .selectFrom("payments.attempt")
            .select("payment_id")
            .where((page) => page.or([page("ref", "=", q), page("charge_ref", "=", q)])),
        ),
      ]),
    );
  if (show === "flagged") query = query.where("flag", "is not", null);
  if (show === "unpaid") query = query.where("status", "in", ["created", "authorized", "failed", "expired"]);
  if (show === "paid") query = query.where("status", "=", "captured");
  if (show === "refunded") query = query.where("status", "in", ["refunded", "partially_refunded"]);
  if (show === "disputed") query = query.where("status", "=", "disputed");
  if (from) query = query.where(sql<boolean>`(created_at, id) < (${from.at}, ${from.id})`);
  return query.execute();
};
