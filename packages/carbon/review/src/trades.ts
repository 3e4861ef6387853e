import { accountsOfPerson, peopleById } from "@evx/accounts";
import { audit } from "@evx/audit";
import { batchesByIds } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { day_ms, type Grams, type Id } from "@evx/kernel";
import { movesOfAll } from "@evx/ledger";
import { oddTradeSuspected } from "./events.ts";
import { fourEyesPeriod_ms, isOddPrice } from "./policy.ts";
import { approvedOwners } from "./queries/alerts.ts";
import type { RequestRow } from "./queries/requests.ts";
import {
  insertOddTrade,
  insertTradeAlert,
  type OddTradeRow,
  oddTradesBetween,
  oddTradesSince,
} from "./queries/trades.ts";

/** A sale, with what others paid for a credit before; `market_minor` is null where too few did. */
export type Trade = {
  readonly orderId: Id<"order">;
  readonly transferId: Id<"transfer">;
  readonly buyerId: Id<"user">;
  readonly sellerId: Id<"user">;
  readonly grams: Grams;
  readonly price_minor: bigint;
  readonly market_minor: bigint | null;
  readonly currency: string;
  readonly at: Date;
};

/** To whom the grams of a sale were first issued. */
const originsOfSale = async (db: Db, transferId: Id<"transfer">): Promise<Id<"user">[]> => {
  const runs = (await movesOfAll(db, [transferId])).get(transferId) ?? [];
  const batches = await batchesByIds(db, [...new Set(runs.map(({ batchId }) => batchId))]);
  return [...new Set([...batches.values()].map(({ ownerId }) => ownerId))].sort();
};

type Found = { reviewerId: Id<"user">; ownerId: Id<"user">; requestId: Id<"request">; bought: boolean };

const raise = async (
  tx: Tx,
  trade: OddTradeRow,
  { reviewerId, ownerId, requestId, bought }: Found,
): Promise<void> => {
  const isNew = await insertTradeAlert(tx, {
    reviewer_id: reviewerId,
    owner_id: ownerId,
    order_id: trade.order_id,
    request_id: requestId,
    bought,
    raised_at: tx.at,
  });
  if (!isNew) return;
  const sign = { kind: "trade", reviewerId, ownerId, sourceId: trade.order_id };
  await audit(tx, null, "request.suspect", requestId, { after: sign });
  const { order_id: orderId, grams } = trade;
  await emit(tx, oddTradeSuspected, { reviewerId, ownerId, requestId, orderId, grams: String(grams) });
};

/** Who among a person's accounts is an auditor. */
const auditorsAmong = async (db: Db, accounts: readonly Id<"user">[]): Promise<Id<"user">[]> => {
  const people = await peopleById(db, accounts);
  return accounts.filter((id) => people.get(id)?.role === "cva");
};

/** The signs that one side of a sale is: an auditor's, by whatever account, with owners whose requests they approved. */
const signsOf = async (
  tx: Tx,
  side: readonly Id<"user">[],
  { others, bought, since }: { others: readonly Id<"user">[]; bought: boolean; since: Date },
): Promise<Found[]> => {
  const found: Found[] = [];
  for (const reviewerId of await auditorsAmong(tx, side)) {
    const approved = await approvedOwners(tx, { reviewerId, ownerIds: others, since });
    found.push(...approved.map((one) => ({ ...one, reviewerId, bought })));
  }
  return found;
};

const raiseSigns = async (tx: Tx, trade: OddTradeRow): Promise<void> => {
  const since = new Date(trade.sold_at.getTime() - fourEyesPeriod_ms);
  const [buyer, seller] = [
    await accountsOfPerson(tx, trade.buyer_id),
    await accountsOfPerson(tx, trade.seller_id),
  ];
  const sources = [...new Set([...seller, ...trade.origin_ids])];
  const found = [
    ...(await signsOf(tx, buyer, { others: sources, bought: true, since })),
    ...(await signsOf(tx, seller, { others: buyer, bought: false, since })),
  ];
  for (const sign of found) await raise(tx, trade, sign);
};

/** What the audit trail has of an odd sale, so that nobody takes it away before somebody looks. */
const factsOf = (row: OddTradeRow) => ({
  buyerId: row.buyer_id,
  sellerId: row.seller_id,
  originIds: row.origin_ids,
  grams: String(row.grams),
  price: String(row.price_minor),
  market: row.market_minor === null ? null : String(row.market_minor),
  currency: row.currency,
  soldAt: row.sold_at.toISOString(),
});

/**
 * Keeps a sale whose price is far from the market's, and raises a sign where an auditor, by any account of theirs, traded
 * so with an owner whose requests they approved, or bought what such an owner was issued from others. Any number of times.
 */
export const noteTrade = async (tx: Tx, trade: Trade): Promise<void> => {
  const { orderId, transferId, buyerId, sellerId, grams, price_minor, market_minor, currency, at } = trade;
  if (!isOddPrice(price_minor, market_minor)) return;
  const row = {
    order_id: orderId,
    buyer_id: buyerId,
    seller_id: sellerId,
    origin_ids: await originsOfSale(tx, transferId),
    grams,
    price_minor,
    market_minor,
    currency,
    sold_at: at,
  };
  if (await insertOddTrade(tx, row)) await audit(tx, null, "trade.odd", orderId, { after: factsOf(row) });
  await raiseSigns(tx, row);
};

/** When a reviewer approves: odd sales between their accounts and the owner's that came before. */
export const noteEarlierTrades = async (
  tx: Tx,
  row: Pick<RequestRow, "id" | "owner_id">,
  reviewerId: Id<"user">,
): Promise<void> => {
  const since = new Date(tx.at.getTime() - fourEyesPeriod_ms);
  const owners = await accountsOfPerson(tx, row.owner_id);
  const reviewers = await accountsOfPerson(tx, reviewerId);
  for (const trade of await oddTradesBetween(tx, { owners, reviewers, since }))
    await raise(tx, trade, {
      reviewerId,
      ownerId: row.owner_id,
      requestId: row.id,
      bought: reviewers.includes(trade.buyer_id),
    });
};

/** That two accounts are one person's is often learnt when one withdraws: within this time, or they trade again. */
const lookedAt_ms = 90 * day_ms;

/** So many sales are looked at in one transaction. */
const page = 200;

/** Looks again at the odd sales of the last months. */
export const noteLateTrades = async (job: {
  db: Db;
  clock: { now(): Date };
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}): Promise<void> => {
  const since = new Date(job.clock.now().getTime() - lookedAt_ms);
  for (let after: OddTradeRow | null = null; ; ) {
    const trades: OddTradeRow[] = await oddTradesSince(job.db, { since, after, limit: page });
    await job.transact(async (tx) => {
      for (const trade of trades) await raiseSigns(tx, trade);
    });
    after = trades.at(-1) ?? null;
    if (!after || trades.length < page) return;
  }
};
