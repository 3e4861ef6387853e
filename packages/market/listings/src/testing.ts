import { issueBatch } from "@evx/credits";
import type { TestDatabase } from "@evx/db/testing";
import { aUser } from "@evx/identity/testing";
import type { Handler } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { type Currency, type Grams, type Id, newId } from "@evx/kernel";
import { capturePayment } from "@evx/payments/testing";
import type { Actor } from "@evx/rpc";
import { placeBid } from "./auctions.ts";
import { marketplaceJobs } from "./jobs.ts";
import { createListing, type NewListing } from "./listings.ts";
import { placeOrder } from "./orders.ts";
import type { OrderWithLot } from "./queries/orders.ts";

type World = Pick<TestDatabase, "db" | "clock" | "transact">;

const USD: Currency = "USD";

export type Origin = {
  vintage?: number;
  country?: string;
  method?: string;
  cvaId?: Id<"user">;
  batchId?: Id<"batch">;
};

/** Gives somebody the grams of a new batch, as an approved request would. */
export const givenBatch = (world: World, ownerId: Id<"user">, grams: Grams, origin: Origin = {}) =>
  world.transact((tx) =>
    issueBatch(tx, {
      id: origin.batchId ?? newId("batch"),
      requestId: newId("request"),
      ownerId,
      cvaId: origin.cvaId ?? newId("user"),
      vintageYear: origin.vintage ?? 2025,
      countryCode: origin.country ?? "VN",
      methodCode: origin.method ?? "flat-v1",
      factorSet: "builtin-1",
      qualityTier: "export",
      vehicleClass: "car",
      tripCount: 10,
      firstTripAt: new Date("2025-01-01T08:00:00Z"),
      lastTripAt: new Date("2025-12-30T18:00:00Z"),
      grams,
    }),
  );

/** An owner with credits of a batch of their own in the wallet. */
export const aSeller = async (
  world: World,
  grams: Grams = 1_000_000n,
  origin: Origin = {},
): Promise<Actor<"ev_owner">> => {
  const seller = await aUser(world, { role: "ev_owner" });
  await givenBatch(world, seller.id, grams, origin);
  return seller;
};

/** A buyer. */
export const aBuyer = (world: World): Promise<Actor<"buyer">> => aUser(world, { role: "buyer" });

/** A listing of one credit at $12.34 unless told otherwise, of a new seller unless given. */
export const aListing = async (
  world: World,
  { seller, ...wish }: Partial<NewListing> & { seller?: Actor<"ev_owner"> } = {},
) => {
  const creditsAmount = wish.creditsAmount ?? 1_000_000n;
  const owner = seller ?? (await aSeller(world, creditsAmount));
  const row = await world.transact((tx) =>
    createListing(tx, owner, USD, {
      id: newId("listing"),
      pricePerCredit: "12.34",
      listingType: "fixed",
      ...wish,
      creditsAmount,
    }),
  );
  return { ...row, seller: owner };
};

/**
 * An auction that ends so many seconds from now by the database's clock, to which the test's clock is set.
 * Starts at $10.00 a credit unless told otherwise.
 */
export const anAuction = async (
  world: World & Pick<TestDatabase, "pool">,
  { lasts_s = 3_600, ...wish }: Partial<NewListing> & { lasts_s?: number; seller?: Actor<"ev_owner"> } = {},
) => {
  const now = await databaseNow(world);
  world.clock.set(now);
  return aListing(world, {
    pricePerCredit: "10.00",
    listingType: "auction",
    auctionEndTime: new Date(now.getTime() + lasts_s * 1_000),
    ...wish,
  });
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
  const asked = { at: world.clock.now(), cause: "test" };
  return placeBid(world.db, asked, who, USD, { id: newId("bid"), listingId, bidAmount });
};

/** An order by a new buyer unless given. */
export const anOrder = async (
  world: World,
  listingId: Id<"listing">,
  { buyer, ...wish }: { buyer?: Actor<"buyer">; id?: Id<"order">; creditsAmount?: Grams } = {},
): Promise<OrderWithLot & { buyer: Pick<Actor, "id"> }> => {
  const who = buyer ?? (await aBuyer(world));
  const order = await world.transact((tx) => placeOrder(tx, who, { id: newId("order"), listingId, ...wish }));
  return { ...order, buyer: who };
};

/** Pays an order as the gateway's webhook would, and lets all jobs run that follow from it. */
export const payOrder = async (
  world: World,
  order: Pick<OrderWithLot, "payment_id">,
  handlers: readonly Handler[] = marketplaceJobs,
) => {
  await capturePayment(world, order.payment_id);
  return drain(world, handlers);
};
