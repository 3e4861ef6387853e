import { type Db, sql } from "@evx/db";
import type { Id } from "@evx/kernel";

export type SellerRecord = {
  sales: bigint;
  grams: bigint;
  buyers: bigint;
  first_at: Date | null;
  last_at: Date | null;
  disputed: bigint;
  refunded: bigint;
};

/** What somebody has sold so far, and how many of those sales were objected to and ended with money going back. */
export const sellerRecord = async (db: Db, sellerId: Id<"user">): Promise<SellerRecord> => {
  const { rows } = await sql<SellerRecord>`
    select count(*) as sales, coalesce(sum(o.amount_g), 0)::bigint as grams, count(distinct o.buyer_id) as buyers,
      min(o.ended_at) as first_at, max(o.ended_at) as last_at,
      count(*) filter (where d.order_id is not null) as disputed,
      count(*) filter (where d.refunded) as refunded
    from marketplace.order o
    left join lateral (
      select max(d.order_id) as order_id, bool_or(d.outcome in ('refund', 'partial_refund')) as refunded
      from marketplace.dispute d where d.buyer_id = o.buyer_id and d.order_id = coalesce(o.sweep_id, o.id)
    ) d on true
    where o.seller_id = ${sellerId} and o.status = 'completed'`.execute(db);
  const [row] = rows;
  if (!row) throw new Error("an aggregate has one row");
  return row;
};
