import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Context, LiveSource } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { liveRows } from "./queries/auctions.ts";
import type { LiveListing } from "./schema.ts";
import { liveText } from "./views.ts";

/**
 * The live state of listings. The version is the state itself as text, so thousands of watchers of one auction cost
 * one query per beat and not one each.
 */
export const listingSource: LiveSource = {
  name: "marketplace.listing",
  async versions(db: Db, ids: readonly string[]) {
    return new Map((await liveRows(db, ids)).map((row) => [row.id, liveText(row)]));
  },
};

/** Yields a listing's state now and after each change, with the server's clock, until the signal aborts. */
export async function* watchListing(
  ctx: Pick<Context, "db" | "clock" | "live">,
  id: Id<"listing">,
  signal: AbortSignal | undefined,
): AsyncGenerator<LiveListing, void, void> {
  const known = await listingSource.versions(ctx.db, [id]);
  if (!known.has(id)) throw refuse("listing_not_found");
  for await (const text of ctx.live.watch(listingSource, id, signal)) {
    yield { ...(JSON.parse(text) as Omit<LiveListing, "now">), now: ctx.clock.now().toISOString() };
  }
}
