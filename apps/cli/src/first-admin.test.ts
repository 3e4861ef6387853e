import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { firstAdmin } from "./first-admin.ts";

const t = await testDatabase();
afterAll(() => t.close());

test("the first administrator is made of an account by its address, and no second one that way", async () => {
  const [first, second] = [await aUser(t, { role: "buyer" }), await aUser(t, { role: "ev_owner" })];
  const emailOf = async (id: string) =>
    (
      await t.admin
        .selectFrom("identity.user")
        .select("email")
        .where("id", "=", id as `usr_${string}`)
        .executeTakeFirstOrThrow()
    ).email;
  await expect(firstAdmin("nobody@example.com", t.url)).rejects.toThrow();
  expect(await firstAdmin(await emailOf(first.id), t.url)).toMatchObject({ id: first.id, role: "admin" });
  await expect(firstAdmin(await emailOf(second.id), t.url)).rejects.toThrow(
    /There is an administrator already/,
  );
});
