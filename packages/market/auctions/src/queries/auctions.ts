import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id, MomentKey } from "@evx/kernel";
import { listingFacts } from "@evx/listings";
import type { Insertable, Selectable } from "kysely";

export type AuctionRow = Selectable<Database["marketplace.auction"]>;

export type BidRow = Selectable<Database["marketplace.bid"]>;

export const insertAuction = async (
  tx: Tx,
  row: Insertable<Database["marketplace.auction"]>,
): Promise<void> => {
  await tx.insertInto("marketplace.auction").values(row).execute();
};

export const auctionRow = (db: Db, listingId: Id<"listing">): Promise<AuctionRow | undefined> =>
  db.selectFrom("marketplace.auction").selectAll().where("listing_id", "=", listingId).executeTakeFirst();

/** Auctions, and whether they have yet to begin by the database's clock, which bids go by. */
export const auctionRows = async (
  db: Db,
  listingIds: readonly Id<"listing">[],
): Promise<(AuctionRow & { early: boolean })[]> =>
  listingIds.length === 0
    ? []
    : db
        .selectFrom("marketplace.auction")
        .selectAll()
        .select(sql<boolean>`coalesce(starts_at > clock_timestamp(), false)`.as("early"))
        .where("listing_id", "in", listingIds)
        .execute();

/** The auction as it is once no bid can change it, and whether its end has passed by the database's clock. */
export const lockAuction = async (
  tx: Tx,
  listingId: Id<"listing">,
): Promise<(AuctionRow & { over: boolean; early: boolean }) | undefined> => {
  const row = await tx
    .selectFrom("marketplace.auction")
    .selectAll()
    .where("listing_id", "=", listingId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return undefined;
  // A statement of its own: in the locking one, the clock might be read before the wait.
  const { rows } = await sql<{ over: boolean; early: boolean }>`
    select clock_timestamp() >= ${row.ends_at} as over, clock_timestamp() < ${row.starts_at}::timestamptz as early`.execute(
    tx,
  );
  return { ...row, over: rows[0]?.over === true, early: rows[0]?.early === true };
};

export const endAuction = async (
  tx: Tx,
  listingId: Id<"listing">,
  status: "closed_sold" | "closed_unsold" | "cancelled" | "live",
): Promise<void> => {
  await tx
    .updateTable("marketplace.auction")
    .set({ status, closed_at: status === "live" ? null : tx.at })
    .where("listing_id", "=", listingId)
    .execute();
};

export type PlacedBid = {
  outcome:
    | "placed"
    | "replayed"
    | "id_reused"
    | "missing"
    | "ended"
    | "early"
    | "paused"
    | "own"
    | "too_low"
    | "no_deposit";
  seq: bigint;
  leads: boolean | null;
  price_minor: bigint;
  minimum_minor: bigint | null;
  ends_at: Date;
  mask: string;
  outbid_id: Id<"user"> | null;
  seller_id: Id<"user">;
};

/** One bid in one statement: lock, rule, number, chain, events. Everything about it is in `marketplace.place_bid`. */
export const callPlaceBid = async (
  db: Db,
  bid: {
    listingId: Id<"listing">;
    id: Id<"bid">;
    bidderId: Id<"user">;
    max_minor: bigint;
    at: Date;
    cause: string;
  },
): Promise<PlacedBid> => {
  const { rows } = await sql<PlacedBid>`
    select * from marketplace.place_bid(${bid.listingId}, ${bid.id}, ${bid.bidderId}, ${bid.max_minor},
      ${bid.at}, ${bid.cause})`.execute(db);
  return rows[0] as PlacedBid;
};

export const bidRows = (
  db: Db,
  listingId: Id<"listing">,
  { afterSeq, limit }: { afterSeq: bigint; limit: number },
): Promise<BidRow[]> =>
  db
    .selectFrom("marketplace.bid")
    .selectAll()
    .where("listing_id", "=", listingId)
    .where("seq", ">", afterSeq)
    .orderBy("seq")
    .limit(limit)
    .execute();

/** The newest accepted bids, for the page of a listing. */
export const latestBidRows = (db: Db, listingId: Id<"listing">, limit: number): Promise<BidRow[]> =>
  db
    .selectFrom("marketplace.bid")
    .selectAll()
    .where("listing_id", "=", listingId)
    .orderBy("seq", "desc")
    .limit(limit)
    .execute();

export type MyBidRow = {
  listing_id: Id<"listing">;
  mask: string;
  max_minor: bigint;
  last_at: Date;
  leads: boolean;
  price_minor: bigint;
  seq: bigint;
  ends_at: Date;
  status: AuctionRow["status"];
  currency: string;
  listed_g: bigint;
};

/** The auctions in which somebody has bid, newest bid first: one row an auction, with their highest maximum. */
export const myBidRows = async (
  db: Db,
  input: {
    bidderId: Id<"user">;
    only: Id<"listing"> | null;
    after: MomentKey<"listing"> | null;
    limit: number;
  },
): Promise<MyBidRow[]> => {
  const { bidderId, only, after, limit } = input;
  const { rows } = await sql<MyBidRow>`
    with mine as (
      select b.listing_id, max(b.mask) as mask, max(b.max_minor) as max_minor, max(b.at) as last_at
      from marketplace.bid b
      where b.bidder_id = ${bidderId} and (${only}::text is null or b.listing_id = ${only})
      group by b.listing_id
    )
    select m.*, a.leader_id = ${bidderId} as leads, a.price_minor, a.seq, a.ends_at, a.status, a.currency, l.listed_g
    from mine m
    join marketplace.auction a on a.listing_id = m.listing_id
    join (${listingFacts(db)}) l on l.listing_id = m.listing_id
    where ${after?.at ?? null}::timestamptz is null
      or (m.last_at, m.listing_id) < (${after?.at ?? null}, ${after?.id ?? null})
    order by m.last_at desc, m.listing_id desc
    limit ${limit}`.execute(db);
  return rows;
};

/** Grams of the running auctions in which somebody has bid. */
export const wantedRow = (db: Db) =>
  db
    .selectFrom("marketplace.auction as a")
    .innerJoin(listingFacts(db).as("l"), "l.listing_id", "a.listing_id")
    .where("a.status", "=", "live")
    .where("a.seq", ">", 0n)
    .select((eb) => [
      eb.fn.sum<string | null>("l.listed_g").as("grams"),
      eb.fn.countAll<bigint>().as("auctions"),
    ])
    .executeTakeFirstOrThrow();

/** Auctions that are past their end and still open: the closing job was lost or is late. */
export const overdueAuctionIds = async (db: Db, limit: number): Promise<Id<"listing">[]> => {
  const { rows } = await sql<{ listing_id: Id<"listing"> }>`
    select listing_id from marketplace.auction
    where status = 'live' and ends_at <= clock_timestamp() order by ends_at limit ${limit}`.execute(db);
  return rows.map((row) => row.listing_id);
};

/**
 * Moves the ends of all running auctions that had begun before `until` by as long as each could not be bid on since `since`,
 * and notes it for their logs. Answers their new ends. Locks auctions in the order of their ids.
 */
export const extendLive = async (
  tx: Tx,
  { since, until }: { since: Date; until: Date },
): Promise<{ listing_id: Id<"listing">; ends_at: Date }[]> => {
  const { rows } = await sql<{ listing_id: Id<"listing">; ends_at: Date }>`
    with live as (
      select listing_id, seq, ends_at, greatest(${since}::timestamptz, coalesce(starts_at, ${since})) as lost_from
      from marketplace.auction
      where status = 'live' and ends_at > ${since} and coalesce(starts_at, ${since}) < ${until}
      order by listing_id for update
    ), moved as (
      update marketplace.auction a
      set ends_at = date_trunc('milliseconds', live.ends_at + (${until}::timestamptz - live.lost_from))
      from live where a.listing_id = live.listing_id
      returning a.listing_id, live.seq, a.ends_at
    )
    insert into marketplace.auction_extension (listing_id, after_seq, ends_at, at)
    select listing_id, seq, ends_at, ${tx.at} from moved
    returning listing_id, ends_at`.execute(tx);
  return rows;
};

/** What the venue moved of an auction's end, in order. */
export const extensionRows = (
  db: Db,
  listingId: Id<"listing">,
): Promise<{ after_seq: bigint; ends_at: Date; at: Date }[]> =>
  db
    .selectFrom("marketplace.auction_extension")
    .select(["after_seq", "ends_at", "at"])
    .where("listing_id", "=", listingId)
    .orderBy("ends_at")
    .execute();

/** How many auctions run or wait for their start, counted no further than `most`. */
export const runningAuctions = async (db: Db, most: number): Promise<number> => {
  const { count } = await db
    .selectFrom(
      db
        .selectFrom("marketplace.auction")
        .select("listing_id")
        .where("status", "=", "live")
        .limit(most)
        .as("running"),
    )
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
};
