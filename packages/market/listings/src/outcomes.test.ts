import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { day_ms } from "@evx/kernel";
import { changePrice } from "./listings.ts";
import { lotOutcomes } from "./queries/outcomes.ts";
import { aListing, aSeller } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

test("a lot is judged by the price that it had all its first week; one whose price changed in it says nothing", async () => {
  const seller = await aSeller(t, 1_000_000n);
  const lot = (pricePerCredit: string) => aListing(t, { seller, pricePerCredit, creditsAmount: 100_000n });
  const [kept, later, soon] = [await lot("15.00"), await lot("16.00"), await lot("17.00")];
  const cheap = (id: typeof kept.id) =>
    t.transact((tx) => changePrice(tx, seller, { id, pricePerCredit: "9.00" }));
  const startsAt = new Date(t.clock.now().getTime() + 20 * day_ms);
  await aListing(t, { seller, pricePerCredit: "18.00", creditsAmount: 100_000n, startsAt });
  t.clock.advance(day_ms);
  await cheap(soon.id);
  t.clock.advance(7 * day_ms);
  await cheap(later.id);
  await cheap(later.id);
  const lots = await lotOutcomes(t.db, { currency: "USD", now: t.clock.now(), limit: 10 });
  expect(lots.map(({ price_minor }) => price_minor)).toEqual([1_500n, 1_600n]);
  expect(lots.every(({ sold, seller_id }) => !sold && seller_id === seller.id)).toBe(true);
  expect(kept.status).toBe("active");
});
