import { afterAll, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { allow, noAccess } from "./access.ts";
import { authenticate } from "./authenticate.ts";
import { changeRole } from "./people.ts";
import { register } from "./registration.ts";
import { aUser, aVisitor, testAccounts } from "./testing.ts";
import { oldestOperator } from "./users.ts";

const t = await testDatabase();
afterAll(() => t.close());
/** Two servers over one database, with the real staleness of half a second. */
const here = testAccounts(t, { staleAfterMs: 500 });
const there = testAccounts(t, { staleAfterMs: 500 });
const password = "a-good-password";
let made = 0;

const anAdmin = async (accounts = here) => {
  const visitor = aVisitor(t, accounts);
  const email = `admin${++made}@example.com`;
  const context = { request: { headers: new Headers(), ip: "203.0.113.1" }, transact: t.transact };
  const person = { email, password, fullName: "Operator", role: "admin" as const, locale: "en" as const };
  await register(context, accounts, person, { by: await oldestOperator(t.db), session: false });
  await visitor.call((api) => api.signIn({ email, password }));
  return visitor;
};

const aPerson = async (role: "ev_owner" | "buyer" | "cva" = "cva") => {
  const visitor = aVisitor(t, here);
  const email = `person${++made}@example.com`;
  const { user } = await visitor.call((api) => api.signUp({ email, password, fullName: "Person", role }));
  const { token } = await visitor.call((api) => api.login({ email, password }));
  const ways = [visitor.headers(), new Headers({ authorization: `Bearer ${token}` })];
  const seen = () =>
    Promise.all([here, there].flatMap((server) => ways.map((headers) => authenticate(server, headers))));
  return { user, visitor, seen };
};

describe("a change of rights", () => {
  test("suspension shuts out issued cookies and tokens on every server by the time it is answered", async () => {
    const admin = await anAdmin();
    const { user, seen } = await aPerson();
    expect((await seen()).map((actor) => actor?.id)).toEqual([user.id, user.id, user.id, user.id]);
    await admin.call((api) => api.users.suspend({ id: user.id, reason: "Stolen identity" }));
    expect(await seen()).toEqual([null, null, null, null]);
    await admin.call((api) => api.users.unsuspend({ id: user.id }));
    // The sessions are gone: they sign in anew.
    expect(await seen()).toEqual([null, null, null, null]);
  });

  test("accreditation and a new role count at once for tokens that were issued before", async () => {
    const admin = await anAdmin();
    const { user, seen } = await aPerson("cva");
    expect((await seen()).map((actor) => actor?.accredited)).toEqual([false, false, false, false]);
    await admin.call((api) => api.users.accredit({ id: user.id, accredited: true }));
    expect((await seen()).map((actor) => actor?.accredited)).toEqual([true, true, true, true]);
    await admin.call((api) => api.users.changeRole({ id: user.id, role: "buyer" }));
    for (const actor of await seen()) expect(actor).toMatchObject({ role: "buyer", accredited: false });
  });

  test("a forced sign-out ends issued cookies and tokens on every server", async () => {
    const admin = await anAdmin();
    const { user, seen } = await aPerson();
    await seen();
    const { sessions } = await admin.call((api) => api.users.forceSignOut({ id: user.id }));
    expect(sessions).toBe(2);
    expect(await seen()).toEqual([null, null, null, null]);
  });

  test("a server that starts after a suspension knows of it", async () => {
    const admin = await anAdmin();
    const { user, seen } = await aPerson();
    await seen();
    await admin.call((api) => api.users.suspend({ id: user.id, reason: "Under review" }));
    const late = noAccess(t.db);
    const actor = {
      id: user.id,
      role: "cva",
      accredited: false,
      emailVerified: false,
      kycStatus: "none",
    } as const;
    expect(await allow(late, { actor, twoFactor: false }, "ses_any")).toBeNull();
  });

  test("is not missed when its transaction began long before others that finished first", async () => {
    const user = await aUser(t, { role: "cva", accredited: false });
    const admin = await aUser(t, { role: "admin" });
    const person = { actor: user, twoFactor: false };
    const access = noAccess(t.db, { staleAfterMs: 0 });
    await allow(access, person, "ses_any");
    const gate = Promise.withResolvers<void>();
    const changed = Promise.withResolvers<void>();
    const slow = t.transact(async (tx) => {
      await changeRole(tx, admin, { id: user.id, role: "buyer" });
      changed.resolve();
      await gate.promise;
    });
    await changed.promise;
    for (let other = 0; other < 3; other++) {
      await aUser(t);
      expect((await allow(access, person, "ses_any"))?.actor.role).toBe("cva");
    }
    gate.resolve();
    await slow;
    expect((await allow(access, person, "ses_any"))?.actor.role).toBe("buyer");
  });

  test("a server that cannot ask lets nobody in on old knowledge", async () => {
    const user = await aUser(t);
    const person = { actor: user, twoFactor: false };
    let up = true;
    const broken = new Proxy(t.db, {
      get(target, name) {
        if (!up) throw new Error("connection refused");
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const access = noAccess(broken, { staleAfterMs: 30 });
    expect(await allow(access, person, "ses_any")).toEqual(person);
    up = false;
    await Bun.sleep(40);
    await expect(allow(access, person, "ses_any")).rejects.toThrow("connection refused");
    up = true;
    expect(await allow(access, person, "ses_any")).toEqual(person);
  });

  test("ten thousand requests of one person ask the database a handful of times", async () => {
    const { visitor } = await aPerson();
    let queries = 0;
    const counting = new Proxy(t.db, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name === "selectFrom" || name === "getExecutor") queries++;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const server = testAccounts({ ...t, db: counting }, { staleAfterMs: 500 });
    const headers = visitor.headers();
    await authenticate(server, headers);
    const before = queries;
    for (let call = 0; call < 10_000; call++) await authenticate(server, headers);
    expect(queries - before).toBeLessThan(20);
  });
});

describe("the operator's console", () => {
  test("the last active administrator can be neither suspended nor demoted, also by two at once", async () => {
    const own = await testDatabase();
    try {
      const [one, two] = [await aUser(own, { role: "admin" }), await aUser(own, { role: "admin" })];
      const accounts = testAccounts(own);
      const { suspend } = await import("./people.ts");
      const results = await Promise.allSettled([
        own.transact((tx) => changeRole(tx, one, { id: two.id, role: "buyer" })),
        own.transact((tx) => suspend(tx, two, { id: one.id, reason: "A quarrel" })),
      ]);
      expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(1);
      const left = await own.db
        .selectFrom("identity.user")
        .select("id")
        .where("role", "=", "admin")
        .where("suspended_at", "is", null)
        .execute();
      expect(left).toHaveLength(1);
      const last = left[0]?.id === one.id ? one : two;
      expect(
        await refusalCode(own.transact((tx) => suspend(tx, last, { id: last.id, reason: "Tired" }))),
      ).toBe("suspend_self");
      expect(accounts).toBeDefined();
    } finally {
      await own.close();
    }
  });
});
