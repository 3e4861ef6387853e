import { afterAll, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { authenticate } from "./authenticate.ts";
import { suspend } from "./people.ts";
import { aUser, aVisitor, testAccounts } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());
const accounts = testAccounts(t);
const password = "a-good-password";
let made = 0;

const keyHolder = async (scopes = ["*:write"], server = accounts) => {
  const visitor = aVisitor(t, server);
  const email = `keys${++made}@example.com`;
  const { user } = await visitor.call((api) =>
    api.signUp({ email, password, fullName: "Scripter", role: "ev_owner" }),
  );
  const { key, apiKey } = await visitor.call((api) => api.apiKeys.create({ name: "Home server", scopes }));
  const script = aVisitor(t, server, { headers: { authorization: `Bearer ${key}` } });
  return { visitor, script, user, key, apiKey, email };
};
const by = (key: string) => authenticate(accounts, new Headers({ authorization: `Bearer ${key}` }));

describe("API keys", () => {
  test("act as the person who made them, in either header, and are shown once", async () => {
    const { key, user, visitor, apiKey } = await keyHolder();
    expect(key).toMatch(/^evx_[\w-]{51}$/);
    expect(await by(key)).toMatchObject({ id: user.id, role: "ev_owner", scopes: ["*:write"] });
    expect((await authenticate(accounts, new Headers({ "x-api-key": key })))?.id).toBe(user.id);
    const { items } = await visitor.call((api) => api.apiKeys.list());
    expect(items).toMatchObject([{ id: apiKey.id, name: "Home server", scopes: ["*:write"] }]);
    expect(JSON.stringify(items)).not.toContain(key);
    const rows = JSON.stringify(await t.db.selectFrom("identity.api_key").selectAll().execute());
    expect(rows).not.toContain(key.slice(12));
  });

  test("do what their scopes say and no more", async () => {
    const { script } = await keyHolder(["identity:read"]);
    expect((await script.call((api) => api.profile())).user.fullName).toBe("Scripter");
    expect(await refusalCode(script.call((api) => api.updateProfile({ fullName: "Changed" })))).toBe(
      "scope_missing",
    );
    const other = await keyHolder(["vehicles:write"]);
    expect(await refusalCode(other.script.call((api) => api.profile()))).toBe("scope_missing");
  });

  test("cannot change the account's password, address or second factor, nor make keys", async () => {
    const { script } = await keyHolder();
    const codes = [
      script.call((api) =>
        api.account.changePassword({ currentPassword: password, newPassword: "stolen-password" }),
      ),
      script.call((api) => api.account.changeEmail({ email: "thief@example.com", password })),
      script.call((api) => api.twoFactor.begin({ password })),
      script.call((api) => api.apiKeys.create({ name: "More", scopes: ["*:write"] })),
    ].map(refusalCode);
    expect(await Promise.all(codes)).toEqual(Array(4).fill("session_required"));
  });

  test("end at once on every server: when ended, when they expire, when their person is suspended", async () => {
    const there = testAccounts(t, { staleAfterMs: 500 });
    const elsewhere = (key: string) => authenticate(there, new Headers({ "x-api-key": key }));
    const first = await keyHolder();
    expect(await elsewhere(first.key)).not.toBeNull();
    await first.visitor.call((api) => api.apiKeys.end({ id: first.apiKey.id }));
    expect(await by(first.key)).toBeNull();
    await Bun.sleep(520);
    expect(await elsewhere(first.key)).toBeNull();

    const second = await keyHolder();
    expect(await by(second.key)).not.toBeNull();
    const admin = await aUser(t, { role: "admin" });
    await t.transact((tx) => suspend(tx, admin, { id: second.user.id as never, reason: "Under review" }));
    await Bun.sleep(40);
    expect(await by(second.key)).toBeNull();

    const third = await keyHolder();
    await t.db
      .updateTable("identity.api_key")
      .set({ expires_at: new Date("2026-01-01") })
      .where("id", "=", third.apiKey.id)
      .execute();
    expect(await by(third.key)).toBeNull();
  });

  test("that were made up are turned away without a question to the database", async () => {
    const { key } = await keyHolder();
    let asked = 0;
    const counting = new Proxy(t.db, {
      get(target, name) {
        asked++;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const server = testAccounts({ ...t, db: counting });
    const before = asked;
    for (const forged of [
      `evx_${"A".repeat(51)}`,
      `${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`,
      "evx_",
      key.toLowerCase(),
    ])
      expect(await authenticate(server, new Headers({ "x-api-key": forged }))).toBeNull();
    expect(asked).toBe(before);
  });

  test("of another person cannot be ended; twenty are enough for anybody", async () => {
    const victim = await keyHolder();
    const { visitor } = await keyHolder();
    expect(await refusalCode(visitor.call((api) => api.apiKeys.end({ id: victim.apiKey.id })))).toBe(
      "api_key_not_found",
    );
    expect(await by(victim.key)).not.toBeNull();
    for (let n = 1; n < 20; n++)
      await visitor.call((api) => api.apiKeys.create({ name: `Key ${n}`, scopes: ["*:read"] }));
    const more = visitor.call((api) => api.apiKeys.create({ name: "Key 21", scopes: ["*:read"] }));
    expect(await refusalCode(more)).toBe("api_keys_full");
  });

  test("with a scope that does not exist are not made", async () => {
    const { visitor } = await keyHolder();
    for (const scope of [
      "vehicles",
      "vehicles:delete",
      "everything:read",
      "*:*",
      "identity:read:x",
      "__proto__:read",
    ])
      expect(
        await refusalCode(visitor.call((api) => api.apiKeys.create({ name: "Odd", scopes: [scope] }))),
      ).toBe("input_invalid");
  });
});

describe("where two-step sign-in is demanded", () => {
  test("a cva without it can set it up and nothing else; an owner is not asked", async () => {
    const strict = testAccounts(t, { requireTwoFactor: true });
    const visitor = aVisitor(t, strict);
    const email = `strict${++made}@example.com`;
    await visitor.call((api) => api.signUp({ email, password, fullName: "Auditor", role: "cva" }));
    expect((await authenticate(strict, visitor.headers()))?.needsTwoFactor).toBe(true);
    expect((await visitor.call((api) => api.profile())).user.role).toBe("cva");
    const user = (await visitor.call((api) => api.me())).user;
    expect(await refusalCode(visitor.call((api) => api.user({ id: user?.id ?? "" })))).toBe(
      "two_factor_setup_required",
    );
    expect((await visitor.call((api) => api.twoFactor.begin({ password }))).recoveryCodes).toHaveLength(10);
    await t.db
      .updateTable("identity.user")
      .set({ two_factor_enabled: true })
      .where("email", "=", email)
      .execute();
    await Bun.sleep(40);
    expect((await authenticate(strict, visitor.headers()))?.needsTwoFactor).toBeUndefined();
    const owner = await keyHolder(["*:read"], strict);
    expect((await owner.script.call((api) => api.profile())).user.role).toBe("ev_owner");
  });
});
