import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { enqueue, handle } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { dropSale } from "./drop-sale.ts";
import { dropSaleJob } from "./jobs.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

test("what was asked for is done", async () => {
  await t.transact((tx) => enqueue(tx, dropSaleJob, { id: "one" }));
  const handlers = [handle(dropSaleJob, dropSale)];
  expect(await drain(t, handlers, { twice: true })).toEqual([
    { queue: "planted.drop_sale", payload: { id: "one" } },
  ]);
});
