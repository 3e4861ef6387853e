import type { Db, Tx } from "@evx/db";
import { type Id, newId } from "@evx/kernel";
import { aPayment, capturePayment, settleSale } from "@evx/payments/testing";

type World = { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

/** A settled sale, for which an invoice can be issued. */
export const aSale = async (
  world: World,
  input: { amount_minor?: bigint; buyerId?: Id<"user">; sellerId?: Id<"user"> } = {},
) => {
  const payment = await aPayment(world, { buyerId: newId("user"), ...input });
  await capturePayment(world, payment.id);
  await world.transact((tx) => settleSale(tx, payment.id));
  return payment;
};
