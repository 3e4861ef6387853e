import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { enqueue, handle } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { noteSaleJob } from "./jobs.ts";
import { noteSale } from "./note-sale.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

test("what was asked for is done", async () => {
  await t.transact((tx) => enqueue(tx, noteSaleJob, { id: "one" }));
  const handlers = [handle(noteSaleJob, noteSale)];
  expect(await drain(t, handlers, { twice: true })).toEqual([
    { queue: "planted.note_sale", payload: { id: "one" } },
  ]);
});
