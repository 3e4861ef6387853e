/**
 * Transfers of six legs (a sale: money with fees, and grams as blocks) through our TypeScript ledger, against the
 * bare SQL function called from the same client; and what sharing the fee accounts among all sales costs.
 * Rounds alternate, so that noise of the machine falls on both; each figure is the median of the rounds' ratios.
 */
import { type Db, transact } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId, systemClock } from "@evx/kernel";
import {
  type AccountId,
  auditBooks,
  cash,
  clearing,
  cvaPool,
  escrow,
  type Leg,
  listingAccount,
  platformFee,
  post,
  wallet,
} from "../src/index.ts";
import { givenGrams } from "../src/testing.ts";

const CLIENTS = 16;
const ROUNDS = 21;
const MILLIS = 450;

type World = Awaited<ReturnType<typeof testDatabase>>;
type Seller = { id: Id<"user">; listing: AccountId };

/** Sellers with listed grams, an escrow filled for each order that will come, and buyers. */
const furnish = async (t: World): Promise<Seller[]> => {
  const sellers: Seller[] = [];
  for (let n = 0; n < CLIENTS * 4; n++) {
    const seller = { id: newId("user"), listing: listingAccount(newId("listing")) };
    sellers.push(seller);
    await t.transact(async (tx) => {
      await givenGrams(tx, seller.id, 1_000_000_000n);
      await post(tx, {
        id: newId("transfer"),
        kind: "list",
        legs: [
          { account: wallet(seller.id), amount: -1_000_000_000n },
          { account: seller.listing, amount: 1_000_000_000n, holder: seller.id },
        ],
      });
    });
  }
  await t.transact(async (tx) => {
    for (let n = 0; n < 400; n++) {
      await post(tx, {
        id: newId("transfer"),
        kind: "capture",
        legs: [
          { account: clearing("USD", "stripe"), amount: -1_000_000_000n },
          { account: escrow("USD", newId("order")), amount: 1_000_000_000n },
        ],
      });
    }
  });
  return sellers;
};

type Fees = (id: Id<"transfer">, client: number) => [AccountId, AccountId];

const sharded: Fees = (id) => [platformFee("USD", id), cvaPool("USD", id)];

/** The legs of one sale: 0.001 credits for 10.00, with 2.5 % and 1 % of fees. */
const sale = (seller: Seller, [platform, pool]: [AccountId, AccountId]): Leg[] => [
  { account: escrow("USD", newId("order")), amount: -1_000n },
  { account: cash("USD", seller.id), amount: 965n },
  { account: platform, amount: 25n },
  { account: pool, amount: 10n },
  { account: seller.listing, amount: -1_000n },
  { account: wallet(newId("user")), amount: 1_000n },
];

/** Transfers a second with all clients busy. */
const rate = async (work: (client: number) => Promise<unknown>): Promise<number> => {
  let done = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      while (performance.now() - start < MILLIS) {
        await work(client);
        done++;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - start);
};

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** Runs the contenders in turn, round after round, the order turning too; answers the rates by name. */
const contest = async <K extends string>(contenders: Record<K, () => Promise<number>>) => {
  const names = Object.keys(contenders) as K[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (const name of names) await contenders[name]();
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of round % 2 ? names.toReversed() : names) rates[name].push(await contenders[name]());
  }
  return {
    rate: (name: K) => Math.round(median(rates[name])),
    ratio: (name: K, to: K) =>
      median(rates[name].map((each, round) => each / (rates[to][round] ?? Number.NaN))),
  };
};

/** The SQL function itself from the same client: committing by itself, and in a transaction of its own. */
const bareCalls = (t: World, sellerOf: (client: number) => Seller) => {
  const call = `select ledger.post($1, 'sale', $2, $3, $4, $5, null, '{}', null) as replayed`;
  const nobody = [null, null, null, null, null, null];
  const values = (client: number) => {
    const id = newId("transfer");
    const legs = sale(sellerOf(client), sharded(id, client)).sort((a, b) => (a.account < b.account ? -1 : 1));
    return [id, new Date(), legs.map((leg) => leg.account), legs.map((leg) => leg.amount), nobody];
  };
  return {
    bare: (client: number) => t.pool.query(call, values(client)),
    bareInTransaction: async (client: number) => {
      const connection = await t.pool.connect();
      try {
        await connection.query("begin");
        await connection.query(call, values(client));
        await connection.query("commit");
      } finally {
        connection.release();
      }
    },
  };
};

export default async (print: (line: string) => void): Promise<void> => {
  const t = await testDatabase({ max: CLIENTS });
  try {
    const sellers = await furnish(t);
    let turn = 0;
    const seller = (client: number): Seller => sellers[client + CLIENTS * (turn++ % 4)] as Seller;

    const ours = (db: Db, fees: Fees) => (client: number) =>
      transact(db, systemClock, (tx) => {
        const id = newId("transfer");
        return post(tx, { id, kind: "sale", legs: sale(seller(client), fees(id, client)) });
      });

    const { bare, bareInTransaction } = bareCalls(t, seller);

    const path = await contest({
      ours: () => rate(ours(t.db, sharded)),
      bareInTransaction: () => rate(bareInTransaction),
      bare: () => rate(bare),
    });
    print(
      `ledger: six legs, ours ${path.rate("ours")}/s, bare function in a transaction ${path.rate("bareInTransaction")}/s, ratio=${path.ratio("ours", "bareInTransaction").toFixed(3)}`,
    );
    print(
      `ledger: six legs, ours ${path.rate("ours")}/s, bare function alone, committing by itself ${path.rate("bare")}/s, ratio=${path.ratio("ours", "bare").toFixed(3)}`,
    );

    // The same work where no two clients share a fee account, and where all share one.
    const fees = Array.from(
      { length: CLIENTS },
      () => [cash("USD", newId("user")), cash("USD", newId("user"))] as [AccountId, AccountId],
    );
    const own: Fees = (_, client) => fees[client] as [AccountId, AccountId];
    const one = fees[0] as [AccountId, AccountId];
    const hot = await contest({
      sharded: () => rate(ours(t.db, sharded)),
      own: () => rate(ours(t.db, own)),
      one: () => rate(ours(t.db, () => one)),
    });
    print(
      `ledger: all sales pay into 16 fee shards ${hot.rate("sharded")}/s, fee accounts of their own ${hot.rate("own")}/s, ratio=${hot.ratio("sharded", "own").toFixed(3)}`,
    );
    print(
      `ledger: all sales pay into one fee account ${hot.rate("one")}/s, fee accounts of their own ${hot.rate("own")}/s, ratio=${hot.ratio("one", "own").toFixed(3)}`,
    );
    const { rows } = await t.pool.query(
      "select n_tup_upd as updates, n_tup_hot_upd as hot from pg_stat_user_tables where relid = 'ledger.account'::regclass",
    );
    print(
      `ledger: account rows updated in place (HOT) of all updates, ratio=${(Number(rows[0].hot) / Number(rows[0].updates)).toFixed(3)}`,
    );
    const wrong = await auditBooks(t.admin);
    if (wrong.length > 0) throw new Error(`The books do not balance: ${JSON.stringify(wrong.slice(0, 5))}`);
  } finally {
    await t.close();
  }
};
