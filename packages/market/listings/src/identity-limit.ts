import type { Tx } from "@evx/db";
import { creditsFromGrams, day_ms } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import { refuse } from "./errors.ts";
import { IDENTITY_DAYS, identityLimits } from "./policy.ts";
import { listedSince } from "./queries/listings.ts";

/**
 * Refuses `listing_needs_identity` when a person without a proved identity has listed more than the limit. Called after
 * the listing took its credits: the wallet's lock makes a person's listings take turns, so two at once cannot both
 * stay below.
 */
export const checkIdentityLimit = async (
  tx: Tx,
  seller: Pick<Actor, "id" | "kycStatus">,
  { requireKyc }: { requireKyc: boolean },
): Promise<void> => {
  if (!requireKyc || seller.kycStatus === "verified") return;
  const { value } = await ruleAt(tx, identityLimits, tx.at);
  const limit = BigInt(value.listingAbove_g);
  const listed = await listedSince(tx, seller.id, new Date(tx.at.getTime() - IDENTITY_DAYS * day_ms));
  if (listed > limit)
    throw refuse("listing_needs_identity", { limit: creditsFromGrams(limit), days: IDENTITY_DAYS });
};
