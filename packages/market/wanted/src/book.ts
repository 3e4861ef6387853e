import type { Db } from "@evx/db";
import {
  type Currency,
  day_ms,
  isCurrency,
  onceFor,
  second_ms,
  systemClock,
  textFromMinor,
} from "@evx/kernel";
import { askDepth } from "@evx/listings";
import { latestTrades, volumeSince } from "@evx/pricing";
import { type Context, type LiveSource, type Stream, streamOf, type Version } from "@evx/rpc";
import { bidDepth } from "./queries/wanted.ts";
import type { BookView, LiveBook } from "./schema.ts";

/** So many prices a side, and so many of the newest sales. */
const LEVELS = 50;
const TRADES = 20;

/** The order book: what is for sale and wanted by price, the spread, the last sales and how much was sold. */
export const orderBook = async (
  db: Db,
  { currency, now }: { currency: Currency; now: Date },
): Promise<BookView> => {
  const since = (days: number) => new Date(now.getTime() - days * day_ms);
  const [asks, bids, trades, day, month] = await Promise.all([
    askDepth(db, { currency, limit: LEVELS }),
    bidDepth(db, { currency, at: now, limit: LEVELS }),
    latestTrades(db, { currency, limit: TRADES }),
    volumeSince(db, currency, since(1)),
    volumeSince(db, currency, since(30)),
  ]);
  const money = (minor: bigint) => textFromMinor(minor, currency);
  const level = (row: { price_minor: bigint; grams: string; count: bigint }) => ({
    price: money(row.price_minor),
    creditsAmount: BigInt(row.grams),
    count: Number(row.count),
  });
  const [ask, bid, last] = [asks[0], bids[0], trades[0]];
  return {
    currency,
    asks: asks.map(level),
    bids: bids.map(level),
    spread: ask && bid ? money(ask.price_minor - bid.price_minor) : null,
    lastPrice: last ? money(last.price_minor) : null,
    volume24h: BigInt(day.grams),
    volume30d: BigInt(month.grams),
    trades: trades.map((row) => ({ price: money(row.price_minor), creditsAmount: row.grams, at: row.at })),
  };
};

/** The most that an open wanted order would pay per credit; null without one. */
export const bestBid = async (db: Db, input: { currency: Currency; at: Date }): Promise<bigint | null> =>
  (await bidDepth(db, { ...input, limit: 1 }))[0]?.price_minor ?? null;

/** The book is read once a second for all its watchers together: sums over all prices cost more than one row. */
export const bookSource = (
  write: (book: BookView) => string,
  clock: { now(): Date } = systemClock,
): LiveSource => {
  const known = new Map<string, { at: number; text: string }>();
  return {
    name: "marketplace.book",
    async versions(db: Db, keys: readonly string[]) {
      const now = clock.now();
      for (const key of keys.filter(isCurrency)) {
        const before = known.get(key);
        if (before && now.getTime() - before.at < second_ms) continue;
        known.set(key, {
          at: now.getTime(),
          text: write(await orderBook(db, { currency: key, now })),
        });
      }
      return new Map(
        keys.flatMap((key) => {
          const text = known.get(key)?.text;
          return text === undefined ? [] : [[key, text] as const];
        }),
      );
    },
  };
};

const shown = onceFor(({ text }: Version) => JSON.parse(text) as LiveBook);

/** The book now and after each change, until the signal aborts. */
export const watchBook = (
  ctx: Pick<Context, "live">,
  source: LiveSource,
  { currency, signal }: { currency: Currency; signal: AbortSignal | undefined },
): Stream<LiveBook> =>
  streamOf(
    (to) => ctx.live.follow(source, currency, { tell: (version) => to.tell(shown(version)), over: to.over }),
    { signal },
  );
