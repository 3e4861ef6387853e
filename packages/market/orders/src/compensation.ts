import { displayNames } from "@evx/accounts";
import { audit } from "@evx/audit";
import { batchNumbered, boughtOf, revocationsOf } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { type Grams, type Id, namedId, textFromMinor } from "@evx/kernel";
import { currencyOf } from "@evx/listings";
import { refundPayment } from "@evx/payments";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { lockOrder, ordersByIds } from "./queries/orders.ts";

/** The batch of that number. Refuses `revoked_batch_not_found` for a sound one as well. */
const revokedBatch = async (db: Db, number: bigint) => {
  const batch = await batchNumbered(db, number);
  if (!batch || !(await revocationsOf(db, [batch.id])).has(batch.id)) throw refuse("revoked_batch_not_found");
  return { batchId: batch.id, ownerId: batch.ownerId };
};

/** Sales that an operator can undo for a revoked batch: their buyers still have what they bought of it. */
export const revokedSales = async (db: Db, number: bigint) => {
  const bought = await boughtOf(db, await revokedBatch(db, number));
  const orders = (await ordersByIds(db, [...bought.keys()])).filter(({ sweep_id }) => sweep_id === null);
  const names = await displayNames(db, [...new Set(orders.map(({ buyer_id }) => buyer_id))]);
  return {
    items: orders.map((order) => ({
      orderId: order.id,
      buyer: { id: order.buyer_id, name: names.get(order.buyer_id) ?? "" },
      creditsAmount: order.amount_g,
      ofBatch: bought.get(order.id) ?? 0n,
      totalPrice: textFromMinor(order.total_minor, currencyOf(order)),
      currency: order.currency,
      soldAt: order.ended_at,
    })),
  };
};

/** What came of a sale is still with its buyer. */
const stillThere = (bought: ReadonlyMap<Id<"order">, Grams>, orderId: Id<"order">): boolean =>
  (bought.get(orderId) ?? 0n) > 0n;

/**
 * Gives the buyer of credits of a revoked batch their whole money back, from those who were given it. Once it has gone, the
 * credits go to their seller (`followCredits`), from whose wallet the batch's are taken back. Again, or twice at once: the
 * same refund. Refuses `revoked_batch_not_found`, `revoked_sale_not_found` and what `refundPayment` does.
 */
export const refundRevokedSale = async (
  tx: Tx,
  operator: Pick<Actor, "id">,
  { orderId, number, note }: { orderId: Id<"order">; number: bigint; note: string },
): Promise<{ refundId: Id<"refund"> }> => {
  const batch = await revokedBatch(tx, number);
  const order = await lockOrder(tx, orderId);
  if (order?.status !== "completed" || order.sweep_id) throw refuse("revoked_sale_not_found");
  if (!stillThere(await boughtOf(tx, batch), orderId)) throw refuse("revoked_sale_not_found");
  const refundId = await namedId("refund", `revoked ${order.payment_id}`);
  await refundPayment(tx, { paymentId: order.payment_id, reason: "operator", note, refundId });
  await audit(tx, operator, "order.refund_revoked", orderId, {
    after: { batch: String(number), refundId, note },
  });
  return { refundId };
};
