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
