/**
 * The first and later pages of the public search, the first with its facets, over 1,000,000 open listings against 10,000, through the service:
 * p95 of a mix of sorts and filters. A page is read in index order, so the two should differ only by the tree's depth.
 */
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import * as v from "valibot";
import { countFacets } from "../src/queries/facets.ts";
import { Search } from "../src/schema.ts";
import { marketFacets, searchListings } from "../src/search.ts";
import { noAuctions } from "../src/testing.ts";

const SMALL = 10_000;
const LARGE = 1_000_000;
const RUNS = 20;

const mix: v.InferInput<typeof Search>[] = [
  {},
  { sort: "price" },
  { sort: "-price" },
  { sort: "ending" },
  { country: "VN", sort: "price" },
  { country: "DE", sort: "newest" },
  { vintage: 2023, sort: "price" },
  { vintage: 2024, country: "VN", sort: "price" },
  { vintage: 2021, country: "NO", sort: "newest" },
  { method: "metered-v1", sort: "price" },
  { type: "auction", sort: "newest" },
  { minPrice: "20", maxPrice: "30", sort: "price" },
  { minCredits: "0.5", sort: "price" },
  { country: "VN", minCredits: "0.9", maxPrice: "25", sort: "newest" },
];

const fill = async (t: TestDatabase, from: number, to: number): Promise<void> => {
  const admin = new Bun.SQL(t.adminUrl, { max: 1 });
  // Indexes are built once all rows are there: a third of the time of keeping twelve of them up to date.
  const indexes: { name: string; definition: string }[] = await admin.unsafe(`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
    where indrelid = 'marketplace.listing'::regclass and not indisprimary`);
  for (const { name } of indexes) await admin.unsafe(`drop index ${name}`);
  await admin.unsafe("set maintenance_work_mem = '256MB'");
  await admin.unsafe(`
    insert into marketplace.listing (id, seller_id, kind, status, amount_g, remaining_g, price_minor, currency, vintage_year,
      country_code, method_code, mixed, words, created_at, ends_at)
    select 'lst_' || lpad(n::text, 26, '0'), 'usr_' || n % 5000, case when n % 10 = 0 then 'auction' else 'fixed' end, 'active',
      1000000, 1 + (n * 7919::bigint) % 1000000, 800 + (n * 104729::bigint) % 4000, 'USD', 2019 + n % 7,
      (array['VN','VN','VN','VN','DE','NO','US','FR'])[1 + (n / 7) % 8], case when n % 9 = 0 then 'metered-v1' else 'flat-v1' end,
      false, 'vn viet nam flat-v1 evx-' || n, timestamptz '2026-01-01' + n * interval '1 second',
      case when n % 10 = 0 then timestamptz '2026-06-01' + (n * 7::bigint) % 100000 * interval '1 second' end
    from generate_series(${from}, ${to}) n;
    insert into marketplace.auction (listing_id, seller_id, currency, status, start_minor, reserve_salt, mask_secret, step_bps,
      step_minor, window_s, first_ends_at, ends_at, head)
    select id, seller_id, 'USD', 'live', price_minor, '', '', 100, 1, 300, ends_at, ends_at, ''
    from marketplace.listing where kind = 'auction' on conflict do nothing;`);
  for (const { definition } of indexes) await admin.unsafe(definition);
  await admin.unsafe("vacuum analyze marketplace.listing");
  await admin.unsafe("vacuum analyze marketplace.auction");
  await admin.close();
  await t.transact(countFacets);
};

/** p95 over the mix, first and second pages, in milliseconds. */
const measure = async (t: TestDatabase): Promise<number> => {
  const times: number[] = [];
  for (let run = -3; run < RUNS; run++) {
    for (const query of mix) {
      let cursor: string | null = null;
      for (let page = 0; page < 2; page++) {
        const start = performance.now();
        if (page === 0) await marketFacets(t.db, "USD");
        const input = v.parse(Search, { ...query, limit: 24, ...(cursor ? { cursor } : {}) });
        const found: { items: unknown[]; nextCursor: string | null } = await searchListings(
          t.db,
          noAuctions,
          { ...input, currency: "USD" },
        );
        if (run >= 0) times.push(performance.now() - start);
        if (found.items.length < 24)
          throw new Error(`A page of ${JSON.stringify(query)} has ${found.items.length} items`);
        cursor = found.nextCursor;
      }
    }
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;
};

export default async (print: (line: string) => void): Promise<void> => {
  const [small, large] = [await testDatabase(), await testDatabase()];
  try {
    await fill(small, 1, SMALL);
    await fill(large, 1, LARGE);
    const ratios: number[] = [];
    const p95: { small: number; large: number } = { small: 0, large: 0 };
    for (let round = 0; round < 3; round++) {
      p95.small = await measure(small);
      p95.large = await measure(large);
      ratios.push(p95.large / p95.small);
    }
    const ratio = ratios.toSorted((a, b) => a - b)[1] ?? Number.NaN;
    print(
      `search: p95 over ${LARGE} listings ${p95.large.toFixed(2)} ms, over ${SMALL} ${p95.small.toFixed(2)} ms, ratio=${ratio.toFixed(3)}`,
    );
  } finally {
    await small.close();
    await large.close();
  }
};
