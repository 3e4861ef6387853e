import type { Tx } from "@evx/db";
import { type Grams, type Id, newId } from "@evx/kernel";
import { type Issuance, type Issued, issueBatch } from "./batches.ts";

/** What an issuance looks like unless a test says otherwise: 0.1 credits of a car in Vietnam, driven in 2025. */
export const anIssuance = (wish: Partial<Issuance> & { ownerId: Id<"user"> }): Issuance => ({
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
  ...wish,
});

/** Puts freshly issued credits into a person's wallet, with a batch that the registry shows. */
export const givenCredits = (
  tx: Tx,
  ownerId: Id<"user">,
  grams: Grams,
  wish: Partial<Issuance> = {},
): Promise<Issued> => issueBatch(tx, anIssuance({ ...wish, ownerId, grams }));
