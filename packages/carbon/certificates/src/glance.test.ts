import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { registryGlance } from "./glance.ts";
import type { CertificatePorts } from "./ports.ts";
import { retireCredits } from "./retirements.ts";
import { anIssuedBatch, testPorts } from "./testing.ts";

let t: TestDatabase;
let ports: CertificatePorts;
beforeAll(async () => {
  t = await testDatabase();
  ports = await testPorts();
});
afterAll(() => t.close());
const glance = () => registryGlance(t.db, t.clock.now());

test("a registry without a batch has nothing to show, and invents nothing", async () => {
  expect(await glance()).toEqual({ latest: null, gram: null, retired: { week: false, items: [] } });
});

test("the newest batch, the life of a retired gram and the week's retirements, each with its seal's root", async () => {
  const { owner, batch } = await anIssuedBatch(t, ports);
  const before = await glance();
  expect(before.latest?.root).toMatch(/^[0-9a-f]{64}$/);
  expect(before.gram?.gram).toBe(String(batch.grams));
  expect(before.gram?.steps.map(({ step }) => step)).toEqual(["issued"]);
  await t.transact((tx) =>
    retireCredits(tx, ports, owner, {
      id: newId("retirement"),
      amount: 1_000n,
      beneficiaryName: "Mekong Cold Chain",
      reason: "event",
    }),
  );
  const after = await glance();
  expect(after.gram).toMatchObject({ gram: "1000", state: "retired" });
  expect(after.gram?.steps.map(({ step }) => step)).toEqual(["issued", "retired"]);
  expect(after.retired.week).toBe(true);
  expect(after.retired.items).toMatchObject([
    { beneficiary: "Mekong Cold Chain", credits: 1_000n, root: before.latest?.root },
  ]);
  t.clock.advance(8 * 86_400_000);
  expect(await glance()).toMatchObject({ retired: { week: false, items: [{ credits: 1_000n }] } });
});
