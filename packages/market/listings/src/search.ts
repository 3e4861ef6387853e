import type { Db } from "@evx/db";
import { type Currency, keyOfCursor, type Page, pageFrom } from "@evx/kernel";
import type * as v from "valibot";
import { momentAfter } from "./cursors.ts";
import { boundFrom } from "./money.ts";
import { fold } from "./provenance.ts";
import { facetRows, type ListingWithAuction, type SortKey, searchRows } from "./queries/listings.ts";
import type { Search, Sort } from "./schema.ts";
import { listingView } from "./views.ts";

const keyOf = (row: ListingWithAuction, sort: Sort): readonly (string | number)[] => {
  if (sort === "newest") return [row.created_at.getTime(), row.id];
  if (sort === "ending") return [(row.ends_at ?? row.created_at).getTime(), row.id];
  return [String(row.price_minor), row.id];
};

/** Where a page continues; null for the first one, or when the cursor belongs to another sort or was made up. */
const afterOf = (cursor: string | undefined, sort: Sort): SortKey | null => {
  if (sort === "newest" || sort === "ending") return momentAfter(cursor);
  const [price, id] = keyOfCursor(cursor, 2) ?? [];
  if (typeof price !== "string" || typeof id !== "string" || !/^\d{1,18}$/.test(price)) return null;
  return [BigInt(price), id];
};

/** Finds what can be bought or bid on now. Each page costs the same, however many listings there are. */
export const searchListings = async (
  db: Db,
  currency: Currency,
  input: v.InferOutput<typeof Search>,
): Promise<Page<ReturnType<typeof listingView>>> => {
  const { limit, cursor, sort } = input;
  const rows = await searchRows(
    db,
    {
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
    afterOf(cursor, sort),
    limit + 1,
  );
  return pageFrom(rows, limit, listingView, (row) => keyOf(row, sort));
};

/** What there is to filter by, newest vintage first. */
export const marketFacets = async (db: Db) => {
  const { countries, vintages, methods } = await facetRows(db);
  return { countries, vintages: vintages.toReversed(), methods };
};
