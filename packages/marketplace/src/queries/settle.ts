import { sql, type Tx } from "@evx/db";
import { emitSql, type Said } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { type Posting, postingSql, refusing } from "@evx/ledger";
import { settlementSql } from "@evx/payments";

/**
 * Settles a paid order in one statement: completes it, takes its payment for the seller and its grams off the
 * listing, posts the transfer and leaves the events, so the locks of shared accounts last no longer than the commit.
 * The posting runs only when order, payment and listing each gave their row, and after them, which keeps the order
 * of locks. Answers how many orders and payments there were: 1 and 1, or nothing was posted.
 */
export const callSettle = async (
  tx: Tx,
  order: { id: Id<"order">; payment_id: Id<"payment"> },
  posting: Posting,
  said: readonly Said[],
): Promise<{ orders: number; payments: number }> => {
  const { rows } = await refusing(
    sql<{ orders: number; payments: number }>`
    with done as (
      update marketplace."order" set status = 'completed', ended_at = ${tx.at}
      where id = ${order.id} and status = 'paid'
      returning listing_id, amount_g
    ), money as (
      ${settlementSql(tx, order.payment_id)}
    ), lot as (
      update marketplace.listing l set
        sold_g = sold_g + done.amount_g,
        status = case when l.status = 'active' and sold_g + done.amount_g + returned_g = l.amount_g
          then 'sold' else l.status end,
        ended_at = case when l.status = 'active' and sold_g + done.amount_g + returned_g = l.amount_g
          then ${tx.at} else l.ended_at end
      from done, money where l.id = done.listing_id
      returning l.id
    ), told as (
      ${emitSql(tx, "lot", said)}
    )
    select (select count(*)::int from done) as orders, (select count(*)::int from money) as payments,
      (select ${postingSql(tx.at, posting)} from lot) as replayed`.execute(tx),
  );
  return rows[0] ?? { orders: 0, payments: 0 };
};
