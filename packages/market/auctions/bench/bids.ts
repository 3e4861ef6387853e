/**
 * Accepted bids through the service with every rule on (proxy, increments, extension, number, hash chain, events),
 * against the bare update of an auction's row and insert of a bid: all clients on one hot auction, and over 200. Both sides
 * get the same bids, take one round trip for each and refuse what another one has overtaken, on a database that
 * flushes each commit, as a venue's does. Then the same with a server that watches the hot auction for live updates, which
 * must see every number's last state.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "@evx/db/embedded";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { silentLog } from "@evx/jobs/testing";
import { type Id, newId, Refusal, systemClock, textFromMinor } from "@evx/kernel";
import { listingSource } from "@evx/listings";
import { createLive } from "@evx/rpc";
import { setRule } from "@evx/rules";
import { CLIENTS, contest, median, rate } from "@evx/tooling/contest";
import { auctionPorts } from "../src/auction-ports.ts";
import { wholeBidLog } from "../src/bid-log.ts";
import { placeBid } from "../src/bids.ts";
import { linkOf } from "../src/chain.ts";
import { auctionRules } from "../src/policy.ts";
import { bidRows } from "../src/queries/auctions.ts";
import { anAuction } from "../src/testing.ts";

const ROUNDS = 11;
const MILLIS = 400;
const AUCTIONS = 200;

const floorTables = `
create schema floor;
create table floor.auction (id text primary key, price bigint not null, leader text, seq bigint not null) with (fillfactor = 50);
create table floor.bid (auction_id text, seq bigint, bidder text not null, price bigint not null, at timestamptz not null,
  primary key (auction_id, seq));
grant usage on schema floor to evx_app;
grant select, insert, update on all tables in schema floor to evx_app;`;

/** Checks that nothing was lost or reordered: numbers without a gap, each link following the one before. */
const checkLog = async (t: TestDatabase, listingId: Id<"listing">, accepted: number): Promise<void> => {
  const { items, terms } = await wholeBidLog(t.db, listingId);
  let head = terms.genesis;
  for (const [index, bid] of items.entries()) {
    if (bid.seq !== index + 1 || bid.prev !== head || (await linkOf(listingId, bid)) !== bid.hash) {
      throw new Error(`The log of ${listingId} breaks at ${index + 1}`);
    }
    head = bid.hash;
  }
  if (items.length !== accepted)
    throw new Error(`${accepted} bids were accepted, ${items.length} are in the log`);
};

/** Auctions of ours, each with its bare twin, under a rule that lets bids go on for ever. */
const furnish = async (t: TestDatabase): Promise<Id<"listing">[]> => {
  const admin = new Bun.SQL(t.adminUrl, { max: 1 });
  await admin.unsafe(floorTables);
  // A fixed increment: a share of the price would grow beyond every number within seconds.
  const value = { ...auctionRules.initial, stepBps: 0 };
  await t.transact((tx) => setRule(tx, auctionRules, { value, reason: "bench", setBy: null }));
  const listings: Id<"listing">[] = [];
  for (let n = 0; n < AUCTIONS; n++) {
    const listing = await anAuction(t, { creditsAmount: 100_000n, pricePerCredit: "10.00", lasts_s: 7_200 });
    listings.push(listing.id);
    await t.pool.query("insert into floor.auction values ($1, 1000, null, 0)", [listing.id]);
  }
  await admin.close();
  return listings;
};

/** Who bids, how high they have got, and how many bids of each auction were accepted. */
type Crowd = { bidders: Id<"user">[]; price: bigint; accepted: Map<string, number> };

/**
 * Each bid raises by enough to be accepted unless another one overtakes it on its way. Two in three fall to the leader's
 * proxy, as in real bidding.
 */
const nextBid = (crowd: Crowd, client: number): { max: bigint; id: Id<"user"> } => {
  crowd.price += 3n;
  const id = crowd.bidders[client * 4 + Number(crowd.price % 4n)];
  if (!id) throw new Error("More bidders are needed.");
  return { max: crowd.price + (crowd.price % 9n === 0n ? 40n : 0n), id };
};

/** One bid through the service; false when it was too low: refused ones do not count. */
const bid = async (
  t: TestDatabase,
  crowd: Crowd,
  listingId: Id<"listing">,
  client: number,
): Promise<boolean> => {
  const { max, id } = nextBid(crowd, client);
  try {
    await placeBid(
      t,
      { id },
      {
        id: newId("bid"),
        listingId,
        bidAmount: textFromMinor(max, "USD"),
        currency: "USD",
        holdDays: 0,
        at: systemClock.now(),
        cause: "bench",
      },
    );
  } catch (error) {
    if (error instanceof Refusal && error.code === "bid_too_low") return false;
    throw error;
  }
  crowd.accepted.set(listingId, (crowd.accepted.get(listingId) ?? 0) + 1);
  return true;
};

const bareStatement = `
with raised as (
  update floor.auction set price = $3, seq = seq + 1, leader = $2 where id = $1 and price < $3 returning seq
) insert into floor.bid select $1, seq, $2, $3, $4 from raised`;

/** The same bid as a bare update of the auction's twin and insert; false when it was too low. */
const bareBid = async (
  t: TestDatabase,
  crowd: Crowd,
  listingId: Id<"listing">,
  client: number,
): Promise<boolean> => {
  const { max, id } = nextBid(crowd, client);
  const { rowCount } = await t.pool.query(bareStatement, [listingId, id, max, systemClock.now()]);
  return rowCount === 1;
};

/** Accepted bids a second. */
const acceptedRate = async (work: (client: number) => Promise<boolean>): Promise<number> => {
  let done = 0;
  let all = 0;
  const perSecond = await rate(MILLIS, async (client) => {
    all++;
    if (await work(client)) done++;
  });
  return (perSecond * done) / all;
};

const WARM = 300;

/** Some bids on either side, and then statistics: of empty tables they would say that reading all of one is cheapest. */
const warmUp = async (t: TestDatabase, crowd: Crowd, hot: Id<"listing">): Promise<void> => {
  for (let n = 0; n < WARM; n++) {
    await bid(t, crowd, hot, n % CLIENTS);
    await bareBid(t, crowd, hot, n % CLIENTS);
  }
  const admin = new Bun.SQL(t.adminUrl, { max: 1 });
  await admin.unsafe("analyze");
  await admin.close();
};

/** Bids a second on one auction while a server watches it live, which must see its last state, and unwatched. */
const watchedRates = async (t: TestDatabase, crowd: Crowd, hot: Id<"listing">) => {
  const live = createLive({ db: t.db, log: silentLog });
  const stop = new AbortController();
  let seen = 0;
  const watching = (async () => {
    for await (const text of live.watch(listingSource(auctionPorts), hot, stop.signal)) {
      seen = (JSON.parse(text) as { auction: { bidCount: number } }).auction.bidCount;
    }
  })();
  const watched = await acceptedRate((client) => bid(t, crowd, hot, client));
  await Bun.sleep(150);
  const { rows } = await t.pool.query<{ seq: bigint }>(
    "select seq from marketplace.auction where listing_id = $1",
    [hot],
  );
  if (Number(rows[0]?.seq) !== seen) throw new Error(`The watcher saw ${seen} bids of ${rows[0]?.seq}`);
  stop.abort();
  live.stop();
  await watching;
  return { watched, alone: await acceptedRate((client) => bid(t, crowd, hot, client)) };
};

const measure = async (print: (line: string) => void): Promise<void> => {
  const t = await testDatabase({ max: CLIENTS + 1 });
  try {
    const listings = await furnish(t);
    const crowd: Crowd = {
      bidders: Array.from({ length: 64 }, () => newId("user")),
      price: 2_000n,
      accepted: new Map(),
    };
    const [hot] = listings as [Id<"listing">];
    await warmUp(t, crowd, hot);
    let turn = 0;
    for (const [name, next] of [
      ["one auction", () => hot],
      [`${AUCTIONS} auctions`, () => listings[turn++ % AUCTIONS] ?? hot],
    ] as const) {
      const rates = await contest(
        {
          ours: () => acceptedRate((client) => bid(t, crowd, next(), client)),
          bare: () => acceptedRate((client) => bareBid(t, crowd, next(), client)),
        },
        ROUNDS,
      );
      print(
        `bids: ${name}, ours ${rates.rate("ours")}/s, one bare statement ${rates.rate("bare")}/s, ratio=${rates.ratio("ours", "bare").toFixed(3)}`,
      );
    }
    const rounds: Awaited<ReturnType<typeof watchedRates>>[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await watchedRates(t, crowd, hot));
    const [watched, alone] = [median(rounds.map((r) => r.watched)), median(rounds.map((r) => r.alone))];
    const ratio = median(rounds.map((r) => r.watched / r.alone));
    print(
      `bids: one auction watched live ${Math.round(watched)}/s, unwatched ${Math.round(alone)}/s, ratio=${ratio.toFixed(3)}`,
    );
    for (const id of listings)
      await checkLog(
        t,
        id,
        crowd.accepted.get(id) ?? (await bidRows(t.db, id, { afterSeq: 0n, limit: 1 })).length,
      );
  } finally {
    await t.close();
  }
};

export default async (print: (line: string) => void): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "evx-bids-"));
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), port: 0 });
  Bun.env.TEST_DATABASE_URL = postgres.url;
  try {
    await measure(print);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
