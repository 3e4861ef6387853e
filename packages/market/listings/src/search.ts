import type { Db } from "@evx/db";
import {
  afterCursor,
  afterMoment,
  type Currency,
  type Id,
  isId,
  momentKey,
  type Page,
  pageFrom,
} from "@evx/kernel";
import type * as v from "valibot";
import { boundFrom } from "./money.ts";
import type { AuctionPart, AuctionPorts } from "./ports.ts";
import { fold } from "./provenance.ts";
import { facetRows, type ListingRow, type SortKey, searchRows } from "./queries/listings.ts";
import type { Search, Sort } from "./schema.ts";
import { listingView } from "./views.ts";

const keyOf = (row: ListingRow, sort: Sort): readonly (string | number)[] => {
  if (sort === "newest") return momentKey(row.created_at, row.id);
  if (sort === "ending") return momentKey(row.ends_at ?? row.created_at, row.id);
  return [String(row.price_minor), row.id];
};

/** Where a page continues; null for the first one. Refuses `cursor_unknown` for another sort's or one made up. */
const afterOf = (cursor: string | undefined, sort: Sort): SortKey | null => {
  if (sort === "newest" || sort === "ending") {
    const after = afterMoment("listing", cursor);
    return after && [after.at, after.id];
  }
  return afterCursor(cursor, ([price, id, ...rest]) =>
    rest.length === 0 &&
    typeof price === "string" &&
    /^\d{1,18}$/.test(price) &&
    typeof id === "string" &&
    isId("listing", id)
      ? [BigInt(price), id]
      : null,
  );
};

/** Finds what can be bought or bid on now. Each page costs the same, however many listings there are. */
export const searchListings = async (
  db: Db,
  ports: Pick<AuctionPorts, "auctionParts">,
  input: v.InferOutput<typeof Search> & { currency: Currency },
): Promise<Page<ReturnType<typeof listingView>>> => {
  const { limit, cursor, sort, currency } = input;
  const rows = await searchRows(db, {
    filter: {
      currency,
      kind: input.type,
      minPrice_minor: boundFrom(input.minPrice, currency, "minPrice"),
      maxPrice_minor: boundFrom(input.maxPrice, currency, "maxPrice"),
      minCredits_g: input.minCredits,
      vintage_year: input.vintage,
      country_code: input.country,
      method_code: input.method,
      seller_id: input.seller,
      words: input.q ? fold(input.q).split(/\s+/).filter(Boolean).slice(0, 8) : [],
    },
    sort,
    after: afterOf(cursor, sort),
    limit: limit + 1,
  });
  const auctions = await auctionsAmong(db, ports, rows);
  return pageFrom(
    rows,
    limit,
    (row) => listingView(row, auctions.get(row.id)),
    (row) => keyOf(row, sort),
  );
};

/** How the auctions among these listings stand; nothing is asked when there are none. */
export const auctionsAmong = async (
  db: Db,
  ports: Pick<AuctionPorts, "auctionParts">,
  rows: readonly Pick<ListingRow, "id" | "kind">[],
): Promise<ReadonlyMap<Id<"listing">, AuctionPart>> => {
  const ids = rows.filter(({ kind }) => kind === "auction").map(({ id }) => id);
  return ids.length === 0 ? new Map() : ports.auctionParts(db, ids);
};

/** What there is to filter by, newest vintage first. */
export const marketFacets = async (db: Db) => {
  const { countries, vintages, methods } = await facetRows(db);
  return { countries, vintages: vintages.toReversed(), methods };
};
