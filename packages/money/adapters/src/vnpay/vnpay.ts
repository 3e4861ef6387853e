import {
  type Currency,
  currencies,
  day_ms,
  divideHalfEven,
  type Minor,
  sha256Hex,
  systemClock,
} from "@evx/kernel";
import {
  type Charge,
  type CheckoutOrder,
  type CheckoutState,
  type Gateway,
  GatewayFault,
  type RefundOrder,
  type RefundState,
} from "../gateway.ts";
import { type Answer, call, plainText, SERVER_IP, VERSION, type VnpaySettings } from "./calls.ts";
import { answerTo, verifyWebhook } from "./ipn.ts";
import { canonicalQuery, momentOfVnpay, signed, VIETNAM_MS, vnpayTime } from "./signing.ts";

export type { VnpaySettings } from "./calls.ts";

/** The least and the most dong that one payment may be; see the documentation of version 2.1.0. */
const LEAST = 5_000n;
const MOST = 999_999_999n;

/** Dong have no minor unit, and are a hundred times as many on the wire all the same. */
const WIRE = 100n;

/** A page may be paid until its time is over; the bank may still be at it for a while longer. */
const LAST_PAYMENT_MS = 15 * 60_000;

/** What VNPay charges: dong, for another currency at the configured rate, rounded once; null where it cannot. */
const chargeFor = (rate: number | null, amount: Minor, currency: Currency): Charge | null => {
  if (currency !== "VND" && rate === null) return null;
  const dong =
    currency === "VND"
      ? amount
      : divideHalfEven(
          amount * BigInt(Math.round((rate ?? 0) * 100)),
          100n * 10n ** BigInt(currencies[currency]),
        );
  if (dong < LEAST || dong > MOST) return null;
  return { amount: dong, currency: "VND", ...(currency === "VND" ? {} : { rate: String(rate) }) };
};

/** All that VNPay needs to find a page again: its name, when it was made and when it ends, as they were sent. */
const pageRef = (order: CheckoutOrder): string =>
  `${order.key.replace(/[^A-Za-z0-9]/g, "")}.${vnpayTime(order.openedAt)}.${vnpayTime(order.expiresAt)}`;

const namesIn = (ref: string) => {
  const [txnRef = "", createDate = "", last = ""] = ref.split(".");
  return { txnRef, createDate, last };
};

const unpaid = { chargeRef: null, paymentId: null, refunded: 0n, dispute: null, failure: null } as const;

const createCheckout = (settings: VnpaySettings, order: CheckoutOrder): CheckoutState => {
  if (order.currency !== "VND") throw new GatewayFault("vnpay", "refused", "currency_not_charged");
  if (order.amount < LEAST || order.amount > MOST)
    throw new GatewayFault("vnpay", "refused", "amount_out_of_range");
  const ref = pageRef(order);
  const { txnRef, createDate, last } = namesIn(ref);
  const query = canonicalQuery({
    vnp_Version: VERSION,
    vnp_Command: "pay",
    vnp_TmnCode: settings.tmnCode,
    vnp_Amount: (order.amount * WIRE).toString(),
    vnp_CurrCode: "VND",
    vnp_TxnRef: txnRef,
    vnp_OrderInfo: plainText(order.description),
    vnp_OrderType: "other",
    vnp_Locale: order.locale === "vi" ? "vn" : "en",
    vnp_ReturnUrl: order.successUrl,
    vnp_IpAddr: SERVER_IP,
    vnp_CreateDate: createDate,
    vnp_ExpireDate: last,
  });
  const redirectUrl = `${settings.payUrl}?${query}&vnp_SecureHash=${signed(query, settings.hashSecret)}`;
  return { ...unpaid, ref, status: "open", redirectUrl, amount: order.amount, currency: "VND" };
};

/** "0" with hundredths: what is not a whole number of dong is not what was asked. */
const dongOf = (wire: string | undefined): Minor =>
  /^\d{1,18}$/.test(wire ?? "") ? BigInt(wire ?? 0) / WIRE : 0n;

/** What went back, by the newest refund: under way, at the bank or done. Of parts VNPay never says how much. */
const goneBack = (answer: Answer): Pick<CheckoutState, "refunded" | "uncounted" | "silent"> => {
  const refused = answer.vnp_TransactionStatus === "09";
  if (answer.vnp_TransactionType === "02" && !refused) return { refunded: dongOf(answer.vnp_Amount) };
  return answer.vnp_TransactionType === "03" && !refused
    ? { refunded: 0n, uncounted: true, silent: true }
    : { refunded: 0n, silent: true };
};

const stateOf = (ref: string, answer: Answer, now: Date): CheckoutState => {
  const { txnRef, createDate, last } = namesIn(ref);
  const ends = momentOfVnpay(last)?.getTime() ?? 0;
  const over = now.getTime() > ends + LAST_PAYMENT_MS;
  const base = { ...unpaid, ref, redirectUrl: null, amount: dongOf(answer.vnp_Amount), currency: "VND" };
  const code = answer.vnp_ResponseCode;
  if (code === "91") return { ...base, status: over ? "expired" : "open" };
  if (code !== "00") throw new GatewayFault("vnpay", "unavailable", `answer_${code}`);
  if (answer.vnp_TxnRef !== txnRef) throw new GatewayFault("vnpay", "unavailable", "answer_of_another");
  const chargeRef = `${txnRef}.${answer.vnp_TransactionNo}.${createDate}`;
  switch (answer.vnp_TransactionStatus) {
    case "00":
    case "05":
    case "06":
    // 09: a refund came to nothing, and the money is here as before.
    case "09":
      return { ...base, status: "paid", chargeRef, ...goneBack(answer) };
    case "01":
      return { ...base, status: over ? "expired" : "open" };
    case "04":
    case "07":
      return { ...base, status: "pending", chargeRef };
    default:
      return { ...base, status: "expired", failure: `transaction_${answer.vnp_TransactionStatus}` };
  }
};

const query = (settings: VnpaySettings, txnRef: string, date: string, now: Date) =>
  call(settings, "query", {
    vnp_RequestId: crypto.randomUUID().replaceAll("-", ""),
    vnp_Version: VERSION,
    vnp_Command: "querydr",
    vnp_TmnCode: settings.tmnCode,
    vnp_TxnRef: txnRef,
    vnp_OrderInfo: "Query",
    vnp_TransactionDate: date,
    vnp_CreateDate: vnpayTime(now),
    vnp_IpAddr: SERVER_IP,
  });

/** What an answer says of a refund that VNPay took: 05 is on its way, 06 is at the bank, 00 is done, 09 was refused. */
const refundOf = (ref: string, answer: Answer): RefundState => {
  const status = answer.vnp_TransactionStatus;
  const done = status === "06" || (status === "00" && isRefund(answer));
  if (done) return { ref, status: "succeeded", failure: null };
  if (status === "09") return { ref, status: "failed", failure: "refund_refused" };
  return { ref, status: "pending", failure: null };
};

const isRefund = ({ vnp_TransactionType: type }: Answer): boolean => type === "02" || type === "03";

/** How long is waited for a sign of a refund that VNPay may or may not have taken. */
const UNKNOWN_MS = day_ms;

/**
 * The name of a refund: its payment's, when that was made, and its key; one that may not have been taken says so, with
 * when it was asked for: `unknown` where a query will tell, `unclear` where an earlier refund of the page speaks for it.
 */
const refundRef = (order: RefundOrder, took: boolean): string => {
  const { txnRef, last: date } = namesIn(order.chargeRef);
  const known = `${txnRef}.${date}.${order.key}`;
  if (took) return known;
  return `${known}.${order.before > 0n ? "unclear" : "unknown"}.${vnpayTime(order.askedAt)}`;
};

/**
 * Asks for a refund. Answer 99 means that nobody knows: the refund is then waited for and asked about, and never asked
 * for a second time. 94 says that it was asked for before, under the same name.
 */
const refund = async (settings: VnpaySettings, order: RefundOrder): Promise<RefundState> => {
  const { txnRef, createDate: transactionNo, last: date } = namesIn(order.chargeRef);
  const answer = await call(settings, "refund", {
    vnp_RequestId: (await sha256Hex(order.key)).slice(0, 32),
    vnp_Version: VERSION,
    vnp_Command: "refund",
    vnp_TmnCode: settings.tmnCode,
    vnp_TransactionType: order.amount === order.charged ? "02" : "03",
    vnp_TxnRef: txnRef,
    vnp_Amount: (order.amount * WIRE).toString(),
    vnp_TransactionNo: transactionNo,
    vnp_TransactionDate: date,
    vnp_CreateBy: "evx",
    vnp_CreateDate: vnpayTime(order.askedAt),
    vnp_IpAddr: SERVER_IP,
    vnp_OrderInfo: `Refund ${order.key.replace(/[^A-Za-z0-9]/g, "")}`,
  });
  const code = answer.vnp_ResponseCode ?? "";
  if (code === "00") return refundOf(refundRef(order, true), answer);
  if (code === "99" || code === "94")
    return { ref: refundRef(order, false), status: "pending", failure: null };
  throw new GatewayFault("vnpay", "refused", `answer_${code}`);
};

/**
 * How a refund stands, by what a query says of its payment. Where that says nothing of one that VNPay may not have
 * taken, or speaks of an earlier one, it is waited for a day; then only a person can tell, in VNPay's own dashboard.
 */
const retrieveRefund = async (settings: VnpaySettings, ref: string, now: Date): Promise<RefundState> => {
  const [txnRef = "", date = "", , doubt, asked] = ref.split(".");
  const answer = await query(settings, txnRef, date, now);
  const heard = answer.vnp_ResponseCode === "00" ? answer : {};
  if (doubt === undefined) return refundOf(ref, heard);
  const told = refundOf(ref, doubt === "unknown" ? heard : {});
  const underway = doubt === "unknown" && heard.vnp_TransactionStatus === "05";
  const since = now.getTime() - (momentOfVnpay(asked ?? "")?.getTime() ?? 0);
  return told.status === "pending" && !underway && since > UNKNOWN_MS
    ? { ref, status: "failed", failure: "unknown_at_gateway" }
    : told;
};

const noPayouts = async (): Promise<never> => {
  throw new GatewayFault("vnpay", "refused", "no_payouts");
};

/** VNPay 2.1.0: a signed address to pay at, IPN, query and refund, in dong. It pays nobody out. */
export const vnpayGateway = (settings: VnpaySettings, now: () => Date = () => systemClock.now()): Gateway => {
  const retrieveCheckout = async (ref: string): Promise<CheckoutState> => {
    const { txnRef, createDate } = namesIn(ref);
    return stateOf(ref, await query(settings, txnRef, createDate, now()), now());
  };
  return {
    name: "vnpay",
    midnight_ms: VIETNAM_MS,
    chargeFor: (amount, currency) => chargeFor(settings.rate, amount, currency),
    createCheckout: async (order) => createCheckout(settings, order),
    retrieveCheckout,
    // VNPay closes no page before its time: whoever pays late is given their money back.
    expireCheckout: retrieveCheckout,
    paymentOfCharge: async () => null,
    refund: (order) => refund(settings, order),
    retrieveRefund: (ref) => retrieveRefund(settings, ref, now()),
    oneRefundAtATime: true,
    tellsByLetter: true,
    openRecipient: noPayouts,
    payout: noPayouts,
    retrievePayout: noPayouts,
    recallPayout: noPayouts,
    verifyWebhook: async (webhook) => verifyWebhook(settings, webhook),
    answerTo,
  };
};
