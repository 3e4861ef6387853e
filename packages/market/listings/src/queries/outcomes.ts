import { type Db, sql } from "@evx/db";
import type { ListingRow } from "./listings.ts";

type LotOutcome = Pick<
  ListingRow,
  "seller_id" | "created_at" | "amount_g" | "price_minor" | "vintage_year" | "country_code" | "method_code"
> & { sold: boolean };

/**
 * The newest lots at fixed prices that have been on sale for a week, oldest first: `sold` says whether the whole lot was by
 * then, at the price that it had all that week. Left out is what its seller took back, or offered at another price, within it,
 * and what is not on the market yet.
 */
export const lotOutcomes = async (
  db: Db,
  { currency, now, limit }: { currency: string; now: Date; limit: number },
): Promise<LotOutcome[]> => {
  const { rows } = await sql<LotOutcome>`
    select * from (
      select seller_id, created_at, amount_g, coalesce(first.price_minor, listing.price_minor) as price_minor, vintage_year, country_code, method_code,
        status = 'sold' and ended_at <= created_at + interval '7 days' as sold
      from marketplace.listing
      left join lateral (
        select price_minor, at from marketplace.former_price where listing_id = listing.id and at >= created_at
        order by at limit 1
      ) first on true
      where kind = 'fixed' and starts_at is null and currency = ${currency} and created_at <= ${now}::timestamptz - interval '7 days'
        and not (status in ('cancelled', 'expired') and ended_at < created_at + interval '7 days')
        and (first.at is null or first.at >= created_at + interval '7 days')
      order by created_at desc limit ${limit}) newest
    order by created_at`.execute(db);
  return rows;
};
