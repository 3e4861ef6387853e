import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { actorOf, aUser } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());
test("a builder makes a person that the database accepts and reads back the same", async () => {
  for (const role of ["ev_owner", "buyer", "cva", "admin"] as const) {
    const a = await aUser(t, { role });
    expect(await actorOf(t.db, a.id)).toEqual(a);
  }
});
