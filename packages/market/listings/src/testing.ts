import { aUser } from "@evx/accounts/testing";
import { issueBatch } from "@evx/credits";
import type { TestDatabase } from "@evx/db/testing";
import { type Currency, type Grams, type Id, newId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { createListing, type NewListing } from "./listings.ts";
import type { AuctionPorts } from "./ports.ts";

type World = Pick<TestDatabase, "db" | "clock" | "transact">;

const USD: Currency = "USD";

export type Origin = {
  vintage?: number;
  country?: string;
  method?: string;
  cvaId?: Id<"user">;
  batchId?: Id<"batch">;
  quality?: "connected" | "export" | "manual";
};

/** Gives somebody the grams of a new batch, as an approved request would. */
export const givenBatch = (world: World, ownerId: Id<"user">, grams: Grams, origin: Origin = {}) =>
  world.transact((tx) =>
    issueBatch(tx, {
      id: origin.batchId ?? newId("batch"),
      requestId: newId("request"),
      ownerId,
      cvaId: origin.cvaId ?? newId("user"),
      vintageYear: origin.vintage ?? 2025,
      countryCode: origin.country ?? "VN",
      methodCode: origin.method ?? "flat-v1",
      factorSet: "builtin-1",
      qualityTier: origin.quality ?? "export",
      vehicleClass: "car",
      tripCount: 10,
      firstTripAt: new Date("2025-01-01T08:00:00Z"),
      lastTripAt: new Date("2025-12-30T18:00:00Z"),
      grams,
    }),
  );

/** An owner with credits of a batch of their own in the wallet. */
export const aSeller = async (
  world: World,
  grams: Grams = 1_000_000n,
  origin: Origin = {},
): Promise<Actor<"ev_owner">> => {
  const seller = await aUser(world, { role: "ev_owner" });
  await givenBatch(world, seller.id, grams, origin);
  return seller;
};

const none = (): never => {
  throw new Error("This test's market has no auctions");
};

/** A market of fixed prices alone, for tests of rooms that do not know the auctions. */
export const noAuctions: AuctionPorts = {
  planAuction: none,
  openAuction: none,
  cancelAuction: none,
  withdrawAuction: none,
  auctionParts: async () => new Map(),
};

/** A listing of one credit at $12.34 unless told otherwise, of a new seller unless given. */
export const aListing = async (
  world: World,
  { seller, ...input }: Partial<NewListing> & { seller?: Actor<"ev_owner"> } = {},
  ports: AuctionPorts = noAuctions,
) => {
  const creditsAmount = input.creditsAmount ?? 1_000_000n;
  const owner = seller ?? (await aSeller(world, creditsAmount));
  const row = await world.transact((tx) =>
    createListing(tx, ports, owner, {
      id: newId("listing"),
      currency: USD,
      pricePerCredit: "12.34",
      listingType: "fixed",
      ...input,
      creditsAmount,
    }),
  );
  return { ...row, seller: owner };
};
