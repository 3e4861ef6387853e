import { type Db, sql, type Tx } from "@evx/db";
import { payable } from "../policy.ts";

/** `price` has a span of prices as its value, both ends within it, in the currency's smallest unit: "1450-1474". */
export type FacetRow = {
  facet: "country" | "vintage" | "method" | "type" | "quality" | "price";
  value: string;
  listings: bigint;
};

/**
 * The countries, vintages and methods of what is for sale now. Steps from value to value along an index, so it costs
 * the number of values and not of listings.
 */
export const facetRows = async (db: Db) => {
  const values = async <T>(column: "country_code" | "vintage_year" | "method_code") => {
    const name = sql.ref(column);
    const { rows } = await sql<{ value: T }>`
      with recursive step (value) as (
        (select ${name} from marketplace.listing where open order by ${name} limit 1)
        union all
        select (select ${name} from marketplace.listing where open and ${name} > step.value order by ${name} limit 1)
        from step where step.value is not null
      )
      select value from step where value is not null`.execute(db);
    return rows.map((row) => row.value);
  };
  return {
    countries: await values<string>("country_code"),
    vintages: await values<number>("vintage_year"),
    methods: await values<string>("method_code"),
  };
};

/** How many listings there were of each value when they were last counted. */
export const countedFacets = (db: Db, currency: string): Promise<FacetRow[]> =>
  db
    .selectFrom("marketplace.facet")
    .select(["facet", "value", "listings"])
    .where("currency", "=", currency)
    .execute() as Promise<FacetRow[]>;

/** What the search shows of one currency or another: a rest too small to be paid for is nobody's to find or to count. */
const shown = sql<boolean>`(kind = 'auction' or remaining_g = amount_g
  or remaining_g::numeric * price_minor / 1000000 >= (case currency ${sql.join(
    Object.entries(payable).map(([currency, { least }]) => sql`when ${currency} then ${least}::bigint`),
    sql` `,
  )} else 0 end) - 0.5)`;

/** Prices are counted in so many spans of the same width. */
const SPANS = 24;

/**
 * Counts what is for sale anew. Two passes over it: the spans of prices end at what one listing of fifty is above, so that
 * a fancy price does not squeeze all others into one span; the last span holds those, too.
 */
export const countFacets = async (tx: Tx): Promise<void> => {
  await sql`
    with reach as (
      select currency, min(price_minor) as low, max(price_minor) as high,
        greatest(1, ceil((percentile_disc(0.98) within group (order by price_minor) - min(price_minor) + 1)::numeric / ${SPANS}))::bigint as width
      from marketplace.listing where open and ${shown} group by currency
    ), priced as (
      select l.currency, r.low, r.high, r.width, least((l.price_minor - r.low) / r.width, ${SPANS} - 1) as place
      from marketplace.listing l join reach r using (currency) where l.open and ${shown}
    ), counted as (
      select currency, facet, value, count(*) as listings
      from marketplace.listing,
        lateral (
          values ('country', country_code), ('vintage', vintage_year::text), ('method', method_code), ('type', kind)
          union all
          select 'quality', tier from unnest(array['connected', 'export', 'manual']) as tier
          where (select array_agg(t) from unnest(array['connected', 'export', 'manual']) as t
            where ' ' || words || ' ' like '% ' || t || ' %') = array[tier]
        ) as of (facet, value)
      where open and ${shown} group by 1, 2, 3
      union all
      select currency, 'price',
        (low + place * width) || '-' || (case when place = ${SPANS} - 1 then high else low + (place + 1) * width - 1 end),
        count(*)
      from priced group by currency, low, high, width, place
    ), gone as (
      delete from marketplace.facet f
      where not exists (select 1 from counted c where (c.currency, c.facet, c.value) = (f.currency, f.facet, f.value))
    )
    insert into marketplace.facet as f (currency, facet, value, listings) select * from counted
    on conflict (currency, facet, value) do update set listings = excluded.listings
    where f.listings <> excluded.listings`.execute(tx);
};
