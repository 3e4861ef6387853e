/**
 * Why an event that no room listens to is emitted all the same. An event without a listener and without a line here fails
 * the test of docs/events.md.
 */
export const unheard: Readonly<Record<string, string>> = {
  "credits.cancelled":
    "Holders are told by verification.certificate_revoked; the ledger keeps each cancellation.",
  "identity.user_reinstated": "Rare; the audit trail keeps it. Rooms look at the person's row.",
  "identity.user_role_changed": "Rare; the audit trail keeps it. Rooms look at the person's row.",
  "identity.kyc_submitted": "Reviewers work from their queue; nobody is told of each file.",
  "marketplace.listing_cancelled": "The seller did it themselves and sees the answer.",
  "marketplace.second_chance_offered":
    "The bidder is told by marketplace.order_placed of the kind second_chance.",
  "vehicles.trips_imported": "The import's page shows how it ended.",
};
