import { type Db, sql } from "@evx/db";
import type { ListingRow } from "./listings.ts";

export type LotOutcome = Pick<
  ListingRow,
  "created_at" | "amount_g" | "price_minor" | "vintage_year" | "country_code" | "method_code"
> & { sold: boolean };

/**
 * The newest lots at fixed prices that have been on sale for a week, oldest first: `sold` says whether the whole lot was by
 * then. Left out is what its seller took back within that week.
 */
export const lotOutcomes = async (
  db: Db,
  { currency, now, limit }: { currency: string; now: Date; limit: number },
): Promise<LotOutcome[]> => {
  const { rows } = await sql<LotOutcome>`
    select * from (
      select created_at, amount_g, price_minor, vintage_year, country_code, method_code,
        status = 'sold' and ended_at <= created_at + interval '7 days' as sold
      from marketplace.listing
      where kind = 'fixed' and currency = ${currency} and created_at <= ${now}::timestamptz - interval '7 days'
        and not (status in ('cancelled', 'expired') and ended_at < created_at + interval '7 days')
      order by created_at desc limit ${limit}) newest
    order by created_at`.execute(db);
  return rows;
};
