import type { Db, Tx } from "@evx/db";
import { audit } from "@evx/identity";
import { emit, enqueue } from "@evx/jobs";
import {
  type Currency,
  type Grams,
  type Id,
  newId,
  type Page,
  type PageInput,
  pageFrom,
  textFromMinor,
} from "@evx/kernel";
import { listingAccount, post, wallet } from "@evx/ledger";
import { withdrawalLimits } from "@evx/payments";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import { cancelAuction, openAuction, planAuction } from "./auctions.ts";
import { momentAfter } from "./cursors.ts";
import { refuse } from "./errors.ts";
import { listingCancelled, listingCreated } from "./events.ts";
import { priceFrom } from "./money.ts";
import { auctionRules, feesOf, LARGEST_TOTAL, orderLimits, saleFees, totalOf } from "./policy.ts";
import { attributesOf, listTransferId, originsOf } from "./provenance.ts";
import {
  changeListing,
  insertListing,
  type ListingRow,
  type ListingWithAuction,
  listingRow,
  lockListing,
  sellerListingRows,
} from "./queries/listings.ts";
import type { ListingType } from "./schema.ts";
import { closeAuctionTask } from "./tasks.ts";
import { auctionView, listingView, ownListingView } from "./views.ts";

export type NewListing = {
  id: Id<"listing">;
  creditsAmount: Grams;
  pricePerCredit: string;
  listingType: ListingType;
  auctionEndTime?: Date | undefined;
  reservePrice?: string | undefined;
};

/**
 * Lists credits for sale: they leave the seller's wallet for an account of the listing's own at once, so nobody can
 * spend them twice. The same id and content again answers the same listing.
 * Refuses `listing_id_reused`, `listing_too_small`, `listing_too_large`, `balance_insufficient` and what is wrong
 * with an auction's end and reserve.
 */
export const createListing = async (
  tx: Tx,
  seller: Pick<Actor, "id">,
  currency: Currency,
  wish: NewListing,
): Promise<ListingWithAuction> => {
  const price_minor = priceFrom(wish.pricePerCredit, currency, "pricePerCredit");
  const known = await listingRow(tx, wish.id);
  if (known) return sameListing(known, seller.id, price_minor, wish);

  const total = totalOf(wish.creditsAmount, price_minor);
  if (total > LARGEST_TOTAL) throw refuse("listing_too_large");
  if (total < 1n) throw refuse("listing_too_small", { currency });
  const auction = await planAuction(tx, wish, price_minor, currency);

  await post(tx, {
    id: await listTransferId(seller.id, wish.id),
    kind: "list",
    legs: [
      { account: wallet(seller.id), amount: -wish.creditsAmount },
      { account: listingAccount(wish.id), amount: wish.creditsAmount, holder: seller.id },
    ],
    memo: { listingId: wish.id },
  });
  const attributes = attributesOf(await originsOf(tx, { id: wish.id, seller_id: seller.id }));
  const fresh = await insertListing(tx, {
    id: wish.id,
    seller_id: seller.id,
    kind: wish.listingType,
    status: "active",
    amount_g: wish.creditsAmount,
    remaining_g: wish.creditsAmount,
    price_minor,
    currency,
    ...attributes,
    ends_at: auction?.endsAt ?? null,
    created_at: tx.at,
  });
  if (!fresh) {
    const twin = await listingRow(tx, wish.id);
    if (!twin) throw refuse("listing_id_reused");
    return sameListing(twin, seller.id, price_minor, wish);
  }
  if (auction) {
    await openAuction(tx, { id: wish.id, seller_id: seller.id, currency }, auction);
    await enqueue(tx, closeAuctionTask, { listingId: wish.id }, { runAt: auction.endsAt });
  }
  await emit(tx, listingCreated, {
    listingId: wish.id,
    sellerId: seller.id,
    listingType: wish.listingType,
    grams: String(wish.creditsAmount),
    pricePerCreditMinor: String(price_minor),
    currency,
    vintage: attributes.vintage_year,
    country: attributes.country_code,
    method: attributes.method_code,
    endsAt: auction?.endsAt.toISOString() ?? null,
    at: tx.at.toISOString(),
  });
  await audit(tx, seller, "listing.create", wish.id, {
    after: {
      kind: wish.listingType,
      grams: String(wish.creditsAmount),
      priceMinor: String(price_minor),
      currency,
    },
  });
  return existing(tx, wish.id);
};

const sameListing = (
  known: ListingWithAuction,
  sellerId: Id<"user">,
  price_minor: bigint,
  wish: NewListing,
): ListingWithAuction => {
  const same =
    known.seller_id === sellerId &&
    known.kind === wish.listingType &&
    known.amount_g === wish.creditsAmount &&
    known.price_minor === price_minor;
  if (!same) throw refuse("listing_id_reused");
  return known;
};

const existing = async (db: Db, id: Id<"listing">): Promise<ListingWithAuction> => {
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
  seller: Pick<Actor, "id">,
  id: Id<"listing">,
): Promise<ListingWithAuction> => {
  const kind = (await existing(tx, id)).kind;
  if (kind === "auction") await cancelAuction(tx, seller, id);
  const lot = await lockListing(tx, id);
  if (!lot || lot.seller_id !== seller.id) throw refuse("listing_not_found");
  if (lot.status === "cancelled") return existing(tx, id);
  if (lot.status === "sold") throw refuse("listing_sold");
  if (lot.status === "expired") throw refuse("listing_ended");
  await emit(tx, listingCancelled, {
    listingId: id,
    sellerId: seller.id,
    returned: String(lot.remaining_g),
    at: tx.at.toISOString(),
  });
  await returnGrams(tx, lot, { free: lot.remaining_g, reserved: 0n, ended: "cancelled" });
  await audit(tx, seller, "listing.cancel", id, { after: { returnedGrams: String(lot.remaining_g) } });
  return existing(tx, id);
};

/**
 * Gives grams of a listing back to its seller: what was free, and what an order that is gone had reserved.
 * The caller holds the listing's lock and has ended the order's hold.
 */
export const returnGrams = async (
  tx: Tx,
  lot: Pick<ListingRow, "id" | "seller_id">,
  { free, reserved, ended }: { free: bigint; reserved: bigint; ended?: "cancelled" | "expired" },
): Promise<void> => {
  const returned = free + reserved;
  await changeListing(tx, lot.id, { free: -free, returned, ...(ended ? { ended } : {}) });
  if (returned === 0n) return;
  await post(tx, {
    id: newId("transfer"),
    kind: "unlist",
    legs: [
      { account: listingAccount(lot.id), amount: -returned },
      { account: wallet(lot.seller_id), amount: returned },
    ],
    memo: { listingId: lot.id },
  });
};

/** A listing with where its credits came from and, for an auction, how it stands. For everyone. */
export const listingDetail = async (db: Db, id: Id<"listing">, now: Date) => {
  const row = await existing(db, id);
  const detail = {
    ...listingView(row),
    provenance: await originsOf(db, row),
    auction: auctionView(row),
    now,
  };
  return { ...detail, listing: detail };
};

/** A seller's own listings, newest first. */
export const listingsOf = async (
  db: Db,
  sellerId: Id<"user">,
  { limit, cursor, status }: PageInput & { status?: ListingRow["status"] | undefined },
): Promise<Page<ReturnType<typeof ownListingView>>> => {
  const rows = await sellerListingRows(db, sellerId, status, momentAfter(cursor), limit + 1);
  return pageFrom(rows, limit, ownListingView, (row) => [row.created_at.getTime(), row.id]);
};

/**
 * What the seller would receive if all of it were sold at that price now, by the fees in force, and when the money
 * could be withdrawn. `holdDays` is the venue's holding time unless an operator's rule says otherwise.
 */
export const netInHand = async (
  db: Db,
  now: Date,
  currency: Currency,
  holdDays: number,
  { creditsAmount, pricePerCredit }: { creditsAmount: Grams; pricePerCredit: string },
) => {
  const { value: rule } = await ruleAt(db, saleFees, now);
  const { value: limits } = await ruleAt(db, withdrawalLimits, now);
  const total = totalOf(creditsAmount, priceFrom(pricePerCredit, currency, "pricePerCredit"));
  if (total > LARGEST_TOTAL) throw refuse("listing_too_large");
  const { platform, cva, net } = feesOf(total, rule);
  return {
    total: textFromMinor(total, currency),
    platformFee: textFromMinor(platform, currency),
    cvaFee: textFromMinor(cva, currency),
    net: textFromMinor(net, currency),
    currency,
    platformFeePercent: rule.platformFeeBps / 100,
    cvaFeePercent: rule.cvaFeeBps / 100,
    payoutDate: new Date(now.getTime() + (limits.holding_days ?? holdDays) * 86_400_000),
  };
};

/** The rules in force now: fees, windows, limits of auctions. */
export const termsNow = async (db: Db, now: Date, currency: Currency) => {
  const { value: fees } = await ruleAt(db, saleFees, now);
  const { value: windows } = await ruleAt(db, orderLimits, now);
  const { value: auctions } = await ruleAt(db, auctionRules, now);
  return {
    currency,
    platformFeePercent: fees.platformFeeBps / 100,
    cvaFeePercent: fees.cvaFeeBps / 100,
    paymentWindowMinutes: windows.paymentWindow_min,
    winnerWindowHours: windows.winnerWindow_h,
    auctionShortestMinutes: Math.ceil(auctions.shortest_s / 60),
    auctionLongestDays: Math.floor(auctions.longest_s / 86_400),
    auctionExtensionMinutes: Math.round(auctions.window_s / 60),
  };
};
