import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { exchangePresence } from "./queries/presence.ts";

/** Servers tell each other this often. */
const tellMs = 2_000;

export type Rooms = {
  /** Somebody opened a listing's page here; a person in several tabs is one. Answers how they leave. */
  enter(listing: Id<"listing">, viewer: string): () => void;
  /** How many people have each of these pages open, here and on the other servers. */
  people(db: Db, ids: readonly Id<"listing">[]): Promise<ReadonlyMap<string, number>>;
};

/**
 * Who is in the rooms of auctions, for one server. Only numbers leave it. What the others say is a few seconds old; while
 * the database cannot be written, what they last said stands, and nothing else suffers.
 */
export const openRooms = (server: string, tellEveryMs = tellMs): Rooms => {
  const here = new Map<Id<"listing">, Map<string, number>>();
  let elsewhere: ReadonlyMap<string, number> = new Map();
  let told = Number.NEGATIVE_INFINITY;
  const count = (id: Id<"listing">): number => here.get(id)?.size ?? 0;
  return {
    enter(listing, viewer) {
      const tabs = here.get(listing) ?? new Map<string, number>();
      here.set(listing, tabs);
      tabs.set(viewer, (tabs.get(viewer) ?? 0) + 1);
      return () => {
        const left = (tabs.get(viewer) ?? 1) - 1;
        if (left > 0) tabs.set(viewer, left);
        else tabs.delete(viewer);
        if (tabs.size === 0) here.delete(listing);
      };
    },
    async people(db, ids) {
      if (performance.now() - told >= tellEveryMs) {
        told = performance.now();
        const rooms = new Map([...here].map(([id, tabs]) => [id, tabs.size]));
        const asked = [...new Set([...rooms.keys(), ...ids])];
        elsewhere = await exchangePresence(db, { server, rooms }, asked).catch(() => elsewhere);
      }
      return new Map(ids.map((id) => [id, count(id) + (elsewhere.get(id) ?? 0)]));
    },
  };
};
