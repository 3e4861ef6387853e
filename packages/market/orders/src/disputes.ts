import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import {
  afterMoment,
  assert,
  type Id,
  minorFromText,
  momentKey,
  type Page,
  type PageInput,
  pageFrom,
  textFromMinor,
} from "@evx/kernel";
import { currencyOf } from "@evx/listings";
import { refundPayment } from "@evx/payments";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { disputeOpened, disputeResolved } from "./events.ts";
import {
  type DisputeRow,
  disputeRow,
  disputeRows,
  disputesOfOrder,
  endDispute,
  insertDispute,
  insertMessage,
  lockDispute,
  type MessageRow,
  messageRows,
  totalRows,
} from "./queries/disputes.ts";
import { type EvidenceRow, evidenceRows } from "./queries/evidence.ts";
import { lockOrder, orderRow } from "./queries/orders.ts";
import { lineRows, lockSweep, sweepRow } from "./queries/sweeps.ts";
import type { ResolveDispute } from "./schema.ts";

type Who = Pick<Actor, "id" | "role">;

/** What a dispute needs of an order, single or over many listings. */
const objectOf = async (tx: Tx, id: Id<"order">) => {
  const order = (await lockSweep(tx, id)) ?? (await lockOrder(tx, id));
  return order && !("sweep_id" in order && order.sweep_id) ? order : undefined;
};

const sellersOf = async (db: Db, orderId: Id<"order">): Promise<Id<"user">[]> => {
  if (await sweepRow(db, orderId))
    return [...new Set((await lineRows(db, [orderId])).map((line) => line.seller_id))];
  const order = await orderRow(db, orderId);
  return order ? [order.seller_id] : [];
};

/**
 * A buyer objects to what they bought. While a dispute of the order is open, asking again answers that one.
 * Refuses `order_not_found` (also another's) and `dispute_not_possible` for what was not paid.
 */
export const openDispute = async (
  tx: Tx,
  buyer: Pick<Actor, "id">,
  input: { id: Id<"dispute">; orderId: Id<"order">; reason: string },
): Promise<Id<"dispute">> => {
  const order = await objectOf(tx, input.orderId);
  if (!order || order.buyer_id !== buyer.id) throw refuse("order_not_found");
  const [last] = await disputesOfOrder(tx, { id: input.orderId, buyer_id: buyer.id });
  if (last?.status === "open") return last.id;
  if (order.status !== "paid" && order.status !== "completed" && order.status !== "disputed")
    throw refuse("dispute_not_possible", { status: order.status });
  await insertDispute(tx, {
    id: input.id,
    order_id: input.orderId,
    payment_id: order.payment_id,
    buyer_id: buyer.id,
    currency: order.currency,
    status: "open",
    reason: input.reason,
    outcome: null,
    amount_minor: null,
    opened_at: tx.at,
    resolved_at: null,
    resolved_by: null,
  });
  await audit(tx, buyer, "dispute.open", input.id, { after: { orderId: input.orderId } });
  for (const sellerId of await sellersOf(tx, input.orderId))
    await emit(tx, disputeOpened, {
      disputeId: input.id,
      orderId: input.orderId,
      buyerId: buyer.id,
      sellerId,
      at: tx.at.toISOString(),
    });
  return input.id;
};

/** On which side somebody stands in a dispute; refuses `dispute_not_found` to whoever is on none. */
export const sideOf = async (
  db: Db,
  actor: Who,
  dispute: DisputeRow | undefined,
): Promise<MessageRow["side"]> => {
  if (dispute && actor.role === "admin") return "operator";
  if (dispute?.buyer_id === actor.id) return "buyer";
  if (dispute && (await sellersOf(db, dispute.order_id)).includes(actor.id)) return "seller";
  throw refuse("dispute_not_found");
};

/** Says something to a dispute: its buyer, a seller of the order, an operator. Refuses `dispute_resolved`. */
export const addMessage = async (
  tx: Tx,
  actor: Who,
  { id, message }: { id: Id<"dispute">; message: string },
): Promise<void> => {
  const dispute = await lockDispute(tx, id);
  const side = await sideOf(tx, actor, dispute);
  if (dispute?.status === "resolved") throw refuse("dispute_resolved");
  await insertMessage(tx, { dispute_id: id, author_id: actor.id, side, message, at: tx.at });
};

/**
 * An operator decides: the whole or a part of the money goes back to the buyer, from those who were given it, or the sale
 * stands. The same decision again changes nothing.
 * Refuses `dispute_not_found`, `dispute_resolved`, `dispute_amount_wrong`, and what a refund is refused for.
 */
export const resolveDispute = async (
  tx: Tx,
  operator: Pick<Actor, "id">,
  input: v.InferOutput<typeof ResolveDispute>,
): Promise<void> => {
  const dispute = await disputeRow(tx, input.id);
  if (!dispute) throw refuse("dispute_not_found");
  // The order before its payment, as whoever settles it.
  await objectOf(tx, dispute.order_id);
  const locked = await lockDispute(tx, input.id);
  assert(locked, `${input.id} is there`);
  const currency = currencyOf(locked);
  const amount_minor = input.amount === undefined ? null : minorFromText(input.amount, currency);
  const part = input.outcome === "partial_refund";
  if (part !== (input.amount !== undefined) || (part && (amount_minor === null || amount_minor <= 0n)))
    throw refuse("dispute_amount_wrong", { currency });
  if (locked.status === "resolved") {
    if (locked.outcome === input.outcome && locked.amount_minor === amount_minor) return;
    throw refuse("dispute_resolved");
  }
  await endDispute(tx, input.id, { outcome: input.outcome, amount_minor, resolved_by: operator.id });
  await audit(tx, operator, "dispute.resolve", input.id, {
    after: { outcome: input.outcome, amount: input.amount ?? null },
  });
  await emit(tx, disputeResolved, {
    disputeId: input.id,
    orderId: locked.order_id,
    buyerId: locked.buyer_id,
    outcome: input.outcome,
    at: tx.at.toISOString(),
  });
  if (input.outcome !== "release")
    await refundPayment(tx, {
      paymentId: locked.payment_id,
      reason: "operator",
      note: `dispute ${input.id}`,
      ...(amount_minor === null ? {} : { amount: amount_minor }),
    });
};

/** What is at stake in each dispute for whoever reads it: the order's total, or of several sellers what is one's own. */
const stakesIn = async (db: Db, actor: Who, rows: readonly DisputeRow[]): Promise<Map<string, bigint>> => {
  const ids = rows.map(({ order_id }) => order_id);
  const stakes = new Map<string, bigint>(
    (await totalRows(db, ids)).map(({ id, total_minor }) => [id, total_minor]),
  );
  const sellsIn = rows.filter(({ buyer_id }) => actor.role !== "admin" && buyer_id !== actor.id);
  for (const [sweepId, lines] of Map.groupBy(
    await lineRows(
      db,
      sellsIn.map(({ order_id }) => order_id),
    ),
    (line) => line.sweep_id as string,
  ))
    stakes.set(
      sweepId,
      lines.reduce((sum, line) => (line.seller_id === actor.id ? sum + line.total_minor : sum), 0n),
    );
  return stakes;
};

type Parts = { messages: readonly MessageRow[]; files: readonly EvidenceRow[]; stake: bigint | undefined };

const disputeView = (row: DisputeRow, actor: Who, { messages, files, stake }: Parts) => ({
  id: row.id,
  orderId: row.order_id,
  status: row.status,
  reason: row.reason,
  outcome: row.outcome,
  amount: row.amount_minor === null ? null : textFromMinor(row.amount_minor, currencyOf(row)),
  total: textFromMinor(stake ?? 0n, currencyOf(row)),
  paymentId: actor.role === "admin" ? row.payment_id : null,
  currency: row.currency,
  openedAt: row.opened_at,
  resolvedAt: row.resolved_at,
  messages: messages.map(({ side, message, at }) => ({ author: side, message, at })),
  files: files.map(({ id, side, name, content_type, at }) => ({
    id,
    author: side,
    name,
    contentType: content_type,
    at,
  })),
});

/** A dispute for those on one of its sides. Refuses `dispute_not_found` to others. */
export const disputeDetail = async (db: Db, actor: Who, id: Id<"dispute">) => {
  const row = await disputeRow(db, id);
  await sideOf(db, actor, row);
  assert(row, `${id} was found`);
  return disputeView(row, actor, {
    messages: await messageRows(db, [id]),
    files: await evidenceRows(db, [id]),
    stake: (await stakesIn(db, actor, [row])).get(row.order_id),
  });
};

/** A buyer's disputes, or everybody's for an operator; the newest first. */
export const disputesOf = async (
  db: Db,
  actor: Who,
  { limit, cursor, orderId }: PageInput & { orderId?: Id<"order"> | undefined },
): Promise<Page<ReturnType<typeof disputeView>>> => {
  const rows = orderId
    ? await ofOrder(db, actor, orderId)
    : await disputeRows(db, {
        buyerId: actor.role === "admin" ? null : actor.id,
        after: afterMoment("dispute", cursor),
        limit: limit + 1,
      });
  const ids = rows.map(({ id }) => id);
  const messages = Map.groupBy(await messageRows(db, ids), (row) => row.dispute_id);
  const files = Map.groupBy(await evidenceRows(db, ids), (row) => row.dispute_id);
  const stakes = await stakesIn(db, actor, rows);
  return pageFrom(
    rows,
    limit,
    (row) =>
      disputeView(row, actor, {
        messages: messages.get(row.id) ?? [],
        files: files.get(row.id) ?? [],
        stake: stakes.get(row.order_id),
      }),
    (row) => momentKey(row.opened_at, row.id),
  );
};

/** Those of one order that somebody may see. */
const ofOrder = async (db: Db, actor: Who, orderId: Id<"order">): Promise<DisputeRow[]> => {
  const order = (await sweepRow(db, orderId)) ?? (await orderRow(db, orderId));
  const rows = order ? await disputesOfOrder(db, { id: orderId, buyer_id: order.buyer_id }) : [];
  const [first] = rows;
  if (!first) return [];
  await sideOf(db, actor, first);
  return rows;
};
