import type { Db } from "@evx/db";
import { type Clock, type Id, isId, onceFor } from "@evx/kernel";
import { type Context, type LiveSource, type Stream, streamOf, type Version } from "@evx/rpc";
import { refuse } from "./errors.ts";
import type { AuctionPorts } from "./ports.ts";
import { openRooms, type Rooms } from "./presence.ts";
import { listingRows } from "./queries/listings.ts";
import type { LiveListing } from "./schema.ts";
import { liveText } from "./views.ts";

/**
 * The live state of listings. The version is the state itself as text, so thousands of watchers of one auction cost
 * two queries per beat and not two each. Sources are told apart by identity: a server makes one, with its rooms.
 */
export const listingSource = (ports: Pick<AuctionPorts, "auctionParts">, rooms?: Rooms): LiveSource => ({
  name: "marketplace.listing",
  async versions(db: Db, keys: readonly string[]) {
    const ids = keys.filter((key): key is Id<"listing"> => isId("listing", key));
    const [rows, auctions] = await Promise.all([listingRows(db, ids), ports.auctionParts(db, ids)]);
    const people = await rooms?.people(db, [...auctions.keys()]);
    return new Map(
      rows.map((row) => [row.id, liveText(row, auctions.get(row.id), people?.get(row.id) ?? null)]),
    );
  },
});

/** What one server's watchers of listings share; what they are told is read once for all of them. */
export const liveListings = (ports: Pick<AuctionPorts, "auctionParts">) => {
  const rooms = openRooms(crypto.randomUUID());
  const shown = onceFor(
    ({ text }: Version, clock: Clock): LiveListing => ({
      ...(JSON.parse(text) as Omit<LiveListing, "now">),
      now: clock.now().toISOString(),
    }),
  );
  return { rooms, source: listingSource(ports, rooms), shown };
};

/** A listing's state now and after each change, with the server's clock, until the signal aborts. */
export const watchListing = async (
  ctx: Pick<Context, "db" | "clock" | "live" | "actor" | "request">,
  { source, rooms, shown }: ReturnType<typeof liveListings>,
  { id, signal }: { id: Id<"listing">; signal: AbortSignal | undefined },
): Promise<Stream<LiveListing>> => {
  const known = await source.versions(ctx.db, [id]);
  if (!known.has(id)) throw refuse("listing_not_found");
  return streamOf(
    (to) => {
      const leaveRoom = rooms.enter(id, ctx.actor?.id ?? ctx.request.ip);
      const leave = ctx.live.follow(source, id, {
        tell: (version) => to.tell(shown(version, ctx.clock)),
        over: to.over,
      });
      return () => {
        leaveRoom();
        leave();
      };
    },
    { signal },
  );
};
