import { audit } from "@evx/audit";
import { refuseRevoked, returnListed } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import {
  afterMoment,
  type Currency,
  day_ms,
  type Grams,
  type Id,
  type Minor,
  momentKey,
  type Page,
  type PageInput,
  pageFrom,
  priceOf,
} from "@evx/kernel";
import { listingAccount, post, wallet } from "@evx/ledger";
import type { Actor } from "@evx/rpc";
import { behindOf } from "./behind.ts";
import { refuse } from "./errors.ts";
import { listingCancelled, listingCreated, listingPriceChanged } from "./events.ts";
import { checkPayable, priceFrom } from "./money.ts";
import { LARGEST_TOTAL, payable } from "./policy.ts";
import type { AuctionPlan, AuctionPorts } from "./ports.ts";
import { attributesOf, listTransferId, originsOf } from "./provenance.ts";
import {
  changeListing,
  changePriceRow,
  insertListing,
  type ListingRow,
  listingRow,
  lockListing,
  sellerListingRows,
  startListing,
} from "./queries/listings.ts";
import { insertPrice } from "./queries/watching.ts";
import type { ListingType } from "./schema.ts";
import { auctionsAmong } from "./search.ts";
import { currencyOf, listingView, ownListingView } from "./views.ts";

/** A fixed price may go on the market so much later. */
const LATEST_START_MS = 90 * day_ms;

export type NewListing = {
  id: Id<"listing">;
  currency: Currency;
  creditsAmount: Grams;
  pricePerCredit: string;
  listingType: ListingType;
  auctionEndTime?: Date | undefined;
  reservePrice?: string | undefined;
  minCredits?: Grams | undefined;
  expiresAt?: Date | undefined;
  startsAt?: Date | undefined;
  buyNowPrice?: string | undefined;
  depositAmount?: string | undefined;
};

/** What so many grams cost at a price per credit. Refuses `listing_too_large` above what the venue can settle. */
export const listingTotal = (grams: Grams, price_minor: Minor): Minor => {
  const total = priceOf(grams, price_minor);
  if (total > LARGEST_TOTAL) throw refuse("listing_too_large");
  return total;
};

/**
 * Lists credits for sale: they leave the seller's wallet for an account of the listing's own at once, so nobody can
 * spend them twice. The same id and content again answers the same listing.
 * Refuses `listing_id_reused`, `listing_too_small`, `listing_too_large`, `auction_fields_on_fixed`,
 * `balance_insufficient`, `credits_revoked` and what is wrong with an auction's end and reserve price.
 */
export const createListing = async (
  tx: Tx,
  ports: Pick<AuctionPorts, "planAuction" | "openAuction">,
  seller: Pick<Actor, "id">,
  input: NewListing,
): Promise<ListingRow> => {
  const { id, currency } = input;
  const price_minor = priceFrom(input.pricePerCredit, currency, "pricePerCredit");
  const known = await listingRow(tx, id);
  if (known) return sameListing(known, seller.id, price_minor, input);

  checkTerms(tx.at, input);
  checkWorth(input.creditsAmount, price_minor, currency);
  const plan = await auctionPlan(tx, ports, { ...input, price_minor });
  const attributes = await setAside(tx, seller, input);
  await refuseRevoked(tx, await listTransferId(seller.id, id), { bought: "refused" });
  const fresh = await insertListing(tx, {
    id,
    seller_id: seller.id,
    kind: input.listingType,
    status: "active",
    amount_g: input.creditsAmount,
    remaining_g: input.creditsAmount,
    price_minor,
    currency,
    ...attributes,
    ends_at: plan?.endsAt ?? null,
    min_g: input.minCredits ?? null,
    expires_at: input.expiresAt ?? null,
    starts_at: plan ? null : (input.startsAt ?? null),
    created_at: tx.at,
  });
  const listing = await existing(tx, id);
  if (!fresh) return sameListing(listing, seller.id, price_minor, input);
  if (plan) await ports.openAuction(tx, { listingId: id, sellerId: seller.id, currency, plan });
  if (listing.starts_at === null) await announce(tx, listing);
  await audit(tx, seller, "listing.create", listing.id, { after: traceOf(listing) });
  return listing;
};

/** Refuses what nobody could pay for, even all of it: `listing_too_small`, `amount_below_minimum`, `listing_too_large`. */
const checkWorth = (grams: Grams, price_minor: Minor, currency: Currency): void => {
  const total = listingTotal(grams, price_minor);
  if (total < 1n) throw refuse("listing_too_small", { currency });
  // More than one payment carries is bought in parts.
  if (total < payable[currency].least) checkPayable(total, currency);
};

/** Refuses `listing_terms_wrong` for a smallest order or an end that cannot be. */
const checkTerms = (now: Date, input: NewListing): void => {
  const { minCredits, expiresAt, startsAt, listingType, creditsAmount } = input;
  const fixedTerms = minCredits !== undefined || expiresAt !== undefined;
  if (listingType === "auction") {
    if (fixedTerms) throw refuse("listing_terms_wrong");
    return;
  }
  if ((minCredits ?? 0n) > creditsAmount || (expiresAt && expiresAt <= (startsAt ?? now)))
    throw refuse("listing_terms_wrong");
  if (startsAt && (startsAt <= now || startsAt.getTime() - now.getTime() > LATEST_START_MS))
    throw refuse("listing_start_wrong", { days: LATEST_START_MS / day_ms });
};

/** The auction that a seller asks for; null for a fixed price. */
const auctionPlan = (
  tx: Tx,
  ports: Pick<AuctionPorts, "planAuction">,
  { price_minor, ...input }: NewListing & { price_minor: Minor },
): Promise<AuctionPlan> | null => {
  if (input.listingType === "auction") return ports.planAuction(tx, { ...input, start_minor: price_minor });
  const { auctionEndTime, reservePrice, buyNowPrice, depositAmount } = input;
  if ([auctionEndTime, reservePrice, buyNowPrice, depositAmount].some((one) => one !== undefined))
    throw refuse("auction_fields_on_fixed");
  return null;
};

/** Moves the credits from the wallet to the listing's account, and says what they are. */
const setAside = async (tx: Tx, seller: Pick<Actor, "id">, { id, creditsAmount }: NewListing) => {
  await post(tx, {
    id: await listTransferId(seller.id, id),
    kind: "list",
    legs: [
      { account: wallet(seller.id), amount: -creditsAmount },
      { account: listingAccount(id), amount: creditsAmount, holder: seller.id },
    ],
    memo: { listingId: id },
  });
  return attributesOf(await originsOf(tx, { id, seller_id: seller.id }));
};

const traceOf = (listing: ListingRow) => ({
  kind: listing.kind,
  grams: String(listing.amount_g),
  priceMinor: String(listing.price_minor),
  currency: listing.currency,
  ...(listing.starts_at ? { startsAt: listing.starts_at.toISOString() } : {}),
});

/** Tells the other rooms of a listing that is on the market now. */
const announce = async (tx: Tx, listing: ListingRow): Promise<void> => {
  await emit(tx, listingCreated, {
    listingId: listing.id,
    sellerId: listing.seller_id,
    listingType: listing.kind,
    grams: String(listing.amount_g),
    pricePerCreditMinor: String(listing.price_minor),
    currency: listing.currency,
    vintage: listing.vintage_year,
    country: listing.country_code,
    method: listing.method_code,
    endsAt: listing.ends_at?.toISOString() ?? null,
    at: tx.at.toISOString(),
  });
};

/** Puts a listing on the market whose beginning has come. Any number of times. */
export const beginListing = async (tx: Tx, id: Id<"listing">): Promise<void> => {
  const listing = await lockListing(tx, id);
  if (listing?.status !== "active" || !listing.starts_at || listing.starts_at > tx.at) return;
  await startListing(tx, id);
  await announce(tx, await existing(tx, id));
};

const sameListing = (
  known: ListingRow,
  sellerId: Id<"user">,
  price_minor: bigint,
  input: NewListing,
): ListingRow => {
  const same =
    known.seller_id === sellerId &&
    known.kind === input.listingType &&
    known.amount_g === input.creditsAmount &&
    known.price_minor === price_minor;
  if (!same) throw refuse("listing_id_reused");
  return known;
};

const existing = async (db: Db, id: Id<"listing">): Promise<ListingRow> => {
  const row = await listingRow(db, id);
  if (!row) throw refuse("listing_not_found");
  return row;
};

/**
 * Takes a listing off the market and returns what nobody has ordered to the seller's wallet. Orders that wait for
 * payment keep what they hold. Cancelling twice answers the same.
 * Refuses `listing_not_found` (also another's), `listing_has_bids`, `listing_sold`, `listing_ended`.
 */
export const cancelListing = async (
  tx: Tx,
  ports: Pick<AuctionPorts, "cancelAuction">,
  seller: Pick<Actor, "id">,
  id: Id<"listing">,
  options: { withBids?: boolean } = {},
): Promise<ListingRow> => {
  const kind = (await existing(tx, id)).kind;
  if (kind === "auction") await ports.cancelAuction(tx, seller, id, options);
  const listing = await lockListing(tx, id);
  if (!listing || listing.seller_id !== seller.id) throw refuse("listing_not_found");
  if (listing.status === "cancelled") return existing(tx, id);
  if (listing.status === "sold") throw refuse("listing_sold");
  if (listing.status === "expired") throw refuse("listing_ended");
  await emit(tx, listingCancelled, {
    listingId: id,
    sellerId: seller.id,
    returned: String(listing.remaining_g),
    at: tx.at.toISOString(),
  });
  await returnGrams(tx, listing, { free: listing.remaining_g, reserved: 0n, ended: "cancelled" });
  await audit(tx, seller, "listing.cancel", id, { after: { returnedGrams: String(listing.remaining_g) } });
  return existing(tx, id);
};

/**
 * Another price for a fixed-price listing of which nothing was ordered yet.
 * Refuses `listing_not_found` (also another's), `listing_in_trade`, `listing_ended`, and what is wrong with the price.
 */
export const changePrice = async (
  tx: Tx,
  seller: Pick<Actor, "id">,
  { id, pricePerCredit }: { id: Id<"listing">; pricePerCredit: string },
): Promise<ListingRow> => {
  const listing = await lockListing(tx, id);
  if (!listing || listing.seller_id !== seller.id) throw refuse("listing_not_found");
  if (listing.status !== "active") throw refuse("listing_ended");
  if (listing.kind === "auction" || listing.remaining_g !== listing.amount_g)
    throw refuse("listing_in_trade");
  const currency = currencyOf(listing);
  const price_minor = priceFrom(pricePerCredit, currency, "pricePerCredit");
  checkWorth(listing.amount_g, price_minor, currency);
  if (price_minor !== listing.price_minor)
    await insertPrice(tx, { listing_id: id, at: tx.at, price_minor: listing.price_minor });
  await changePriceRow(tx, id, price_minor);
  // Nobody has seen the price of what is not on the market yet.
  if (listing.starts_at === null)
    await emit(tx, listingPriceChanged, {
      listingId: id,
      sellerId: seller.id,
      pricePerCreditMinor: String(price_minor),
      currency,
      at: tx.at.toISOString(),
    });
  await audit(tx, seller, "listing.price", id, {
    before: { priceMinor: String(listing.price_minor) },
    after: { priceMinor: String(price_minor) },
  });
  return existing(tx, id);
};

/** Ends a listing whose own end has come: what nobody has ordered goes back. Any number of times. */
export const expireListing = async (tx: Tx, id: Id<"listing">): Promise<void> => {
  const listing = await lockListing(tx, id);
  if (listing?.status !== "active" || !listing.expires_at || listing.expires_at > tx.at) return;
  await returnGrams(tx, listing, { free: listing.remaining_g, reserved: 0n, ended: "expired" });
};

/**
 * Gives the rest of a fixed-price listing back that is too small to be paid for, once nothing of it is ordered: the
 * listing is sold. Any number of times.
 */
export const returnDust = async (tx: Tx, id: Id<"listing">): Promise<void> => {
  const listing = await lockListing(tx, id);
  if (listing?.status !== "active" || listing.kind === "auction" || listing.remaining_g === 0n) return;
  const { amount_g, remaining_g, sold_g, returned_g, price_minor } = listing;
  const waits = amount_g - remaining_g - sold_g - returned_g > 0n;
  if (waits || sold_g === 0n || priceOf(remaining_g, price_minor) >= payable[currencyOf(listing)].least)
    return;
  await returnGrams(tx, listing, { free: remaining_g, reserved: 0n, ended: "sold" });
};

/**
 * Gives grams of a listing back to its seller: what was free, and what an order that is gone had reserved. Those of a
 * revoked batch go out of circulation instead. The caller holds the listing's lock and has ended the order's hold.
 */
export const returnGrams = async (
  tx: Tx,
  listing: Pick<ListingRow, "id" | "seller_id">,
  { free, reserved, ended }: { free: bigint; reserved: bigint; ended?: "cancelled" | "expired" | "sold" },
): Promise<void> => {
  const grams = free + reserved;
  await changeListing(tx, listing.id, { free: -free, returned: grams, ...(ended ? { ended } : {}) });
  if (grams > 0n) await returnListed(tx, { listingId: listing.id, sellerId: listing.seller_id, grams });
};

/** A listing with where its credits came from and, for an auction, how it stands. For everyone. */
export const listingDetail = async (
  db: Db,
  ports: Pick<AuctionPorts, "auctionParts">,
  { id, now }: { id: Id<"listing">; now: Date },
) => {
  const row = await existing(db, id);
  const auction = (await auctionsAmong(db, ports, [row])).get(id);
  const detail = {
    ...listingView(row, auction, (await behindOf(db, [row])).get(id)),
    provenance: await originsOf(db, row),
    auction: auction?.state ?? null,
    now,
  };
  return { ...detail, listing: detail };
};

/** A seller's own listings, newest first. */
export const listingsOf = async (
  db: Db,
  ports: Pick<AuctionPorts, "auctionParts">,
  seller: Pick<Actor, "id">,
  { limit, cursor, status }: PageInput & { status?: ListingRow["status"] | undefined },
): Promise<Page<ReturnType<typeof ownListingView>>> => {
  const after = afterMoment("listing", cursor);
  const rows = await sellerListingRows(db, { sellerId: seller.id, status, after, limit: limit + 1 });
  const auctions = await auctionsAmong(db, ports, rows);
  return pageFrom(
    rows,
    limit,
    (row) => ownListingView(row, auctions.get(row.id)),
    (row) => momentKey(row.created_at, row.id),
  );
};
