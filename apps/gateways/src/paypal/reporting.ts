import type { Thing } from "../store.ts";
import type { Payout } from "./api.ts";
import type { Dispute } from "./disputes.ts";
import { type Capture, invalid, type Money, type Refund, type World } from "./world.ts";

type Line = {
  id: string;
  code: string;
  at: number;
  money: Money;
  fee?: string;
  about?: string;
  custom?: string;
};

/** What PayPal keeps of a payment: 3.49 % and 0.49. */
const feeOf = ({ value }: Money): string =>
  (Number(value) * 0.0349 + 0.49).toFixed(value.includes(".") ? 2 : 0);

const payments = (world: World): Line[] =>
  world.store
    .list<Capture & Thing>("paypal.capture")
    .filter(({ status }) => status !== "PENDING" && status !== "DECLINED")
    .map((one) => ({
      id: one.id,
      code: "T0006",
      at: one.created,
      money: one.amount,
      fee: `-${feeOf(one.amount)}`,
      ...(one.custom_id ? { custom: one.custom_id } : {}),
    }));

const minus = (money: Money): Money => ({ ...money, value: `-${money.value}` });

const refunds = (world: World): Line[] =>
  world.store.list<Refund & Thing>("paypal.refund").flatMap(({ id, created, amount, captureId, ...one }) => {
    const out = { id, code: "T1107", at: created, money: minus(amount), about: captureId };
    if (one.status !== "FAILED") return [out];
    // It comes again under its kind, the other way.
    return [out, { ...out, id: `${id}F`, at: one.ended ?? created, money: amount }];
  });

const disputes = (world: World): Line[] =>
  world.store.list<Dispute>("paypal.dispute").flatMap(({ id, captureId, amount, moves }) =>
    moves.map(({ at, value, code }, place) => ({
      id: `${id}-${place}`,
      code,
      at,
      money: { ...amount, value },
      about: captureId,
    })),
  );

/** What PayPal takes for a payout. */
const PAYOUT_FEE = "-0.25";

/** Whatever was sent has left the balance, claimed or not; what comes back comes under a line of its own. */
const payouts = (world: World): Line[] =>
  world.store
    .list<Payout>("paypal.payout")
    .filter(({ status }) => status !== "FAILED" && status !== "BLOCKED")
    .flatMap(({ id, created, item, status, ended }) => {
      const { currency, value } = item.amount as { currency: string; value: string };
      const money = { currency_code: currency, value };
      const custom = String(item.sender_item_id);
      const fee = value.includes(".") ? PAYOUT_FEE : undefined;
      const out = { id, code: "T0001", at: created, money: minus(money), custom, ...(fee ? { fee } : {}) };
      const back = { id: `${id}R`, code: "T1115", at: ended ?? created, money, custom };
      return status === "RETURNED" || status === "REVERSED" ? [out, back] : [out];
    });

const shown = ({ id, code, at, money, fee, about, custom }: Line) => ({
  transaction_info: {
    transaction_id: id,
    transaction_event_code: code,
    transaction_initiation_date: new Date(at * 1000).toISOString(),
    transaction_amount: money,
    transaction_status: "S",
    ...(fee ? { fee_amount: { ...money, value: fee } } : {}),
    ...(about ? { paypal_reference_id: about, paypal_reference_id_type: "TXN" } : {}),
    ...(custom ? { custom_field: custom } : {}),
  },
});

const DAY_MS = 86_400_000;

/** GET /v1/reporting/transactions: at most 31 days, both moments needed. */
export const searched = (world: World, query: Record<string, string>) => {
  const [from, to] = [Date.parse(query.start_date ?? ""), Date.parse(query.end_date ?? "")];
  if (!(from <= to) || to - from > 31 * DAY_MS) throw invalid("INVALID_REQUEST", "/start_date");
  const size = Number(query.page_size ?? 100);
  const page = Number(query.page ?? 1);
  if (!(size >= 1 && size <= 500 && page >= 1)) throw invalid("INVALID_REQUEST", "/page_size");
  const lines = [...payments(world), ...refunds(world), ...disputes(world), ...payouts(world)]
    .filter(({ at }) => at * 1000 >= from && at * 1000 <= to)
    .sort((a, b) => a.at - b.at);
  return {
    transaction_details: lines.slice((page - 1) * size, page * size).map(shown),
    page,
    total_items: lines.length,
    total_pages: Math.max(1, Math.ceil(lines.length / size)),
  };
};
