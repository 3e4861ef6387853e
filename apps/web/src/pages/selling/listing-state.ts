import { gramsOf } from "../../lib/format.ts";

type Listing = {
  readonly status: "active" | "sold" | "cancelled" | "expired";
  readonly bidCount: number;
  readonly creditsRemaining: string;
};

/** An auction with bids runs to its end; what is wholly ordered has nothing left to withdraw. */
export const canCancel = (listing: Listing): boolean =>
  listing.status === "active" && listing.bidCount === 0 && gramsOf(listing.creditsRemaining) > 0n;

/** How a listing stands for its seller: an active one of which all is ordered waits for the payments. */
export const standing = (listing: Listing): Listing["status"] | "waiting" =>
  listing.status === "active" && gramsOf(listing.creditsRemaining) === 0n ? "waiting" : listing.status;

/** A fixed price of which nothing was ordered may have another one. */
export const canReprice = (
  listing: Pick<Listing, "status" | "creditsRemaining"> & {
    readonly listingType: "fixed" | "auction";
    readonly creditsAmount: string;
  },
): boolean =>
  listing.status === "active" &&
  listing.listingType === "fixed" &&
  gramsOf(listing.creditsRemaining) === gramsOf(listing.creditsAmount);

/** The form for a listing like one that has ended: with what of it was not sold. */
export const againPath = (listing: {
  readonly listingType: "fixed" | "auction";
  readonly creditsAmount: string;
  readonly sold: string;
  readonly pricePerCredit: string;
}): string => {
  const grams = gramsOf(listing.creditsAmount) - gramsOf(listing.sold);
  const text = String(grams).padStart(7, "0");
  const credits = `${text.slice(0, -6)}.${text.slice(-6)}`.replace(/\.?0+$/, "");
  const query = new URLSearchParams({ credits, price: listing.pricePerCredit, type: listing.listingType });
  return `/owner/listings/new?${query}`;
};
