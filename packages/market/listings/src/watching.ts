import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import {
  afterMoment,
  type Currency,
  hour_ms,
  type Id,
  momentKey,
  type Page,
  type PageInput,
  pageFrom,
} from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { watchedEnding, watchedPriceChanged } from "./events.ts";
import type { AuctionPorts } from "./ports.ts";
import { listingRow } from "./queries/listings.ts";
import {
  countWatches,
  isWatched,
  setWatch,
  takeEnding,
  watchedRows,
  watchersOf,
} from "./queries/watching.ts";
import { auctionsAmong } from "./search.ts";
import { listingView } from "./views.ts";

/** So many listings one person keeps an eye on. */
const MOST = 200;

/** An end is told of this long before. */
const AHEAD_MS = hour_ms;

/** One sweep takes this many; the next one takes the rest. */
const SWEEP = 500;

/** Keeps an eye on a listing, or no longer. Refuses `listing_not_found`, `watch_limit_reached`. */
export const watch = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  { listingId, on }: { listingId: Id<"listing">; on: boolean },
): Promise<void> => {
  if (!(await listingRow(tx, listingId))) throw refuse("listing_not_found");
  const input = { userId: actor.id, listingId };
  if (on && !(await isWatched(tx, input)) && (await countWatches(tx, actor.id)) >= MOST)
    throw refuse("watch_limit_reached", { limit: MOST });
  await setWatch(tx, { ...input, on });
};

/** Whether somebody keeps an eye on a listing. */
export const watchOf = async (db: Db, actor: Pick<Actor, "id">, listingId: Id<"listing">) => ({
  on: await isWatched(db, { userId: actor.id, listingId }),
});

/** The listings that somebody keeps an eye on, also those that have ended; the last one first. */
export const watchedOf = async (
  db: Db,
  ports: Pick<AuctionPorts, "auctionParts">,
  actor: Pick<Actor, "id">,
  { limit, cursor }: PageInput,
): Promise<Page<ReturnType<typeof listingView>>> => {
  const rows = await watchedRows(db, {
    userId: actor.id,
    after: afterMoment("listing", cursor),
    limit: limit + 1,
  });
  const auctions = await auctionsAmong(
    db,
    ports,
    rows.map(({ listing }) => listing),
  );
  return pageFrom(
    rows,
    limit,
    ({ listing }) => listingView(listing, auctions.get(listing.id)),
    ({ at, listing }) => momentKey(at, listing.id),
  );
};

/** Tells each watcher of a listing that its price is another one. */
export const tellOfPrice = async (
  tx: Tx,
  change: { listingId: Id<"listing">; pricePerCreditMinor: string; currency: Currency | string },
): Promise<void> => {
  const { listingId, pricePerCreditMinor, currency } = change;
  for (const userId of await watchersOf(tx, listingId))
    await emit(tx, watchedPriceChanged, {
      userId,
      listingId,
      pricePerCreditMinor,
      currency,
      at: tx.at.toISOString(),
    });
};

/** Tells each watcher, once, that a listing ends within the hour. */
export const tellOfEnds = async (tx: Tx): Promise<void> => {
  const before = new Date(tx.at.getTime() + AHEAD_MS);
  for (const { user_id, listing_id, ends_at } of await takeEnding(tx, { before, limit: SWEEP }))
    await emit(tx, watchedEnding, {
      userId: user_id,
      listingId: listing_id,
      endsAt: ends_at.toISOString(),
      at: tx.at.toISOString(),
    });
};
