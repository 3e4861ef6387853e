import { sql, type Tx } from "@evx/db";
import { type Currency, type Grams, type Id, newId } from "@evx/kernel";
import { cash, clearing, escrow, listingAccount, post, retiredAccount, wallet } from "@evx/ledger";
import { type Issuance, type Issued, issueBatch } from "./batches.ts";
import { retirementContent } from "./retirements.ts";

/** What an issuance looks like unless a test says otherwise: 0.1 credits of a car in Vietnam, driven in 2025. */
export const anIssuance = (input: Partial<Issuance> & { ownerId: Id<"user"> }): Issuance => ({
  id: newId("batch"),
  requestId: newId("request"),
  cvaId: newId("user"),
  vintageYear: 2025,
  countryCode: "VN",
  methodCode: "flat-v1",
  factorSet: "flat-2024",
  qualityTier: "export",
  vehicleClass: "passenger car",
  tripCount: 42,
  firstTripAt: new Date("2025-01-01T00:00:00Z"),
  lastTripAt: new Date("2025-12-31T00:00:00Z"),
  grams: 100_000n,
  ...input,
});

/** Puts freshly issued credits into a person's wallet, with a batch that the registry shows. */
export const givenCredits = (
  tx: Tx,
  ownerId: Id<"user">,
  grams: Grams,
  input: Partial<Issuance> = {},
): Promise<Issued> => issueBatch(tx, anIssuance({ ...input, ownerId, grams }));

/** Sets credits aside on a listing's account, as the marketplace does when they are put up for sale. */
export const givenListed = async (
  tx: Tx,
  sellerId: Id<"user">,
  grams: Grams,
  listingId: Id<"listing"> = newId("listing"),
): Promise<Id<"listing">> => {
  await post(tx, {
    id: newId("transfer"),
    kind: "list",
    legs: [
      { account: wallet(sellerId), amount: -grams },
      { account: listingAccount(listingId), amount: grams, holder: sellerId },
    ],
    memo: { listingId },
  });
  return listingId;
};

/** Moves listed credits to a buyer and a price of 1.00 to the seller, as the marketplace's settlement does. */
export const givenSold = async (
  tx: Tx,
  sale: {
    listingId: Id<"listing">;
    sellerId: Id<"user">;
    buyerId: Id<"user">;
    grams: Grams;
    /** Retires the credits at once, in the buyer's name. */
    retirementId?: Id<"retirement">;
  },
  currency: Currency = "USD",
): Promise<{ orderId: Id<"order">; transferId: Id<"transfer"> }> => {
  const [orderId, transferId] = [newId("order"), newId("transfer")];
  const { listingId, sellerId, buyerId, grams, retirementId } = sale;
  await post(tx, {
    id: newId("transfer"),
    kind: "capture",
    legs: [
      { account: clearing(currency, "stripe"), amount: -100n },
      { account: escrow(currency, orderId), amount: 100n },
    ],
  });
  await post(tx, {
    id: transferId,
    kind: "sale",
    legs: [
      { account: escrow(currency, orderId), amount: -100n },
      { account: cash(currency, sellerId), amount: 100n },
      { account: listingAccount(listingId), amount: -grams },
      { account: retirementId ? retiredAccount(buyerId) : wallet(buyerId), amount: grams },
    ],
    memo: { orderId },
  });
  if (retirementId) {
    const content = retirementContent({ id: retirementId, beneficiaryName: "Somebody", reason: "personal" });
    await sql`select credits.note_retirement(${transferId}, ${buyerId}, ${grams}, ${JSON.stringify(content)}, ${tx.at})`.execute(
      tx,
    );
  }
  return { orderId, transferId };
};
