import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { givenListed, givenSold } from "@evx/credits/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import { certificateJobs } from "./jobs.ts";
import type { CertificatePorts } from "./ports.ts";
import { certificateOf } from "./queries/certificates.ts";
import { certificatesOf } from "./registry.ts";
import { anIssuedBatch, testPorts } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

let t: TestDatabase;
let ports: CertificatePorts;
beforeAll(async () => {
  t = await testDatabase();
  ports = await testPorts();
});
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

describe("a sale whose event was lost", () => {
  const round = () => tick(t, certificateJobs(ports), "verification.certify_missed");

  const aSale = async (grams = 4_000n) => {
    const { owner } = await anIssuedBatch(t, ports);
    const buyer = await aUser(t, { role: "buyer" });
    const sale = await t.transact(async (tx) => {
      const listingId = await givenListed(tx, owner.id, grams);
      return givenSold(tx, { listingId, sellerId: owner.id, buyerId: buyer.id, grams });
    });
    return { buyer, ...sale };
  };

  const boughtBy = async (buyer: { id: Id<"user"> }) =>
    (await certificatesOf(t.db, ports, { userId: buyer.id, limit: 10 })).items;

  test("is found by the next round once its event has had its time, and certified once", async () => {
    const { buyer, orderId } = await aSale();
    await round();
    expect(await boughtBy(buyer)).toEqual([]);
    t.clock.advance(16 * 60_000);
    await round();
    const [found, ...more] = await boughtBy(buyer);
    expect(found).toMatchObject({ kind: "purchase", creditsAmount: 4_000n, orderId });
    expect(more).toEqual([]);
    t.clock.advance(16 * 60_000);
    await round();
    expect(await boughtBy(buyer)).toHaveLength(1);
  });

  test("that retired its credits at once is certified as a retirement, once by two rounds at once", async () => {
    const { owner } = await anIssuedBatch(t, ports);
    const buyer = await aUser(t, { role: "buyer" });
    const retirementId = newId("retirement");
    await t.transact(async (tx) => {
      const listingId = await givenListed(tx, owner.id, 4_000n);
      return givenSold(tx, {
        listingId,
        sellerId: owner.id,
        buyerId: buyer.id,
        grams: 4_000n,
        retirementId,
      });
    });
    await drain(t, []);
    t.clock.advance(16 * 60_000);
    await Promise.all([round(), round()]);
    expect(await boughtBy(buyer)).toMatchObject([{ kind: "retirement", creditsAmount: 4_000n }]);
    expect((await certificateOf(t.db, "retirement", retirementId))?.holder_id).toBe(buyer.id);
    t.clock.advance(16 * 60_000);
    await round();
    expect(await boughtBy(buyer)).toHaveLength(1);
  });

  test("two rounds at once make one certificate each, and a later round starts where they ended", async () => {
    const [one, two] = [await aSale(), await aSale()];
    t.clock.advance(16 * 60_000);
    await Promise.all([round(), round()]);
    expect(await boughtBy(one.buyer)).toHaveLength(1);
    expect(await boughtBy(two.buyer)).toHaveLength(1);
    const marks = await t.db.selectFrom("verification.certified_until").selectAll().execute();
    expect(marks).toHaveLength(1);
    expect([one.transferId, two.transferId]).toContain(marks[0]?.transfer_id as Id<"transfer">);
  });

  test("that cannot be certified stays before the mark, fails the round, and is made by a later one", async () => {
    const { buyer, transferId } = await aSale();
    const other = await aSale();
    t.clock.advance(16 * 60_000);
    const broken = certificateJobs({
      ...ports,
      keys: {
        ...ports.keys,
        current: { ...ports.keys.current, sign: () => Promise.reject(new Error("no key")) },
      },
    });
    await expect(tick(t, broken, "verification.certify_missed")).rejects.toThrow();
    expect(await boughtBy(buyer)).toEqual([]);
    await round();
    expect(await boughtBy(buyer)).toHaveLength(1);
    expect(await boughtBy(other.buyer)).toHaveLength(1);
    expect(await certificateOf(t.db, "purchase", transferId)).toBeDefined();
  });
});
