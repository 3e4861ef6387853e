import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { oldestSale } from "./oldest-sale.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

test("it answers what it was asked for", async () => {
  expect(await oldestSale(t.db, { id: "one" })).toEqual({ id: "one" });
});
