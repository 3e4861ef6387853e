/** A machine whose clock is wrong neither revives a session or a key nor kills one: the database's clock decides. */
import { afterAll, afterEach, expect, setSystemTime, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { day_ms } from "@evx/kernel";
import { authenticate } from "./authenticate.ts";
import { aVisitor, testAccounts } from "./testing.ts";

const t = await testDatabase();
const password = "a-good-password";
afterAll(() => t.close());
afterEach(() => void setSystemTime());

/** The machine's clock so many days off. */
const off = (days: number) => setSystemTime(new Date(Date.now() + days * day_ms));

let people = 0;
const somebody = async (days = 0) => {
  off(days);
  const visitor = aVisitor(t, testAccounts(t));
  const email = `clock${people++}@evx.test`;
  const { user } = await visitor.call((api) =>
    api.signUp({ email, password, fullName: "Somebody", role: "buyer" }),
  );
  const { key } = await visitor.call((api) =>
    api.apiKeys.create({ name: "Script", scopes: ["*:read"], expiresInDays: 20 }),
  );
  setSystemTime();
  const asKey = new Headers({ authorization: `Bearer ${key}` });
  /** By the cookie and by the key, on a server that remembers nothing and whose clock is so many days off. */
  const known = async (wrong = 0) => {
    off(wrong);
    const found = [
      await authenticate(testAccounts(t), visitor.headers()),
      await authenticate(testAccounts(t), asKey),
    ].map((actor) => actor !== null);
    setSystemTime();
    return found;
  };
  return { user, visitor, known };
};

test("of a server whose clock is ahead or behind, sessions and keys live on, and are not dropped", async () => {
  const { known } = await somebody();
  for (const days of [0, 40, -40, 400, 0]) expect([days, ...(await known(days))]).toEqual([days, true, true]);
});

test("those that such a server makes last as long as all others", async () => {
  for (const days of [40, -40]) {
    const { user, known } = await somebody(days);
    expect([days, ...(await known())]).toEqual([days, true, true]);
    const { rows } = await sql<{ session: number; key: number }>`
      select round(extract(epoch from s.expires_at - clock_timestamp()) / 86400)::int as session,
        round(extract(epoch from k.expires_at - clock_timestamp()) / 86400)::int as key
      from identity.session s join identity.api_key k on k.reference_id = s.user_id
      where s.user_id = ${user.id}`.execute(t.db);
    expect(rows).toEqual([{ session: 30, key: 20 }]);
  }
});

test("what is over by the database's clock is over, whatever the server's says", async () => {
  const { user, known } = await somebody();
  await sql`update identity.session set expires_at = clock_timestamp() where user_id = ${user.id}`.execute(
    t.db,
  );
  await sql`update identity.api_key set expires_at = clock_timestamp() where reference_id = ${user.id}`.execute(
    t.db,
  );
  for (const days of [0, -40, 40]) expect(await known(days)).toEqual([false, false]);
});

test("a session's life is extended by the database's clock, a day after the last time", async () => {
  const { user, visitor } = await somebody();
  const ends = async () => {
    const { rows } = await sql<{ days: number }>`
      select round(extract(epoch from expires_at - clock_timestamp()) / 86400)::int as days
      from identity.session where user_id = ${user.id}`.execute(t.db);
    return rows[0]?.days;
  };
  await sql`update identity.session set created_at = created_at - interval '5 days', updated_at = updated_at - interval '5 days',
    expires_at = expires_at - interval '5 days' where user_id = ${user.id}`.execute(t.db);
  expect(await ends()).toBe(25);
  off(-400);
  expect((await visitor.call((api) => api.me())).user?.id).toBe(user.id);
  setSystemTime();
  expect(await ends()).toBe(30);
  await sql`update identity.session set created_at = clock_timestamp() - interval '85 days',
    updated_at = updated_at - interval '2 days' where user_id = ${user.id}`.execute(t.db);
  await visitor.call((api) => api.me());
  expect(await ends()).toBe(5);
});
