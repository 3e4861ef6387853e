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
  textFromMinor,
} from "@evx/kernel";
import type * as v from "valibot";
import { behindOf } from "./behind.ts";
import { refuse } from "./errors.ts";
import { boundFrom } from "./money.ts";
import type { AuctionPart, AuctionPorts } from "./ports.ts";
import { fold } from "./provenance.ts";
import { countedFacets, type FacetRow, facetRows } from "./queries/facets.ts";
import { type Filter, type ListingRow, listingRow, type SortKey, searchRows } from "./queries/listings.ts";
import { countWatchers, priceRows } from "./queries/watching.ts";
import type { Search, SearchTerms, Sort } from "./schema.ts";
import { currencyOf, listingView } from "./views.ts";

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

/** The filter that these terms ask for. Refuses what is no price. */
export const filterOf = (terms: v.InferOutput<typeof SearchTerms>, currency: Currency): Filter => ({
  currency,
  kind: terms.type,
  minPrice_minor: boundFrom(terms.minPrice, currency, "minPrice"),
  maxPrice_minor: boundFrom(terms.maxPrice, currency, "maxPrice"),
  minCredits_g: terms.minCredits,
  vintage_year: terms.vintage,
  country_code: terms.country,
  method_code: terms.method,
  quality_tier: terms.quality,
  seller_id: terms.seller,
  words: terms.q ? fold(terms.q).split(/\s+/).filter(Boolean).slice(0, 8) : [],
});

/** Finds what can be bought or bid on now. Each page costs the same, however many listings there are. */
export const searchListings = async (
  db: Db,
  ports: Pick<AuctionPorts, "auctionParts">,
  input: v.InferOutput<typeof Search> & { currency: Currency },
): Promise<Page<ReturnType<typeof listingView>>> => {
  const { limit, cursor, sort, currency } = input;
  const rows = await searchRows(db, {
    filter: filterOf(input, currency),
    sort,
    after: afterOf(cursor, sort),
    limit: limit + 1,
  });
  const auctions = await auctionsAmong(db, ports, rows);
  const behind = await behindOf(db, rows);
  return pageFrom(
    rows,
    limit,
    (row) => listingView(row, auctions.get(row.id), behind.get(row.id)),
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

/** How many listings there are within each span of prices, the cheapest first. */
const spansOf = (counted: readonly FacetRow[], currency: Currency) =>
  counted
    .filter(({ facet }) => facet === "price")
    .map(({ value, listings }) => {
      const [from = 0n, to = from] = value.split("-").map(BigInt);
      return { from, to, listings: Number(listings) };
    })
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .map(({ from, to, listings }) => ({
      from: textFromMinor(from, currency),
      to: textFromMinor(to, currency),
      listings,
    }));

/** What there is to filter by, newest vintage first, and how many listings there are of each. */
export const marketFacets = async (db: Db, currency: Currency) => {
  const { countries, vintages, methods } = await facetRows(db);
  const counted = await countedFacets(db, currency);
  const of = (facet: FacetRow["facet"]) =>
    Object.fromEntries(
      counted.filter((row) => row.facet === facet).map(({ value, listings }) => [value, Number(listings)]),
    );
  const counts = {
    countries: of("country"),
    vintages: of("vintage"),
    methods: of("method"),
    types: of("type"),
    qualities: of("quality"),
    prices: spansOf(counted, currency),
  };
  return { currency, countries, vintages: vintages.toReversed(), methods, counts };
};

/** So many alike listings are shown. */
const ALIKE = 4;

/** Listings of the same vintage and country, the cheapest first, and what this one asked before. */
export const similarListings = async (
  db: Db,
  ports: Pick<AuctionPorts, "auctionParts">,
  id: Id<"listing">,
) => {
  const listing = await listingRow(db, id);
  if (!listing) throw refuse("listing_not_found");
  const currency = currencyOf(listing);
  const { country_code, vintage_year } = listing;
  const rows = await searchRows(db, {
    filter: { currency, country_code, vintage_year },
    sort: "price",
    after: null,
    limit: ALIKE + 1,
  });
  const others = rows.filter((row) => row.id !== id).slice(0, ALIKE);
  const auctions = await auctionsAmong(db, ports, others);
  const former = await priceRows(db, id);
  return {
    items: others.map((row) => listingView(row, auctions.get(row.id))),
    formerPrices: former.map((row) => ({
      pricePerCredit: textFromMinor(row.price_minor, currency),
      until: row.at,
    })),
    watchers: await countWatchers(db, id),
    currency,
  };
};
