import {
  countryCode,
  creditsIn,
  creditsOut,
  currencyIn,
  idOf,
  idOut,
  momentIn,
  momentOut,
  moneyText,
  pageEntries,
  pageOf,
  textOf,
  yearIn,
} from "@evx/kernel";
import * as v from "valibot";

export const wantedStatuses = ["open", "filled", "cancelled", "expired"] as const;

/** Strict: a field that is not known here is refused, so that nobody believes it was heard. */
export const PlaceWanted = v.strictObject({
  /** The client may name it; a retry under the same id wants nothing twice. */
  id: v.optional(idOf("wanted")),
  creditsAmount: creditsIn,
  /** The most per credit. */
  maxPrice: moneyText,
  /** In which currency; the venue's when left out. Another is refused by name. */
  currency: v.optional(currencyIn),
  vintageFrom: v.optional(yearIn),
  country: v.optional(countryCode),
  method: v.optional(textOf(40)),
  quality: v.optional(v.picklist(["connected", "export", "manual"])),
  expiresAt: v.optional(momentIn),
  /** Whether its most is set aside on the balance, to pay for what is found at once. */
  funded: v.optional(v.boolean()),
});

export const Wanted = v.object({
  id: idOut("wanted"),
  creditsAmount: creditsOut,
  creditsRemaining: creditsOut,
  maxPrice: v.string(),
  currency: v.string(),
  status: v.picklist(wantedStatuses),
  /** Whether it pays by itself, so that who sells to it is paid at once. */
  funded: v.boolean(),
  /** What is still set aside for it; null to all but its buyer. */
  setAside: v.nullable(v.string()),
  vintageFrom: v.nullable(v.number()),
  country: v.nullable(v.string()),
  method: v.nullable(v.string()),
  quality: v.nullable(v.string()),
  createdAt: momentOut,
  expiresAt: momentOut,
  /** Its buyer's alone: the orders that it led to, oldest first. */
  orders: v.array(v.object({ id: idOut("order"), creditsAmount: creditsOut })),
});

export const WantedAnswer = v.object({ wanted: Wanted });
export const WantedById = v.object({ id: idOf("wanted") });
export const WantedList = v.object(pageEntries);
export const WantedPage = pageOf(Wanted);

export const FillWanted = v.strictObject({
  id: idOf("wanted"),
  creditsAmount: creditsIn,
  /** The client may name the listing that is made for it; a retry sells nothing twice. */
  listingId: v.optional(idOf("listing")),
});

/** The best wanted order that my credits suit, and how many of them it would take. */
export const ForMe = v.object({
  best: v.nullable(
    v.object({
      wantedId: idOut("wanted"),
      price: v.string(),
      currency: v.string(),
      creditsAmount: creditsOut,
      total: v.string(),
      net: v.string(),
      /** Whether its buyer pays at once. */
      funded: v.boolean(),
    }),
  ),
});

export const AutoSale = v.object({ on: v.boolean(), floor: v.nullable(v.string()), currency: v.string() });
export const SetAutoSale = v.strictObject({
  on: v.boolean(),
  /** The least per credit; none sells at whatever the market pays. */
  floor: v.optional(v.nullable(moneyText)),
  currency: v.optional(currencyIn),
});

const Level = v.object({ price: v.string(), creditsAmount: creditsOut, count: v.number() });

export const Book = v.object({
  currency: v.string(),
  /** What is for sale at fixed prices, the lowest first. */
  asks: v.array(Level),
  /** What is wanted, the highest first. */
  bids: v.array(Level),
  /** The lowest ask less the highest bid; null where there is no one side. */
  spread: v.nullable(v.string()),
  lastPrice: v.nullable(v.string()),
  volume24h: creditsOut,
  volume30d: creditsOut,
  /** The newest first. */
  trades: v.array(v.object({ price: v.string(), creditsAmount: creditsOut, at: momentOut })),
});

export type BookView = v.InferInput<typeof Book>;
export type LiveBook = v.InferOutput<typeof Book>;
