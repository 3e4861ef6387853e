import { drain, tick } from "@evx/jobs/testing";
import type { Id } from "@evx/kernel";
import { capturePayment } from "@evx/payments/testing";
import type { Actor } from "@evx/rpc";
import type { Runtime } from "@evx/runtime";
import { contextAs } from "./people.ts";

const training = "pricing.train";

/** Does what waits for the worker, which does not run yet while the demo world is laid out; all but learning prices after each sale. */
export const settle = (runtime: Runtime): Promise<unknown> =>
  drain(
    runtime,
    runtime.handlers.filter(({ queue }) => queue !== training),
  );

/** Learns prices from all sales at once. */
export const learnPrices = async (runtime: Runtime): Promise<void> => {
  await tick(runtime, runtime.handlers, "pricing.train_due");
  await drain(runtime, runtime.handlers);
};

/** Asks for credits for a car's trips up to a moment, or for all that are not claimed yet. */
export const seedRequest = async (
  runtime: Runtime,
  owner: Actor,
  vehicleId: Id<"vehicle">,
  to?: Date,
): Promise<Id<"request">> => {
  const { request } = await runtime
    .callAs(contextAs(runtime, owner))
    .verification.requests.submit({ vehicleId, ...(to ? { to: to.toISOString() } : {}) });
  if (!request) throw new Error(`The request for ${vehicleId} was left to a job`);
  return request.id;
};

/** Asks for credits and has the auditor approve them; the second one too, where a request was drawn for four eyes. */
export const seedCredits = async (
  runtime: Runtime,
  owner: Actor,
  auditors: readonly Actor[],
  vehicleId: Id<"vehicle">,
  to?: Date,
): Promise<void> => {
  const id = await seedRequest(runtime, owner, vehicleId, to);
  for (const auditor of auditors) {
    const { request } = await runtime
      .callAs(contextAs(runtime, auditor))
      .verification.review.approve({ id, notes: "Trips plausible, odometer consistent." });
    if (request.status === "approved") return;
  }
  throw new Error(`Two auditors did not suffice for ${id}`);
};

type Lot = { creditsAmount: string; pricePerCredit: string; reservePrice?: string; auctionEndTime?: string };

export const seedListing = async (runtime: Runtime, seller: Actor, lot: Lot): Promise<Id<"listing">> => {
  const listingType = lot.auctionEndTime ? "auction" : "fixed";
  const { listing } = await runtime
    .callAs(contextAs(runtime, seller))
    .marketplace.listings.create({ ...lot, listingType });
  return listing.id;
};

/** A sale as it happens, but for the card: the payment is marked captured the way a gateway's webhook does it. It is settled by `settle`. */
export const seedSale = async (
  runtime: Runtime,
  buyer: Actor,
  listingId: Id<"listing">,
  creditsAmount: string,
): Promise<Id<"order">> => {
  const context = contextAs(runtime, buyer);
  const { order } = await runtime.callAs(context).marketplace.orders.place({ listingId, creditsAmount });
  await payFor(runtime, buyer, [order]);
  return order.id;
};

/** Has a buyer pay for orders; lines of one purchase are paid once. */
export const payFor = async (
  runtime: Runtime,
  buyer: Actor,
  orders: readonly { id: Id<"order"> }[],
): Promise<void> => {
  const context = contextAs(runtime, buyer);
  const paid = new Set<string>();
  for (const { id: orderId } of orders) {
    const { payment } = await runtime.callAs(context).payments.ofOrder({ orderId });
    if (paid.has(payment.id)) continue;
    paid.add(payment.id);
    await capturePayment({ db: runtime.db, transact: context.transact }, payment.id);
  }
};
