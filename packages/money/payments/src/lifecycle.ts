/** The room's own status of a payment, as its row holds it; with other columns it makes up the standing. */
export type PaymentStatus =
  | "created"
  | "authorized"
  | "captured"
  | "partially_refunded"
  | "refunded"
  | "failed"
  | "expired"
  | "disputed";

/**
 * Where a payment's money stands, for the room that sells: `unpaid` is not here yet, `captured` may be settled,
 * `refunding` goes back and can never be settled, `disputed` waits for a bank, `refunded` and `charged_back` are gone.
 */
export type PaymentStanding =
  | "unpaid"
  | "captured"
  | "settled"
  | "refunding"
  | "disputed"
  | "refunded"
  | "charged_back";

/** Everything that a payment, its refunds and its dispute can be together, before its sale was settled and after. */
export const stands = [
  "asked",
  "declined",
  "awaited",
  "over",
  "captured",
  "refunding",
  "disputed",
  "refunded",
  "charged_back",
  "sold",
  "sold_partly_refunded",
  "sold_disputed",
  "sold_refunded",
  "sold_charged_back",
] as const;
export type Stand = (typeof stands)[number];

/** What can happen to a payment, whoever does it: its buyer, a gateway, a bank, an operator, the room that sells, time. */
export const acts = [
  "declined",
  "awaited",
  "over",
  "captured",
  "settled",
  "refund_asked",
  "refund_done",
  "refund_returned",
  "outside_refund",
  "dispute_opened",
  "dispute_won",
  "dispute_lost",
] as const;
export type Act = (typeof acts)[number];

type Way = {
  /** The row's status; a bank that took the money leaves the one that was. */
  readonly statuses: readonly PaymentStatus[];
  /** What the room that sells is told, and brings its order to. */
  readonly sale: PaymentStanding;
  readonly order: string;
  /** Whether its buyer is sent to a page, or why not. */
  readonly pay: "page" | "payment_pending" | "payment_expired" | "payment_already_paid";
  /** From where an operator's refund takes the money, or why there is none. A page of a wrong amount has its own. */
  readonly refund: "escrow" | "sellers" | "payment_not_captured" | "payment_disputed";
  readonly settles: boolean;
  /** Into what each act makes it; what is not named leaves it as it is. */
  readonly next: Partial<Record<Act, readonly Stand[]>>;
};

const unpaid = { sale: "unpaid", refund: "payment_not_captured", settles: false } as const;
const paid = { pay: "payment_already_paid", settles: false } as const;
const sold = { ...paid, sale: "settled" } as const;

/** The life of a payment: one row for all that it can be. The code asks this table what may be done and what may follow. */
export const lifecycle: Readonly<Record<Stand, Way>> = {
  asked: {
    ...unpaid,
    statuses: ["created"],
    order: "pending_payment",
    pay: "page",
    next: { declined: ["declined"], awaited: ["awaited"], over: ["over"], captured: ["captured"] },
  },
  declined: {
    ...unpaid,
    statuses: ["failed"],
    order: "pending_payment",
    pay: "page",
    next: { awaited: ["awaited"], over: ["over"], captured: ["captured"] },
  },
  awaited: {
    ...unpaid,
    statuses: ["authorized"],
    order: "pending_payment",
    pay: "payment_pending",
    next: { declined: ["declined"], over: ["over"], captured: ["captured"] },
  },
  over: {
    ...unpaid,
    statuses: ["expired"],
    order: "expired or cancelled",
    pay: "payment_expired",
    next: { captured: ["captured"] },
  },
  captured: {
    ...paid,
    statuses: ["captured"],
    sale: "captured",
    order: "paid",
    refund: "escrow",
    settles: true,
    next: {
      settled: ["sold"],
      refund_asked: ["refunding"],
      outside_refund: ["refunding", "refunded"],
      dispute_opened: ["disputed"],
    },
  },
  refunding: {
    ...paid,
    statuses: ["captured", "partially_refunded"],
    sale: "refunding",
    order: "paid, or ended before",
    refund: "escrow",
    next: { refund_done: ["refunded"], outside_refund: ["refunded"], dispute_opened: ["disputed"] },
  },
  disputed: {
    ...paid,
    statuses: ["disputed"],
    sale: "disputed",
    order: "disputed",
    refund: "payment_disputed",
    next: {
      dispute_won: ["captured", "refunding"],
      dispute_lost: ["charged_back"],
      refund_done: ["refunded"],
      outside_refund: ["refunded"],
    },
  },
  refunded: {
    ...paid,
    statuses: ["refunded"],
    sale: "refunded",
    order: "refunded",
    refund: "payment_not_captured",
    next: { refund_returned: ["refunding", "disputed"], dispute_lost: ["charged_back"] },
  },
  charged_back: {
    ...paid,
    statuses: ["disputed", "refunded"],
    sale: "charged_back",
    order: "cancelled",
    // What the bank left: nothing, but for a refund that came to nothing beside it.
    refund: "escrow",
    next: { dispute_won: ["captured", "refunding", "refunded"] },
  },
  sold: {
    ...sold,
    statuses: ["captured"],
    order: "completed",
    refund: "sellers",
    next: {
      refund_done: ["sold_partly_refunded", "sold_refunded"],
      outside_refund: ["sold_partly_refunded", "sold_refunded"],
      dispute_opened: ["sold_disputed"],
    },
  },
  sold_partly_refunded: {
    ...sold,
    statuses: ["partially_refunded"],
    order: "completed",
    refund: "sellers",
    next: {
      refund_done: ["sold_refunded"],
      outside_refund: ["sold_refunded"],
      refund_returned: ["sold"],
      dispute_opened: ["sold_disputed"],
    },
  },
  sold_disputed: {
    ...sold,
    statuses: ["disputed"],
    order: "completed",
    refund: "payment_disputed",
    next: {
      dispute_won: ["sold", "sold_partly_refunded"],
      dispute_lost: ["sold_charged_back"],
      refund_done: ["sold_refunded"],
      outside_refund: ["sold_refunded"],
    },
  },
  sold_refunded: {
    ...sold,
    statuses: ["refunded"],
    order: "completed, its credits back",
    refund: "payment_not_captured",
    next: {
      refund_returned: ["sold", "sold_partly_refunded", "sold_disputed"],
      dispute_lost: ["sold_charged_back"],
    },
  },
  sold_charged_back: {
    ...sold,
    statuses: ["disputed", "refunded"],
    order: "completed, its credits back",
    refund: "payment_not_captured",
    next: { dispute_won: ["sold", "sold_partly_refunded", "sold_refunded"] },
  },
};

/** What a payment is, of what its row says. */
type Facts = {
  status: PaymentStatus;
  /** The page that brought the money; null before any did. */
  attempt: number | null;
  settled_at: Date | null;
  charged_back_at: Date | null;
  refunding_at: Date | null;
  refunded_minor: bigint;
};

const before: Readonly<Record<PaymentStatus, Stand>> = {
  created: "asked",
  authorized: "awaited",
  failed: "declined",
  expired: "over",
  captured: "captured",
  partially_refunded: "refunding",
  refunded: "refunded",
  disputed: "disputed",
};

/** Which row of the table a payment is in. */
export const standOf = (row: Facts): Stand => {
  if (row.attempt === null) return before[row.status];
  if (row.settled_at) {
    if (row.charged_back_at) return "sold_charged_back";
    if (row.status === "refunded") return "sold_refunded";
    if (row.status === "disputed") return "sold_disputed";
    return row.status === "partially_refunded" ? "sold_partly_refunded" : "sold";
  }
  if (row.charged_back_at) return "charged_back";
  if (row.status === "captured" && (row.refunding_at || row.refunded_minor > 0n)) return "refunding";
  return before[row.status];
};

/** The row of the table that a payment is in: what may be done with it, and what may become of it. */
export const wayOf = (row: Facts): Way => lifecycle[standOf(row)];

/** Which status may follow which: as the table says, and between the statuses of one of its rows. */
export const mayBecome = (from: PaymentStatus, to: PaymentStatus): boolean =>
  from !== to &&
  stands.some((stand) => {
    const { statuses, next } = lifecycle[stand];
    if (!statuses.includes(from)) return false;
    return [stand, ...Object.values(next).flat()].some((after) => lifecycle[after].statuses.includes(to));
  });
