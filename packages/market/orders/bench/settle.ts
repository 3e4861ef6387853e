/**
 * Paid orders settled through the service, against one hand-written SQL
 * function that writes the same rows, called from the same client: in a transaction as the service has one, and alone.
 * Orders are made in bulk beforehand; rounds alternate; each figure is the median of the rounds' ratios.
 */
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { jobContext } from "@evx/jobs/testing";
import { type Id, newId, systemClock } from "@evx/kernel";
import { auditBooks } from "@evx/ledger";
import { createListing } from "@evx/listings";
import { aSeller, givenBatch, noAuctions } from "@evx/listings/testing";
import { CLIENTS, contest, rate } from "@evx/tooling/contest";
import { settlePaid } from "../src/settlement.ts";
import { noWinners } from "../src/testing.ts";
import { settleFloor } from "./parts/settle-floor.ts";

const ROUNDS = 15;
const MILLIS = 400;
const LISTINGS = 64;
const ORDERS = 60_000;
const GRAMS = 1_000n;

/** Listings large enough for all orders. */
const someListings = async (t: TestDatabase): Promise<{ id: Id<"listing">; seller: Id<"user"> }[]> => {
  const listings: { id: Id<"listing">; seller: Id<"user"> }[] = [];
  const grams = GRAMS * BigInt(ORDERS);
  for (let n = 0; n < LISTINGS; n++) {
    const seller = await aSeller(t, grams);
    await givenBatch(t, seller.id, grams);
    const id = newId("listing");
    await t.transact((tx) =>
      createListing(tx, noAuctions, seller, {
        id,
        currency: "USD",
        creditsAmount: grams,
        pricePerCredit: "10000.00",
        listingType: "fixed",
      }),
    );
    listings.push({ id, seller: seller.id });
  }
  return listings;
};

/** Listings large enough for all orders, and that many paid orders of them: reserved, captured, in escrow. */
export const furnish = async (t: TestDatabase): Promise<Id<"order">[]> => {
  const listings = await someListings(t);
  const buyers = Array.from({ length: 256 }, () => newId("user"));
  const orders = Array.from({ length: ORDERS }, (_, n) => ({
    id: newId("order"),
    listing: listings[n % LISTINGS]?.id ?? "",
    seller: listings[n % LISTINGS]?.seller ?? "",
    buyer: buyers[n % 256] ?? "",
    payment: newId("payment"),
    transfer: newId("transfer"),
  }));
  const column = (name: keyof (typeof orders)[number]) => orders.map((order) => order[name]);
  // In bulk and with the owner's rights: what matters is that these rows are there, not how they came.
  const admin = new Bun.SQL(t.adminUrl, { max: 1 });
  try {
    await admin.unsafe(settleFloor);
    await admin.unsafe(
      "create table floor.planned (id text, listing text, seller text, buyer text, payment text, transfer text)",
    );
    const columns = ["id", "listing", "seller", "buyer", "payment", "transfer"] as const;
    for (let from = 0; from < ORDERS; from += 10_000) {
      const arrays = columns.map(
        (name) =>
          `{${column(name)
            .slice(from, from + 10_000)
            .join(",")}}`,
      );
      await admin.unsafe(
        "insert into floor.planned select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])",
        arrays,
      );
    }
    await admin.unsafe(`
      insert into marketplace."order" (id, kind, listing_id, buyer_id, seller_id, status, amount_g, price_minor, currency,
        total_minor, platform_fee_minor, cva_fee_minor, net_minor, fees_version, payment_id, transfer_id, leg_accounts, leg_amounts,
        created_at, expires_at, paid_at)
      select id, 'purchase', listing, buyer, seller, 'paid', ${GRAMS}, 1000000, 'USD', 1000, 25, 10, 965, 0, payment, transfer,
        array['USD/cash/' || seller, 'USD/cva_pool/' || floor.shard(transfer), 'USD/escrow/' || floor.shard(id),
          'USD/platform_fee/' || floor.shard(transfer), 'gCO2e/listing/' || listing, 'gCO2e/wallet/' || buyer],
        array[965, 10, -1000, 25, -${GRAMS}, ${GRAMS}],
        '2026-03-01', '2026-03-02', '2026-03-01' from floor.planned;
      insert into payments.payment (id, order_id, buyer_id, seller_id, amount_minor, currency, description, status, method,
        attempt, captured_at, expires_at, created_at, changed_at)
      select payment, id, buyer, seller, 1000, 'USD', 'bench', 'captured', 'stripe', 1, '2026-03-01', '2026-03-02', '2026-03-01', '2026-03-01'
      from floor.planned;
      insert into ledger.hold (id, account_id, amount, at) select id, 'gCO2e/listing/' || listing, ${GRAMS}, '2026-03-01' from floor.planned;
      update ledger.account a set held = w.grams from (select 'gCO2e/listing/' || listing as id, count(*) * ${GRAMS} as grams
        from floor.planned group by listing) w where w.id = a.id;
      update marketplace.listing l set remaining_g = remaining_g - w.grams from (select listing, count(*) * ${GRAMS} as grams
        from floor.planned group by listing) w where w.listing = l.id;
      select ledger.post('tfr_bench', 'capture', '2026-03-01', array_agg(account order by account collate "C"),
        array_agg(amount order by account collate "C"), array_agg(null::text), null, '{}', null)
      from (select 'USD/escrow/' || floor.shard(id) as account, count(*) * 1000 as amount from floor.planned group by 1
        union all select 'USD/clearing/stripe', -count(*) * 1000 from floor.planned) leg (account, amount);
      select ledger.open_account(name, null, '2026-03-01') from (select distinct unnest(array['USD/cash/' || seller,
        'gCO2e/wallet/' || buyer]) from floor.planned) a (name);
      select ledger.open_account(kind || shard, null, '2026-03-01')
      from generate_series(0, 15) shard, unnest(array['USD/cva_pool/', 'USD/platform_fee/']) kind;
      analyze;`);
  } finally {
    await admin.close();
  }
  return orders.map((order) => order.id);
};

export default async (print: (line: string) => void): Promise<void> => {
  const t = await testDatabase({ max: CLIENTS });
  try {
    const orders = await furnish(t);
    let place = 0;
    const next = (): Id<"order"> => {
      const id = orders[place++];
      if (!id) throw new Error("More orders are needed for a machine as fast as this one.");
      return id;
    };
    const job = jobContext({ db: t.db, clock: systemClock }, "bench");
    const count = { ours: 0, floor: 0 };
    const ours = async () => {
      if (await settlePaid(job, noWinners, next())) count.ours++;
    };
    const call = "select floor.settle($1, $2) as settled";
    const floor = async () => {
      const { rows } = await t.pool.query<{ settled: boolean }>(call, [next(), systemClock.now()]);
      if (rows[0]?.settled) count.floor++;
    };
    const floorInTransaction = async () => {
      const client = await t.pool.connect();
      try {
        await client.query("begin");
        const { rows } = await client.query<{ settled: boolean }>(call, [next(), systemClock.now()]);
        await client.query("commit");
        if (rows[0]?.settled) count.floor++;
      } catch (error) {
        await client.query("rollback");
        throw error;
      } finally {
        client.release();
      }
    };

    const result = await contest(
      {
        ours: () => rate(MILLIS, ours),
        floorInTransaction: () => rate(MILLIS, floorInTransaction),
        floor: () => rate(MILLIS, floor),
      },
      ROUNDS,
    );
    if (count.ours + count.floor !== place) throw new Error("Not every order was settled.");
    const violations = await auditBooks(t.db);
    if (violations.length > 0) throw new Error(`The books do not balance: ${JSON.stringify(violations[0])}`);
    print(
      `settle: ours ${result.rate("ours")}/s, one hand-written function ${result.rate("floor")}/s, ratio=${result.ratio("ours", "floor").toFixed(3)}`,
    );
    print(
      `settle: ours ${result.rate("ours")}/s, the same function in a transaction ${result.rate("floorInTransaction")}/s, ratio=${result.ratio("ours", "floorInTransaction").toFixed(3)}`,
    );
  } finally {
    await t.close();
  }
};
