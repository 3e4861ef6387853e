import type { Db } from "@evx/db";
import { type Id, isId } from "@evx/kernel";
import type { Context, LiveSource } from "@evx/rpc";
import { refuse } from "./errors.ts";
import type { AuctionPorts } from "./ports.ts";
import { listingRows } from "./queries/listings.ts";
import type { LiveListing } from "./schema.ts";
import { liveText } from "./views.ts";

/**
 * The live state of listings. The version is the state itself as text, so thousands of watchers of one auction cost
 * two queries per beat and not two each. Sources are told apart by identity: a server makes one.
 */
export const listingSource = (ports: Pick<AuctionPorts, "auctionParts">): LiveSource => ({
  name: "marketplace.listing",
  async versions(db: Db, keys: readonly string[]) {
    const ids = keys.filter((key): key is Id<"listing"> => isId("listing", key));
    const [rows, auctions] = await Promise.all([listingRows(db, ids), ports.auctionParts(db, ids)]);
    return new Map(rows.map((row) => [row.id, liveText(row, auctions.get(row.id))]));
  },
});

/** Yields a listing's state now and after each change, with the server's clock, until the signal aborts. */
export async function* watchListing(
  ctx: Pick<Context, "db" | "clock" | "live">,
  source: LiveSource,
  { id, signal }: { id: Id<"listing">; signal: AbortSignal | undefined },
): AsyncGenerator<LiveListing, void, void> {
  const known = await source.versions(ctx.db, [id]);
  if (!known.has(id)) throw refuse("listing_not_found");
  for await (const text of ctx.live.watch(source, id, signal)) {
    yield { ...(JSON.parse(text) as Omit<LiveListing, "now">), now: ctx.clock.now().toISOString() };
  }
}
