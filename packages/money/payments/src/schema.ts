import { type Currency, idOf, idOut, momentOut, moneyText, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";

export const method = v.picklist(["stripe", "paypal", "vnpay"], "Choose stripe, paypal or vnpay.");
/** How a payment was made: a buyer chooses none but gateways, and what was set aside on their balance pays by itself. */
export const paidBy = v.picklist(["stripe", "paypal", "vnpay", "balance"]);

export const currencyNames = ["USD", "EUR", "VND", "NZD", "JPY"] as const satisfies readonly Currency[];
export const currencyName = v.picklist(currencyNames);

export const paymentStatus = v.picklist(["pending", "completed", "failed", "refunded"]);

export const Checkout = v.object({
  orderId: idOf("order"),
  method,
  /** The charge that the buyer was shown: another one is refused instead of made. */
  shown: v.optional(v.object({ amount: moneyText, currency: textOf(3, 3) })),
});

/** A way to pay an order, with what it charges. */
export const Method = v.object({
  method,
  amount: v.string(),
  currency: v.string(),
  /** Units of that currency for one unit of the order's; null where both are the same. */
  rate: v.nullable(v.string()),
  /** Whether a page is open at this charge, so that it holds whatever the rate becomes. */
  frozen: v.boolean(),
});

export const MethodsAnswer = v.object({ items: v.array(Method) });

export const OfOrder = v.object({ orderId: idOf("order") });

export const Payment = v.object({
  id: idOut("payment"),
  orderId: idOut("order"),
  status: paymentStatus,
  method: v.nullable(paidBy),
  amount: v.string(),
  currency: v.string(),
  /** Paid, and the credits are being handed over or the money is on its way back. */
  captured: v.boolean(),
  /** The buyer has paid, and the gateway waits for the money: for days at times. */
  awaited: v.boolean(),
  disputed: v.boolean(),
  /** A code such as `insufficient_funds` for why the last card was refused; null when none was. */
  failure: v.nullable(v.string()),
  /** Whether the buyer can be sent to a payment page now. */
  payable: v.boolean(),
  expiresAt: momentOut,
  createdAt: momentOut,
  paidAt: v.nullable(momentOut),
});

export const PaymentAnswer = v.object({ payment: Payment });

export const CheckoutAnswer = v.object({ payment: Payment, redirectUrl: v.string() });

export const happenings = [
  "asked",
  "page_opened",
  "captured",
  "settled",
  "refund_requested",
  "refunded",
  "refund_failed",
  "refunded_outside",
  "disputed",
  "dispute_won",
  "dispute_lost",
  "dispute_fee",
  "gateway_fee",
] as const;

/** One thing that happened to a payment. */
export const Happening = v.object({
  kind: v.picklist(happenings),
  at: momentOut,
  amount: v.nullable(v.string()),
  currency: v.nullable(v.string()),
  method: v.nullable(paidBy),
  /** A rate of a page, or why a refund failed. */
  detail: v.nullable(v.string()),
});
export const TimelineAnswer = v.object({ items: v.array(Happening) });

export const MyPayments = v.object(pageEntries);
export const PaymentPage = pageOf(Payment);

/** What an operator sees besides. */
export const OperatorPayment = v.object({
  ...Payment.entries,
  buyerId: idOut("user"),
  sellerId: idOut("user"),
  buyerName: v.string(),
  sellerName: v.string(),
  state: v.picklist([
    "created",
    "authorized",
    "captured",
    "partially_refunded",
    "refunded",
    "failed",
    "expired",
    "disputed",
  ]),
  refunded: v.string(),
  /** What of it has come in and not gone back. */
  refundable: v.string(),
  settledAt: v.nullable(momentOut),
  /** What a person must look at. */
  flag: v.nullable(v.picklist(["amount_mismatch", "refund_failed", "refunded_outside", "dispute_lost"])),
});

export const AllPayments = v.object({
  ...pageEntries,
  show: v.optional(v.picklist(["all", "flagged", "unpaid", "paid", "refunded", "disputed"]), "all"),
  /** The whole id of a payment or an order, or a gateway's name for its page or charge. */
  q: v.optional(textOf(120)),
});
export const PaymentsFile = v.object({
  show: v.optional(v.picklist(["all", "flagged", "unpaid", "paid", "refunded", "disputed"]), "all"),
});
export const OperatorPaymentPage = pageOf(OperatorPayment);

export const RefundPayment = v.strictObject({
  paymentId: idOf("payment"),
  /** A part; all that is left without it. */
  amount: v.optional(moneyText),
  reason: v.optional(textOf(300, 0), ""),
  refundId: v.optional(idOf("refund")),
});
export const OfPayment = v.object({ paymentId: idOf("payment") });
export const OfPaymentAnswer = v.object({ paymentId: idOut("payment") });
export const refundStatus = v.picklist(["requested", "sent", "succeeded", "failed"]);
export const RefundAnswer = v.object({
  payment: Payment,
  refund: v.object({ id: idOut("refund"), amount: v.string(), status: refundStatus }),
});

/** One payment with its pages, refunds, dispute and timeline. */
export const PaymentDetail = v.object({
  payment: OperatorPayment,
  pages: v.array(
    v.object({
      number: v.number(),
      method: paidBy,
      status: v.picklist(["opening", "open", "closed", "paid", "surplus", "mismatch"]),
      ref: v.nullable(v.string()),
      chargeRef: v.nullable(v.string()),
      /** What it asks for, in what its gateway charges. */
      amount: v.string(),
      currency: v.string(),
    }),
  ),
  /** The gateway that brought the money tells of disputes by letter: an operator notes them. */
  byLetter: v.boolean(),
  refunds: v.array(
    v.object({
      id: idOut("refund"),
      amount: v.string(),
      status: refundStatus,
      reason: v.string(),
      failure: v.nullable(v.string()),
      at: momentOut,
    }),
  ),
  dispute: v.nullable(
    v.object({
      status: v.picklist(["open", "won", "lost"]),
      amount: v.string(),
      answeredAt: v.nullable(momentOut),
    }),
  ),
  timeline: v.array(Happening),
});

export const AnswerDispute = v.object({ paymentId: idOf("payment"), evidence: textOf(5_000) });

/** Amounts are in what the gateway charged, as it writes them in its letter. */
export const NoteFromGateway = v.strictObject({
  paymentId: idOf("payment"),
  /** All that went back there so far, with what we asked for. */
  refunded: v.optional(moneyText),
  dispute: v.optional(v.picklist(["open", "won", "lost"])),
  disputed: v.optional(moneyText),
  fee: v.optional(moneyText),
});

export const WebhookEvent = v.object({
  gateway: method,
  id: v.string(),
  type: v.string(),
  receivedAt: momentOut,
  processedAt: v.nullable(momentOut),
  parkedAt: v.nullable(momentOut),
  tries: v.number(),
  problem: v.nullable(v.string()),
});
export const WebhookPage = pageOf(WebhookEvent);
export const AllWebhooks = v.object({
  ...pageEntries,
  show: v.optional(v.picklist(["all", "waiting", "parked"]), "parked"),
});
export const OfWebhook = v.object({ gateway: method, eventId: textOf(200) });

/** Balances by kind of account, which sum to nothing, and who owes the venue. */
export const Book = v.object({
  currency: v.string(),
  accounts: v.array(v.object({ kind: v.string(), balance: v.string() })),
  sum: v.string(),
  debts: v.array(v.object({ userId: idOut("user"), name: v.string(), amount: v.string() })),
});
export const WriteOff = v.object({
  userId: idOf("user"),
  amount: v.optional(moneyText),
  reason: textOf(300),
});
export const WrittenOff = v.object({ userId: idOut("user"), left: v.string() });
