/**
 * Orders bought the whole way a second: placed and checked out over HTTP, paid on the gateway's page, told by its webhook,
 * captured, settled and told by the worker; against the same writes as bare SQL, one call a transaction. Rounds
 * alternate, and wait in between until the jobs that sales leave behind are done; each figure is the median of the
 * rounds' ratios. Server, worker and the gateway's stand-in share this process, and so one core.
 */
import type { TestDatabase } from "@evx/db/testing";
import { newId, systemClock } from "@evx/kernel";
import { auditBooks } from "@evx/ledger";
import { settleFloor } from "@evx/orders/floor";
import { CLIENTS, contest, rate } from "@evx/tooling/contest";
import { startLiveWorld } from "../src/testing.ts";
import { buyersOf, GRAMS, LISTINGS, type Listing, oursIn, rest, someListings } from "./parts/buying.ts";
import { checkoutFloor } from "./parts/checkout-floor.ts";

const ROUNDS = 5;
const MILLIS = 1_500;
const TOTAL = 1_000n;

const furnishFloor = async (
  t: TestDatabase,
  listings: readonly Listing[],
  buyers: readonly { id: string }[],
) => {
  const admin = new Bun.SQL(t.adminUrl, { max: 1 });
  try {
    await admin.unsafe(settleFloor);
    await admin.unsafe(checkoutFloor);
    const names = [
      "USD/clearing/stripe",
      ...listings.map(({ seller }) => `USD/cash/${seller}`),
      ...buyers.map(({ id }) => `gCO2e/wallet/${id}`),
      ...Array.from({ length: 16 }, (_, shard) =>
        ["cva_pool", "platform_fee", "escrow"].map((kind) => `USD/${kind}/${shard}`),
      ).flat(),
    ];
    await admin.unsafe(
      `select ledger.open_account(name, null, '2026-03-01') from unnest('{${names.join(",")}}'::text[]) a (name)`,
    );
  } finally {
    await admin.close();
  }
};

const floorIn = (t: TestDatabase, listings: readonly Listing[], buyers: readonly { id: string }[]) => {
  let place = 0;
  const call = async <T>(text: string, values: unknown[]): Promise<T | undefined> =>
    (await t.pool.query<{ it: T }>(`select ${text} as it`, values)).rows[0]?.it;
  /** One queue's turn: into it, out of it, the work, and its end. */
  const job = async (name: string, at: Date, work: () => Promise<unknown>) => {
    const id = await call<bigint>("floor.relay($1, $2)", [name, at]);
    await call("floor.fetch($1)", [id]);
    await work();
    await call("floor.done($1, $2)", [id, at]);
  };
  return async (client: number): Promise<void> => {
    const listing = listings[place++ % LISTINGS];
    const [order, payment, at] = [newId("order"), newId("payment"), systemClock.now()];
    const names = [order, listing?.id, listing?.seller, buyers[client]?.id, payment, newId("transfer")];
    await call("floor.place($1, $2, $3, $4, $5, $6, $7, $8, $9)", [...names, GRAMS, TOTAL, at]);
    await call("floor.ask($1, $2)", [payment, at]);
    await call("floor.open($1, $2)", [payment, at]);
    await call("floor.hear($1, $2)", [payment, at]);
    await job("floor.handle", at, async () => {
      await call("floor.capture($1, $2, $3, $4)", [order, payment, TOTAL, at]);
      await call("floor.heard($1, $2)", [payment, at]);
    });
    await job("floor.captured", at, () => call("floor.paid($1, $2)", [order, at]));
    await job("floor.settle", at, async () => {
      if (!(await call<boolean>("floor.settle($1, $2)", [order, at])))
        throw new Error(`${order} did not settle`);
    });
  };
};

export default async (print: (line: string) => void): Promise<void> => {
  const world = await startLiveWorld({ RATE_LIMIT_PER_MINUTE: "100000000", REQUESTS_AT_ONCE: "10000" });
  try {
    const t = world.database;
    const listings = await someListings(t);
    const buyers = await buyersOf(world.url, CLIENTS);
    await furnishFloor(t, listings, buyers);
    const ours = oursIn(world, listings, buyers);
    const floor = floorIn(t, listings, buyers);
    const tidy = async () => {
      await t.admin.deleteFrom("jobs.outbox").where("cause", "=", "bench").execute();
      await rest(t);
    };
    const result = await contest(
      {
        ours: async () => {
          await tidy();
          return rate(MILLIS, ours.one);
        },
        floor: async () => {
          await tidy();
          return rate(MILLIS, floor);
        },
      },
      ROUNDS,
    );
    await ours.stop();
    const violations = await auditBooks(t.db);
    if (violations.length > 0) throw new Error(`The books do not balance: ${JSON.stringify(violations[0])}`);
    print(
      `checkout: from order to settled ${result.rate("ours")}/s, the same writes as bare SQL ${result.rate("floor")}/s, ratio=${result.ratio("ours", "floor").toFixed(3)}`,
    );
  } finally {
    await world.close();
  }
};
