import { drain } from "@evx/jobs/testing";
import type { Id } from "@evx/kernel";
import { capturePayment } from "@evx/payments/testing";
import type { Actor } from "@evx/rpc";
import type { Runtime } from "@evx/runtime";
import { contextAs } from "./people.ts";

/** Does what waits for the worker, which does not run yet while the demo world is laid out. */
export const settle = (runtime: Runtime): Promise<unknown> => drain(runtime, runtime.handlers);

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
  const payment = await runtime.callAs(context).payments.ofOrder({ orderId: order.id });
  await capturePayment({ db: runtime.db, transact: context.transact }, payment.payment.id);
  return order.id;
};
