import { type Db, json, type Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Currency, type Id, isCurrency } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import * as v from "valibot";
import { refuse } from "./errors.ts";
import { searchMatched } from "./events.ts";
import { searchRows } from "./queries/listings.ts";
import {
  alertingSearches,
  deleteSearch,
  insertSearch,
  moveTold,
  type SavedSearchRow,
  searchesOf,
} from "./queries/watching.ts";
import { type SavedFilter, SearchTerms } from "./schema.ts";
import { filterOf } from "./search.ts";

/** So many searches one person keeps. */
const MOST = 20;

/** So many new listings are counted; what is more is told of as so many. */
const COUNTED = 50;

/** So many searches are read at once. */
const PAGE = 200;

type Filter = v.InferOutput<typeof SavedFilter>;

/** A filter as a link carries it, in the currency of its prices. */
const kept = v.object({
  currency: v.custom<Currency>((code) => typeof code === "string" && isCurrency(code)),
  terms: v.record(v.string(), v.string()),
});

/**
 * Keeps a search under a name; with `alerts` it tells of what is listed from now on. The same id again is the same search.
 * Refuses `search_limit_reached`, `search_id_reused`.
 */
export const saveSearch = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  input: { id: Id<"search">; name: string; filter: Filter; alerts: boolean; currency: Currency },
): Promise<void> => {
  const known = await searchesOf(tx, actor.id);
  if (known.some(({ id }) => id === input.id)) return;
  if (known.length >= MOST) throw refuse("search_limit_reached", { limit: MOST });
  const row = {
    id: input.id,
    user_id: actor.id,
    name: input.name,
    filter: json({ currency: input.currency, terms: input.filter }),
    alerts: input.alerts,
    created_at: tx.at,
    told_until: tx.at,
  };
  if (!(await insertSearch(tx, row))) throw refuse("search_id_reused");
};

/** Forgets a search of one's own. Refuses `search_not_found` (also another's). */
export const forgetSearch = async (tx: Tx, actor: Pick<Actor, "id">, id: Id<"search">): Promise<void> => {
  if (!(await deleteSearch(tx, { userId: actor.id, id }))) throw refuse("search_not_found");
};

/** Somebody's searches, the newest first. */
export const savedSearches = async (db: Db, actor: Pick<Actor, "id">) =>
  (await searchesOf(db, actor.id)).map((row) => ({
    id: row.id,
    name: row.name,
    filter: v.parse(kept, row.filter).terms,
    alerts: row.alerts,
    createdAt: row.created_at,
  }));

/** What was listed since a search last told of it. */
const newFor = async (db: Db, search: SavedSearchRow, until: Date) => {
  const { currency, terms } = v.parse(kept, search.filter);
  return searchRows(db, {
    filter: {
      ...filterOf(v.parse(SearchTerms, terms), currency),
      listedAfter: search.told_until,
      listedUntil: until,
      sellerNot: search.user_id,
    },
    sort: "newest",
    after: null,
    limit: COUNTED,
  });
};

/**
 * Tells everybody who asked for it what was listed since they were last told: once a search, whatever the number. A listing
 * counts when its transaction has had a minute to commit. Any number of times.
 */
export const tellOfNew = async (
  job: { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  until: Date,
): Promise<void> => {
  for (let after = ""; ; ) {
    const searches = await alertingSearches(job.db, after, PAGE);
    for (const search of searches) {
      if (search.told_until >= until) continue;
      const found = await newFor(job.db, search, until);
      if (found.length > 0) await job.transact((tx) => tell(tx, search, { until, listings: found.length }));
    }
    if (searches.length < PAGE) return;
    after = searches.at(-1)?.id ?? "";
  }
};

const tell = async (
  tx: Tx,
  search: SavedSearchRow,
  { until, listings }: { until: Date; listings: number },
): Promise<void> => {
  if (!(await moveTold(tx, search, until))) return;
  await emit(tx, searchMatched, {
    userId: search.user_id,
    searchId: search.id,
    name: search.name,
    query: new URLSearchParams(v.parse(kept, search.filter).terms).toString(),
    listings,
    at: until.toISOString(),
  });
};
