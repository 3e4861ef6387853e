import type { TestDatabase } from "@evx/db/testing";
import type { Handler } from "@evx/jobs";
import { type Currency, type Id, newId } from "@evx/kernel";
import type { NewListing } from "@evx/listings";
import { listingsJobs } from "@evx/listings/jobs";
import { aListing } from "@evx/listings/testing";
import { ordersJobs } from "@evx/orders/jobs";
import { aBuyer, payOrder as payOrderOf } from "@evx/orders/testing";
import type { Actor } from "@evx/rpc";
import { auctionPorts, wonOrderPorts } from "./auction-ports.ts";
import { placeBid } from "./bids.ts";
import { auctionsJobs } from "./jobs.ts";

type World = Pick<TestDatabase, "db" | "clock" | "transact">;

const USD: Currency = "USD";

/** All that the market's rooms do behind, put together as the worker has it. */
export const marketJobs: readonly Handler[] = [
  ...listingsJobs(auctionPorts),
  ...ordersJobs(wonOrderPorts),
  ...auctionsJobs,
];

/** Pays an order as the gateway's webhook would, and lets all jobs run that follow from it. */
export const payOrder = (world: World, order: Parameters<typeof payOrderOf>[1]) =>
  payOrderOf(world, order, marketJobs);

/**
 * An auction that ends so many seconds from now by the database's clock, to which the test's clock is set.
 * Starts at $10.00 a credit unless told otherwise.
 */
export const anAuction = async (
  world: World & Pick<TestDatabase, "pool">,
  { lasts_s = 3_600, ...input }: Partial<NewListing> & { lasts_s?: number; seller?: Actor<"ev_owner"> } = {},
) => {
  const now = await databaseNow(world);
  world.clock.set(now);
  return aListing(
    world,
    {
      pricePerCredit: "10.00",
      listingType: "auction",
      auctionEndTime: new Date(now.getTime() + lasts_s * 1_000),
      ...input,
    },
    auctionPorts,
  );
};

/** The moment by which auctions end. */
export const databaseNow = async (world: Pick<TestDatabase, "pool">): Promise<Date> =>
  (await world.pool.query<{ now: Date }>("select clock_timestamp() as now")).rows[0]?.now ??
  new Date(Number.NaN);

/** Puts an auction's end into the past, as if its time had gone by; the test's clock goes beyond its first end. */
export const endNow = async (
  world: Pick<TestDatabase, "pool" | "clock">,
  listingId: Id<"listing">,
): Promise<void> => {
  const { rows } = await world.pool.query<{ before: Date }>(
    `update marketplace.auction set first_ends_at = clock_timestamp() - interval '1 second',
       ends_at = clock_timestamp() - interval '1 second' where listing_id = $1
     returning old.ends_at as before`,
    [listingId],
  );
  const end = rows[0]?.before ?? new Date(Number.NaN);
  if (end >= world.clock.now()) world.clock.set(new Date(end.getTime() + 1_000));
};

/** A bid in dollars per credit by a new buyer unless given. */
export const aBid = async (
  world: World,
  listingId: Id<"listing">,
  bidAmount: string,
  bidder?: Pick<Actor, "id">,
) => {
  const who = bidder ?? (await aBuyer(world));
  return placeBid(world.db, who, {
    id: newId("bid"),
    listingId,
    bidAmount,
    currency: USD,
    at: world.clock.now(),
    cause: "test",
  });
};
