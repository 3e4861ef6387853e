import type { Tx } from "@evx/db";
import { creditsFromGrams } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import { refuse } from "./errors.ts";
import { IDENTITY_DAYS, identityLimits } from "./policy.ts";
import type { MarketplacePorts } from "./ports.ts";
import { listedSince } from "./queries/listings.ts";

const day_ms = 86_400_000;

/**
 * Refuses `listing_needs_identity` when a person without a proved identity has listed more than the limit. Called after
 * the listing took its credits: the wallet's lock makes a person's listings take turns, so two at once cannot both
 * stay below.
 */
export const holdToIdentityLimit = async (
  tx: Tx,
  ports: Pick<MarketplacePorts, "requireKyc">,
  seller: Actor,
): Promise<void> => {
  if (!ports.requireKyc || seller.kycStatus === "verified") return;
  const { value } = await ruleAt(tx, identityLimits, tx.at);
  const limit = BigInt(value.listingAbove_g);
  const listed = await listedSince(tx, seller.id, new Date(tx.at.getTime() - IDENTITY_DAYS * day_ms));
  if (listed > limit)
    throw refuse("listing_needs_identity", { limit: creditsFromGrams(limit), days: IDENTITY_DAYS });
};
