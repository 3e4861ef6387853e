import { aUser } from "@evx/accounts/testing";
import type { TestDatabase } from "@evx/db/testing";
import type { Handler } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { type Grams, type Id, newId } from "@evx/kernel";
import { capturePayment } from "@evx/payments/testing";
import type { Actor } from "@evx/rpc";
import { ordersJobs } from "./jobs.ts";
import { placeOrder } from "./orders.ts";
import type { WonOrderPorts } from "./ports.ts";
import type { OrderWithFacts } from "./queries/orders.ts";

type World = Pick<TestDatabase, "db" | "clock" | "transact">;

/** For tests in which nobody has won anything. */
export const noWinners: WonOrderPorts = {
  offerToNext: () => {
    throw new Error("This test's market has no auctions");
  },
  buyNow: () => {
    throw new Error("This test's market has no auctions");
  },
};

/** A buyer. */
export const aBuyer = (world: World): Promise<Actor<"buyer">> => aUser(world, { role: "buyer" });

/** An order by a new buyer unless given. */
export const anOrder = async (
  world: World,
  listingId: Id<"listing">,
  { buyer, ...input }: { buyer?: Actor<"buyer">; id?: Id<"order">; creditsAmount?: Grams } = {},
): Promise<OrderWithFacts & { buyer: Pick<Actor, "id"> }> => {
  const who = buyer ?? (await aBuyer(world));
  const order = await world.transact((tx) =>
    placeOrder(tx, who, { id: newId("order"), listingId, ...input }),
  );
  return { ...order, buyer: who };
};

/** Pays an order as the gateway's webhook would, and lets all jobs run that follow from it. */
export const payOrder = async (
  world: World,
  order: Pick<OrderWithFacts, "payment_id">,
  handlers: readonly Handler[] = ordersJobs(noWinners),
) => {
  await capturePayment(world, order.payment_id);
  return drain(world, handlers);
};
