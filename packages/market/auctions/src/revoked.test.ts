import { afterAll, beforeAll, expect, test } from "bun:test";
import { registryBatch, revokeBatch, walletOf } from "@evx/credits";
import { creditsJobs } from "@evx/credits/jobs";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import type { Id } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import { listingRow } from "@evx/listings";
import { aListing, aSeller, givenBatch } from "@evx/listings/testing";
import { anOrder } from "@evx/orders/testing";
import { aBid, anAuction, marketJobs } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const statusOf = async (id: Id<"listing">) => (await listingRow(t.db, id))?.status;

test("a revoked batch leaves the market: its listings are withdrawn but for what was ordered or bid for, and the rest is taken back", async () => {
  const seller = await aSeller(t, 1_000_000n);
  const sound = await aListing(t, { seller, creditsAmount: 1_000_000n });
  const { batch } = await givenBatch(t, seller.id, 1_000_000n);
  const wrong = await aListing(t, { seller, creditsAmount: 300_000n });
  const auction = await anAuction(t, { seller, creditsAmount: 200_000n });
  const quiet = await anAuction(t, { seller, creditsAmount: 100_000n });
  await anOrder(t, wrong.id, { creditsAmount: 50_000n });
  await aBid(t, auction.id, "12.00");
  await drain(t, marketJobs);

  const first = await t.transact((tx) =>
    revokeBatch(tx, { batchId: batch.id, reason: "Another car's trips" }),
  );
  expect(first).toEqual({ owner_g: 400_000n, buffer_g: 0n, listed_g: 600_000n, missing_g: 0n });
  await drain(t, marketJobs, { twice: true });
  expect(await statusOf(sound.id)).toBe("active");
  expect(await statusOf(wrong.id)).toBe("cancelled");
  expect(await statusOf(quiet.id)).toBe("cancelled");
  expect(await statusOf(auction.id)).toBe("active");
  expect(await walletOf(t.db, seller.id)).toMatchObject({ balance: 350_000n, reserved: 1_250_000n });

  await tick(t, creditsJobs, "credits.collect_revoked");
  expect(await walletOf(t.db, seller.id)).toMatchObject({ balance: 0n, reserved: 1_250_000n });
  expect(await registryBatch(t.db, batch.number)).toMatchObject({
    cancelled: 750_000n,
    circulating: 250_000n,
    revocation: { reason: "Another car's trips" },
  });
  // The order is never paid: what it held comes back and is taken as well.
  t.clock.advance(31 * 60_000);
  await tick(t, marketJobs, "marketplace.sweep");
  await tick(t, creditsJobs, "credits.collect_revoked");
  expect(await registryBatch(t.db, batch.number)).toMatchObject({
    cancelled: 800_000n,
    circulating: 200_000n,
  });
  await expectBooksBalance(t.db);
});
