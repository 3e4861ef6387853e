import { sql } from "@evx/db";
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
import { bandsText, frozenBands } from "./auctions.ts";
import { placeBid } from "./bids.ts";
import { commitment, genesisOf, linkOf } from "./chain.ts";
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
  return placeBid(world, who, {
    id: newId("bid"),
    listingId,
    bidAmount,
    currency: USD,
    holdDays: 0,
    at: world.clock.now(),
    cause: "test",
  });
};

/**
 * Lets an auction come to its end without waiting for it: all its moments, the log's and the terms' links included, are
 * moved into the past by the same time, so the closed log is what it would have been.
 */
export const letEnd = async (world: Pick<TestDatabase, "admin">, listingId: Id<"listing">): Promise<void> => {
  const { bids, auction } = await readLog(world, listingId);
  const past_ms = auction.ends_at.getTime() - Date.now() + 1_000;
  const moved = (at: Date): Date => new Date(at.getTime() - past_ms);
  const currency = auction.currency;
  const starts_at = auction.starts_at && moved(auction.starts_at);
  const reserveHash =
    auction.reserve_minor === null ? null : await commitment(auction.reserve_salt, auction.reserve_minor);
  let head = await genesisOf({
    listingId,
    currency,
    start: String(auction.start_minor),
    reserveHash,
    stepBps: auction.step_bps,
    stepMinor: String(auction.step_minor),
    windowSeconds: auction.window_s,
    auctionEndTime: moved(auction.first_ends_at).toISOString(),
    startsAt: starts_at?.toISOString() ?? null,
    buyNow: auction.buy_now_minor === null ? null : String(auction.buy_now_minor),
    bands: bandsText(frozenBands(auction)),
    deposit: auction.deposit_minor === null ? null : String(auction.deposit_minor),
  });
  await world.admin.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const bid of bids) {
      const [at, ends_at, prev] = [moved(bid.at), moved(bid.ends_at), head];
      head = await linkOf(listingId, {
        prev,
        seq: Number(bid.seq),
        id: bid.id,
        bidder: bid.mask,
        maxHash: bid.max_hash.toString("hex"),
        max: null,
        salt: null,
        price: String(bid.price_minor),
        leader: bid.leader_mask,
        at: at.toISOString(),
        auctionEndTime: ends_at.toISOString(),
      });
      await tx
        .updateTable("marketplace.bid")
        .set({ at, ends_at, prev: Buffer.from(prev, "hex"), hash: Buffer.from(head, "hex") })
        .where("listing_id", "=", listingId)
        .where("seq", "=", bid.seq)
        .execute();
    }
    await sql`update marketplace.auction_extension
      set ends_at = date_trunc('milliseconds', ends_at - make_interval(secs => ${past_ms / 1_000}))
      where listing_id = ${listingId}`.execute(tx);
    await tx
      .updateTable("marketplace.auction")
      .set({
        first_ends_at: moved(auction.first_ends_at),
        starts_at,
        ends_at: moved(auction.ends_at),
        head: Buffer.from(head, "hex"),
      })
      .where("listing_id", "=", listingId)
      .execute();
  });
};

const readLog = async (world: Pick<TestDatabase, "admin">, listingId: Id<"listing">) => ({
  auction: await world.admin
    .selectFrom("marketplace.auction")
    .selectAll()
    .where("listing_id", "=", listingId)
    .executeTakeFirstOrThrow(),
  bids: await world.admin
    .selectFrom("marketplace.bid")
    .selectAll()
    .where("listing_id", "=", listingId)
    .orderBy("seq")
    .execute(),
});
