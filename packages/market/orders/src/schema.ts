import { markKinds } from "@evx/accounts/schema";
import { retirementForm } from "@evx/credits/schema";
import {
  countryCode,
  creditsIn,
  creditsOut,
  currencyIn,
  idOf,
  idOut,
  inOrder,
  momentOut,
  moneyText,
  pageEntries,
  pageOf,
  textOf,
  yearIn,
} from "@evx/kernel";
import { byteStream } from "@evx/kyc/schema";
import { optionalParam } from "@evx/listings/schema";
import * as v from "valibot";

export const orderStatuses = [
  "pending_payment",
  "paid",
  "completed",
  "cancelled",
  "expired",
  "refunded",
  "disputed",
] as const;
export const orderKinds = ["purchase", "auction_win", "second_chance"] as const;

export type OrderStatus = (typeof orderStatuses)[number];
export type OrderKind = (typeof orderKinds)[number];

export const PlaceOrder = v.object({
  /** The client may name the order; a retry under the same id buys nothing twice. */
  id: v.optional(idOf("order")),
  listingId: idOf("listing"),
  /** All that remains when left out. */
  creditsAmount: v.optional(creditsIn),
});

/** In whose name credits are retired as soon as they are bought. */
export const RetireAtCheckout = v.pipe(v.strictObject(retirementForm), inOrder("periodFrom", "periodTo"));

/** Either credits of one listing, or a quote: all its lines or none. */
export const Place = v.pipe(
  v.object({
    ...PlaceOrder.entries,
    listingId: v.optional(idOf("listing")),
    quoteId: v.optional(idOf("quote")),
    /** Of what a quote buys alone. */
    retire: v.optional(RetireAtCheckout),
  }),
  v.forward(
    v.partialCheck(
      [["listingId"], ["quoteId"]],
      (input) => (input.listingId === undefined) !== (input.quoteId === undefined),
      "Name a listing or a quote.",
    ),
    ["listingId"],
  ),
  v.forward(
    v.partialCheck(
      [["retire"], ["quoteId"]],
      (input) => input.retire === undefined || input.quoteId !== undefined,
      "Only what was quoted can be retired at once.",
    ),
    ["retire"],
  ),
);

export const AskQuote = v.strictObject({
  creditsAmount: creditsIn,
  /** The most per credit. */
  maxPrice: v.optional(moneyText),
  /** In which currency; the venue's when left out. Another is refused by name. */
  currency: v.optional(currencyIn),
  vintageFrom: v.optional(yearIn),
  country: v.optional(countryCode),
  method: v.optional(textOf(40)),
  quality: v.optional(v.picklist(["connected", "export", "manual"])),
});

const Line = v.object({
  listingId: idOut("listing"),
  creditsAmount: creditsOut,
  pricePerCredit: v.string(),
  total: v.string(),
});

export const QuoteAnswer = v.object({
  quote: v.object({
    id: idOut("quote"),
    creditsAmount: creditsOut,
    lines: v.array(Line),
    averagePrice: v.string(),
    worstPrice: v.string(),
    totalPrice: v.string(),
    currency: v.string(),
    expiresAt: momentOut,
    /** What of the total the sellers bear; the buyer pays nothing beyond the total. */
    fees: v.object({ platformFee: v.string(), cvaFee: v.string() }),
    /** How many credits one order could buy on these terms. */
    available: creditsOut,
    /** Listings of one's own, which were left out. */
    skipped: v.array(idOut("listing")),
  }),
});

export const Order = v.object({
  id: idOut("order"),
  /** `sweep`: over many listings; what is of one listing then is its first line's. */
  kind: v.picklist([...orderKinds, "sweep"]),
  listingId: idOut("listing"),
  buyerId: idOut("user"),
  sellerId: idOut("user"),
  paymentId: idOut("payment"),
  creditsAmount: creditsOut,
  pricePerCredit: v.string(),
  totalPrice: v.string(),
  platformFee: v.string(),
  cvaFee: v.string(),
  netToSeller: v.string(),
  currency: v.string(),
  status: v.picklist(orderStatuses),
  vintage: v.number(),
  country: v.string(),
  createdAt: momentOut,
  expiresAt: momentOut,
  paidAt: v.nullable(momentOut),
  endedAt: v.nullable(momentOut),
  lines: v.array(Line),
  retire: v.nullable(
    v.object({ beneficiaryName: v.string(), beneficiaryCountry: v.nullable(v.string()), reason: v.string() }),
  ),
  /** What of the total goes back to the buyer's balance, because lines went away before they were settled. */
  change: v.string(),
});

export const OrderAnswer = v.object({ order: Order });
export const OrderById = v.object({ id: idOf("order") });
export const OrdersOf = v.object({ ...pageEntries, userId: idOf("user") });
export const MyOrders = v.object({
  ...pageEntries,
  status: optionalParam(v.picklist(orderStatuses)),
});
export const OrderPage = pageOf(Order);

/** An order with the server's clock, for its countdown. */
export const OrderDetail = v.object({ order: Order, now: momentOut });

export const SellerById = v.object({ id: idOf("user") });

/** A seller's record, under the name that they chose to show. */
export const Seller = v.object({
  seller: v.object({
    id: idOut("user"),
    name: v.string(),
    sales: v.number(),
    creditsSold: creditsOut,
    buyers: v.number(),
    firstSaleAt: v.nullable(momentOut),
    lastSaleAt: v.nullable(momentOut),
    /** Sales that their buyers objected to, and those of them after which money went back. */
    disputed: v.number(),
    refunded: v.number(),
  }),
});

export const NetInHand = v.object({ creditsAmount: creditsIn, pricePerCredit: moneyText });

/** "You receive $X on DATE": what a sale of that size leaves the seller, and what it costs. */
export const NetInHandAnswer = v.object({
  total: v.string(),
  platformFee: v.string(),
  cvaFee: v.string(),
  net: v.string(),
  currency: v.string(),
  platformFeePercent: v.number(),
  cvaFeePercent: v.number(),
  /** When the money of a sale made now can be withdrawn. */
  payoutDate: momentOut,
});

export const disputeOutcomes = ["refund", "partial_refund", "release"] as const;

export const OpenDispute = v.strictObject({ id: idOf("order"), reason: textOf(2_000) });
export const DisputeMessage = v.strictObject({ id: idOf("dispute"), message: textOf(2_000) });
export const ResolveDispute = v.strictObject({
  id: idOf("dispute"),
  outcome: v.picklist(disputeOutcomes),
  /** Of a part alone: how much goes back. */
  amount: v.optional(moneyText),
});
export const DisputeById = v.object({ id: idOf("dispute") });
export const Disputes = v.object({ ...pageEntries, orderId: optionalParam(idOf("order")) });

const sides = ["buyer", "seller", "operator"] as const;

export const AddEvidence = v.object({
  id: idOf("dispute"),
  content: byteStream,
  contentType: v.optional(v.string()),
  fileName: v.optional(textOf(300, 0)),
});
export const EvidenceById = v.object({ id: idOf("evidence") });

export const Dispute = v.object({
  id: idOut("dispute"),
  orderId: idOut("order"),
  status: v.picklist(["open", "resolved"]),
  reason: v.string(),
  outcome: v.nullable(v.picklist(disputeOutcomes)),
  amount: v.nullable(v.string()),
  /** What the disputed order costs; a seller of several reads what is bought of them. */
  total: v.string(),
  /** Where its money is; for operators. */
  paymentId: v.nullable(idOut("payment")),
  currency: v.string(),
  openedAt: momentOut,
  resolvedAt: v.nullable(momentOut),
  messages: v.array(v.object({ author: v.picklist(sides), message: v.string(), at: momentOut })),
  /** Pictures and PDFs that speak for one side. */
  files: v.array(
    v.object({
      id: idOut("evidence"),
      author: v.picklist(sides),
      name: v.string(),
      contentType: v.string(),
      at: momentOut,
    }),
  ),
});
export const DisputeAnswer = v.object({ dispute: Dispute });
export const DisputePage = pageOf(Dispute);

/** A person as operators see them. */
const Person = v.object({ id: idOut("user"), name: v.string() });

/** A sale of one person to themselves, by what buyer and seller share. */
export const SelfDealing = v.object({
  orderId: idOut("order"),
  buyer: Person,
  seller: Person,
  marks: v.array(v.picklist(markKinds)),
  creditsAmount: creditsOut,
  pricePerCredit: v.string(),
  totalPrice: v.string(),
  currency: v.string(),
  foundAt: momentOut,
  /** When an operator said that they are two people; null while prices leave the sale out. */
  clearedAt: v.nullable(momentOut),
  note: v.nullable(v.string()),
});
export const SelfDealings = v.object(pageEntries);
export const SelfDealingPage = pageOf(SelfDealing);
export const Cleared = v.object({ done: v.literal(true) });
export const ClearSelfDealing = v.strictObject({ id: idOf("order"), note: textOf(500) });

export type OrderView = v.InferOutput<typeof Order>;

const batchNumber = v.pipe(v.string(), v.regex(/^\d{1,18}$/, "Enter the batch's number in digits."));

export const RevokedBatch = v.object({ number: batchNumber });

/** A sale of credits of a revoked batch that its buyer still has. */
const RevokedSale = v.object({
  orderId: idOut("order"),
  buyer: Person,
  creditsAmount: creditsOut,
  /** How many of them are of the revoked batch and still there. */
  ofBatch: creditsOut,
  totalPrice: v.string(),
  currency: v.string(),
  soldAt: v.nullable(momentOut),
});

export const RevokedSales = v.object({ items: v.array(RevokedSale) });

export const RefundRevoked = v.object({ number: batchNumber, id: idOf("order"), note: textOf(300, 3) });
export const RefundMade = v.object({ refundId: idOut("refund") });
