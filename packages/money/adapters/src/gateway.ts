import type { Currency, Id, Locale, Minor } from "@evx/kernel";

/** The gateways that the venue knows; the API names them the same. */
export const gatewayNames = ["stripe", "paypal", "vnpay"] as const;

export type GatewayName = (typeof gatewayNames)[number];

/** A payment page to open. Two calls with the same key must carry the same order. */
export type CheckoutOrder = {
  /** Idempotency key: the name of the attempt's row. */
  readonly key: string;
  readonly paymentId: Id<"payment">;
  readonly orderId: Id<"order">;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly description: string;
  /** When the page's row was made: what is sent follows from the row alone. */
  readonly openedAt: Date;
  readonly expiresAt: Date;
  readonly locale: Locale;
  readonly successUrl: string;
  readonly cancelUrl: string;
};

/** What the gateway says of a payment page now. */
export type CheckoutState = {
  readonly ref: string;
  /**
   * - `declined`: a card was refused and another one can still be tried on the same page.
   * - `pending`: the buyer paid, and the gateway does not have the money yet: for days, and it may still come to nothing.
   * - `expired`: nobody can pay on it any more; `failure` says so where the buyer tried and was refused.
   */
  readonly status: "open" | "declined" | "pending" | "paid" | "expired";
  readonly redirectUrl: string | null;
  /** The charge behind a paid page: what refunds and disputes are about. */
  readonly chargeRef: string | null;
  readonly paymentId: string | null;
  readonly amount: Minor;
  /** ISO code in upper case, whatever it is: the caller compares it. */
  readonly currency: string;
  readonly refunded: Minor;
  /** A part went back, and the gateway does not say how much. */
  readonly uncounted?: true;
  /** What went back may be more than is told: parts, and what an operator knows by letter. */
  readonly silent?: true;
  readonly dispute: "open" | "won" | "lost" | null;
  /** What the bank takes by the dispute; undefined where the gateway does not say. */
  readonly disputed?: Minor;
  /** What the gateway charged for the dispute so far, in the page's currency; undefined where it does not say. */
  readonly disputeFee?: Minor;
  /** The gateway's code for why a card was refused. */
  readonly failure: string | null;
  /** No money can come on it any more, whatever was under way while it was closed. */
  readonly final?: true;
  /** The gateway's own name for the card or account that paid, the same in every payment; absent where it names none. */
  readonly payer?: string | undefined;
};

export type RefundOrder = {
  /** Idempotency key: the refund's id. */
  readonly key: Id<"refund">;
  readonly chargeRef: string;
  readonly amount: Minor;
  readonly currency: Currency;
  /** All that the charge brought in: some gateways call a part of it by another name than the whole. */
  readonly charged: Minor;
  /** What of it was given back before, or is on its way back. */
  readonly before: Minor;
  /** When the refund's row was made. */
  readonly askedAt: Date;
};

export type RefundState = {
  readonly ref: string;
  readonly status: "pending" | "succeeded" | "failed";
  readonly failure: string | null;
};

/** Somebody whom the platform pays out. */
export type Recipient = {
  readonly userId: Id<"user">;
  readonly country: string;
  readonly currency: Currency;
  /** When and from where they accepted the gateway's terms. */
  readonly acceptedAt: Date;
  readonly acceptedFrom: string;
};

export type BankAccount = {
  readonly holder: string;
  readonly bankName: string;
  /** SWIFT, routing or local bank code; empty where the number says it all (IBAN). */
  readonly bankCode: string;
  readonly number: string;
  readonly country: string;
};

export type PayoutOrder = {
  /** Idempotency key: the withdrawal's id. */
  readonly key: Id<"withdrawal">;
  readonly recipientRef: string;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly bank: BankAccount;
};

export type PayoutState = {
  /** The gateway's names for the money on its way; null when nothing was sent. */
  readonly ref: string | null;
  /** `paid` can still become `failed`: a bank may return money days later. */
  readonly status: "sent" | "paid" | "failed";
  readonly failure: string | null;
};

/** A movement of our balance at a gateway, by its own word. What came in is above zero, what left below. */
export type Movement = {
  readonly id: string;
  /** A refund or payout that came to nothing comes again under its kind, the other way. */
  readonly kind: "payment" | "refund" | "dispute" | "payout" | "fee" | "other";
  /** What it is about: for payments, refunds and disputes the charge; for payouts a part of the payout's ref. */
  readonly ref: string | null;
  readonly at: Date;
  readonly currency: string;
  readonly gross: Minor;
  /** What the gateway kept of it. */
  readonly fee: Minor;
};

/** What a webhook is about. It is a hint to look, never a fact: the state is always fetched again. */
export type Subject =
  | { readonly kind: "payment"; readonly paymentId: string | null; readonly chargeRef: string | null }
  /** A page by the beginning of its ref, up to the first full stop. */
  | { readonly kind: "page"; readonly ref: string }
  | { readonly kind: "refund"; readonly refundId: string }
  | { readonly kind: "withdrawal"; readonly withdrawalId: string }
  | { readonly kind: "other" };

/** What a gateway charges for an amount: often the same, sometimes in another currency, at a rate of now. */
export type Charge = {
  readonly amount: Minor;
  readonly currency: Currency;
  /** Units of that currency for one whole unit of the other, as decimal text; absent where both are the same. */
  readonly rate?: string;
};

/** What a webhook claims, for a gateway that wants to hear at once whether we know it. It decides nothing else. */
export type Claim = { readonly ref: string; readonly amount: Minor; readonly currency: string };

/** What became of a webhook, for a gateway that has answers of its own. */
export type Verdict = "forged" | "unknown" | "wrong_amount" | "known" | "recorded" | "failed";

/** A webhook as it came: its raw body and address, unparsed. */
export type RawWebhook = { readonly rawBody: string; readonly query: string; readonly headers: Headers };

export type Notice = {
  /** The gateway's own id of the event, the same in every delivery. */
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  readonly subject: Subject;
  readonly claim?: Claim;
};

/**
 * - `unavailable`: it could not be reached or asked to be tried later; the same call with the same key is safe.
 * - `refused`: it understood and said no; trying again changes nothing.
 * - `short_of_funds`: the platform's own balance there cannot cover it yet.
 * - `misconfigured`: our key or account is wrong; an operator must act.
 * - `key_reused`: the idempotency key was used for something else: a bug of ours.
 */
export type GatewayFaultKind = "unavailable" | "refused" | "short_of_funds" | "misconfigured" | "key_reused";

/** A call to a gateway that did not do what was asked. Never carries a card, a bank account or a key. */
export class GatewayFault extends Error {
  override readonly name = "GatewayFault";

  constructor(
    readonly gateway: GatewayName,
    readonly kind: GatewayFaultKind,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`${gateway}: ${kind} (${code})`, options);
  }
}

/** A webhook that the gateway did not send, or that was changed or kept on its way. Nothing of it is recorded. */
export class ForgedWebhook extends Error {
  override readonly name = "ForgedWebhook";
}

/** A payment gateway. All calls are external: never inside a transaction. They throw `GatewayFault`. */
export interface Gateway {
  readonly name: GatewayName;
  /** By how much its clock is ahead of UTC where its days begin. */
  readonly midnight_ms: number;
  /** Everything that moved our balance from a moment to another; absent where the gateway has no such list. */
  readonly movements?: (from: Date, to: Date) => Promise<readonly Movement[]>;
  /** What it charges for a dispute is told by that list alone. */
  readonly listsDisputeFees?: true;
  /** What it would charge for an amount; null when it cannot charge that. */
  chargeFor(amount: Minor, currency: Currency): Charge | null;
  createCheckout(order: CheckoutOrder): Promise<CheckoutState>;
  retrieveCheckout(ref: string): Promise<CheckoutState>;
  /**
   * Closes an open page; answers the state that holds afterwards, which may be `paid` or `pending`, and is still `open`
   * where the gateway closes no pages before their time.
   */
  expireCheckout(ref: string): Promise<CheckoutState>;
  /** The payment that a charge belongs to, for events that name only the charge. */
  paymentOfCharge(chargeRef: string): Promise<string | null>;
  refund(order: RefundOrder): Promise<RefundState>;
  retrieveRefund(ref: string): Promise<RefundState>;
  /**
   * It tells of disputes, and of parts that were given back in its dashboard, by letter and there alone: an operator
   * notes what it says.
   */
  readonly tellsByLetter?: true;
  /** A charge's refunds cannot be told apart there: the next is asked for when the one before it has ended. */
  readonly oneRefundAtATime?: true;
  /** Answers a charge's open dispute with a text; absent where the gateway takes answers in its own dashboard alone. */
  readonly answerDispute?: (chargeRef: string, evidence: string) => Promise<void>;
  /** Registers somebody to be paid out; the answer is kept and used for all their withdrawals. */
  openRecipient(recipient: Recipient): Promise<string>;
  payout(order: PayoutOrder): Promise<PayoutState>;
  retrievePayout(ref: string): Promise<PayoutState>;
  /** Takes the money of a failed payout back to the platform; doing it twice takes it once. */
  recallPayout(ref: string): Promise<void>;
  /** Throws `ForgedWebhook`. `at` is the moment of receipt. */
  verifyWebhook(webhook: RawWebhook, at: Date): Promise<Notice>;
  /** The gateway's own answer, where it wants another than HTTP's status. */
  readonly answerTo?: (verdict: Verdict) => Record<string, string>;
}
