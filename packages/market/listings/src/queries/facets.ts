import { type Db, sql, type Tx } from "@evx/db";

export type FacetRow = { facet: "country" | "vintage" | "method" | "type"; value: string; listings: bigint };

/** How many listings there were of each country, vintage, method and kind when they were last counted. */
export const countedFacets = (db: Db, currency: string): Promise<FacetRow[]> =>
  db
    .selectFrom("marketplace.facet")
    .select(["facet", "value", "listings"])
    .where("currency", "=", currency)
    .execute() as Promise<FacetRow[]>;

/** Counts what is for sale anew. One pass over it. */
export const countFacets = async (tx: Tx): Promise<void> => {
  await sql`
    with counted as (
      select currency, facet, value, count(*) as listings
      from marketplace.listing,
        lateral (values ('country', country_code), ('vintage', vintage_year::text), ('method', method_code), ('type', kind))
          as of (facet, value)
      where open group by 1, 2, 3
    ), gone as (
      delete from marketplace.facet f
      where not exists (select 1 from counted c where (c.currency, c.facet, c.value) = (f.currency, f.facet, f.value))
    )
    insert into marketplace.facet as f (currency, facet, value, listings) select * from counted
    on conflict (currency, facet, value) do update set listings = excluded.listings
    where f.listings <> excluded.listings`.execute(tx);
};
