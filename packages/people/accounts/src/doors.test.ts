/** What was tried at the doors of accounts: guesses at once, keys and links that outlive their reason. */

import { afterAll, describe, expect, test } from "bun:test";
import type { Tx } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { refusalCode } from "@evx/kernel/testing";
import { authenticate } from "./authenticate.ts";
import { costOf } from "./hashing.ts";
import { accountsJobs } from "./jobs.ts";
import type { Letter } from "./ports.ts";
import { chargeGuess, spendLetter } from "./rate-limits.ts";
import { aContext, aSession, aUser, aVisitor, testAccounts } from "./testing.ts";

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());
const sent: Letter[] = [];
const letters = { send: async (letter: Letter) => void sent.push(letter) };
const accounts = testAccounts(t, { letters });
const password = "a-good-password";
let made = 0;

const member = async (server = accounts, ip = `198.51.100.${++made % 250}`) => {
  const email = `doors${++made}@example.com`;
  const visitor = aVisitor(t, server, { ip });
  const { user } = await visitor.call((api) =>
    api.signUp({ email, password, fullName: "At the door", role: "buyer" }),
  );
  return { email, visitor, user, ip };
};
const from = (ip: string) => aVisitor(t, accounts, { ip });
const tries = (ip: string, email: string, guess: string) =>
  refusalCode(from(ip).call((api) => api.login({ email, password: guess })));
const linkTo = async (email: string, page: string): Promise<string> => {
  await drain(t, accountsJobs(accounts));
  const letter = sent.findLast(({ to, link }) => to === email && link?.includes(page));
  return new URL(letter?.link ?? "http://none/").searchParams.get("token") ?? "";
};

describe("guesses", () => {
  test("a failed sign-in does the same work for an address that somebody has, and the trail has it all the same", async () => {
    const { email, user } = await member();
    const work = async (address: string) => {
      const statements: string[] = [];
      const db = t.db.withPlugin({
        transformQuery: ({ node }) => {
          statements.push(node.kind);
          return node;
        },
        transformResult: async ({ result }) => result,
      });
      const world = {
        ...t,
        db,
        transact: <T>(inside: (tx: Tx) => Promise<T>) =>
          t.transact((tx) => {
            const watched = tx.withPlugin({
              transformQuery: ({ node }) => {
                statements.push(node.kind);
                return node;
              },
              transformResult: async ({ result }) => result,
            });
            return inside(Object.assign(watched, { at: tx.at, cause: tx.cause, origin: tx.origin }) as Tx);
          }),
      };
      const visitor = aVisitor(world, testAccounts(world, { letters }), { ip: `192.0.3.${++made % 250}` });
      const login = visitor.call((api) => api.login({ email: address, password: "wrong-guess" }));
      expect(await refusalCode(login)).toBe("credentials_wrong");
      return statements;
    };
    expect(await work(email)).toEqual(await work("nobody-at-the-door@example.com"));
    await drain(t, accountsJobs(accounts));
    const lines = await t.db
      .selectFrom("identity.audit")
      .select(["object", "origin"])
      .where("action", "=", "user.sign_in_failed")
      .where("object", "=", user.id)
      .execute();
    expect(lines).toEqual([{ object: user.id, origin: `192.0.3.${(made - 1) % 250}` }]);
  });

  test("a hundred at once pass no more than ten: they are charged before the hash", async () => {
    const { email } = await member();
    const wrong = Array.from({ length: 79 }, (_, at) => tries("203.0.113.20", email, `wrong-guess-${at}`));
    const codes = await Promise.all([...wrong, tries("203.0.113.20", email, password)]);
    expect(codes.filter((code) => code === "credentials_wrong").length).toBeLessThanOrEqual(10);
    expect(codes.at(-1)).toBe("sign_in_limited");
  });

  test("from one network of IPv6 they count together", async () => {
    const { email } = await member();
    const codes: string[] = [];
    for (let at = 0; at < 20; at++) codes.push(await tries(`2001:db8:7:7::${at + 1}`, email, "wrong-guess"));
    expect(codes.filter((code) => code === "credentials_wrong")).toHaveLength(10);
  });

  test("from many networks of one customer's IPv6 they count together too, whoever they are for", async () => {
    const near = (at: number) => `2001:db8:48:${at.toString(16)}::1`;
    const codes = new Map<string, number>();
    const charge = (at: number) =>
      refusalCode(chargeGuess(t.db, { ip: near(at), email: `spray${at}@example.com` }));
    for (let at = 0; at < 210; at++) {
      const code = await charge(at);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(Object.fromEntries(codes)).toEqual({ none: 200, sign_in_limited: 10 });
    expect(await tries(near(211), "spray211@example.com", "wrong-guess")).toBe("sign_in_limited");
    // Another customer's, beside it, is somebody else.
    expect(await tries("2001:db8:49::1", "spray1@example.com", "wrong-guess")).toBe("credentials_wrong");
  });

  test("letters to strangers are asked for from one customer's IPv6 so many times an hour", async () => {
    const ask = (at: number) =>
      spendLetter(t.db, { ip: `2001:db8:50:${at}::1`, email: `s${at}@example.com` });
    const asked: boolean[] = [];
    for (let at = 0; at < 82; at++) asked.push((await ask(at)).ok);
    expect([asked.filter((ok) => ok).length, asked.at(-1)]).toEqual([80, false]);
  });

  test("from many addresses they are slowed down, and the owner gets in from where they have been", async () => {
    const owner = await member();
    await owner.visitor.call((api) => api.login({ email: owner.email, password }));
    const codes: string[] = [];
    for (let at = 0; at < 55; at++) codes.push(await tries(`192.0.2.${at}`, owner.email, "wrong-guess"));
    expect(codes.slice(-3)).toEqual(Array(3).fill("sign_in_limited"));
    expect(await tries("192.0.2.250", owner.email, password)).toBe("sign_in_limited");
    expect(await tries(owner.ip, owner.email, password)).toBe("none");
  });

  test("failures from one address do not refuse the right password of those behind it", async () => {
    const shared = "203.0.113.99";
    const neighbour = await member(accounts, shared);
    await neighbour.visitor.call((api) => api.login({ email: neighbour.email, password }));
    for (let at = 0; at < 55; at++) await tries(shared, `victim${at}@example.com`, "wrong-guess");
    expect(await tries(shared, "victim99@example.com", "wrong-guess")).toBe("sign_in_limited");
    expect(await tries(shared, neighbour.email, password)).toBe("none");
  });

  test("a stolen session may not guess the password: ten a minute, for every call that asks for it", async () => {
    const { visitor } = await member();
    const codes: string[] = [];
    for (let at = 0; at < 12; at++)
      codes.push(
        await refusalCode(
          visitor.call<unknown>((api) =>
            at % 2
              ? api.twoFactor.begin({ password: "wrong-guess" })
              : api.account.changePassword({ currentPassword: "wrong-guess", newPassword: "another-one-9" }),
          ),
        ),
      );
    expect(codes).toEqual([...Array(10).fill("password_wrong"), ...Array(2).fill("sign_in_limited")]);
  });

  test("a password is hashed anew when the venue's cost has changed", async () => {
    const { email, user } = await member();
    const dearer = testAccounts(t, { bcryptCost: 5 });
    await aVisitor(t, dearer).call((api) => api.login({ email, password }));
    const row = await t.db
      .selectFrom("identity.account")
      .select("password")
      .where("user_id", "=", user.id as never)
      .executeTakeFirstOrThrow();
    expect(costOf(row.password ?? "")).toBe(5);
    expect(await tries("203.0.113.30", email, password)).toBe("none");
  });
});

describe("keys", () => {
  const withKey = async (name = "Home server") => {
    const one = await member();
    const { key, apiKey } = await one.visitor.call((api) =>
      api.apiKeys.create({ name, scopes: ["*:write"] }),
    );
    const works = async () =>
      (await authenticate(accounts, new Headers({ authorization: `Bearer ${key}` }))) !== null;
    expect(await works()).toBe(true);
    return { ...one, key, apiKey, works };
  };
  const admin = () => aUser(t, { role: "admin" });

  test("end with the password, with signing out everywhere, and with an operator's forced sign-out", async () => {
    const changed = await withKey();
    await changed.visitor.call((api) =>
      api.account.changePassword({ currentPassword: password, newPassword: "another-good-one" }),
    );
    expect(await changed.works()).toBe(false);
    const everywhere = await withKey();
    await everywhere.visitor.call((api) => api.account.endSessions({}));
    expect(await everywhere.works()).toBe(false);
    const { forceSignOut, suspend, unsuspend, changeEverywhere } = await import("./people.ts");
    const forced = await withKey();
    const hand = await admin();
    await changeEverywhere(t, accounts, (tx) => forceSignOut(tx, hand, forced.user.id as never));
    expect(await forced.works()).toBe(false);
    const shut = await withKey();
    const reason = "Under review";
    await changeEverywhere(t, accounts, (tx) => suspend(tx, hand, { id: shut.user.id as never, reason }));
    await changeEverywhere(t, accounts, (tx) => unsuspend(tx, hand, shut.user.id as never));
    expect(await shut.works()).toBe(false);
  });

  test("end with a reset of the password, and so do all older links", async () => {
    const one = await withKey();
    await one.visitor.call((api) => api.account.requestPasswordReset({ email: one.email }));
    const first = await linkTo(one.email, "reset-password");
    await one.visitor.call((api) => api.account.requestPasswordReset({ email: one.email }));
    const second = await linkTo(one.email, "reset-password");
    expect(second).not.toBe(first);
    const use = (token: string) =>
      refusalCode(
        from("203.0.113.40").call((api) =>
          api.account.resetPassword({ token, password: "a-new-password-1" }),
        ),
      );
    expect(await use(first)).toBe("link_invalid");
    expect(await use(second)).toBe("none");
    expect(await use(second)).toBe("link_invalid");
    expect(await one.works()).toBe(false);
  });

  test("prove nothing, and tell nobody whether a password is right", async () => {
    const { email, visitor } = await member();
    const { key } = await visitor.call((api) =>
      api.apiKeys.create({ name: "Guesser", scopes: ["identity:write"] }),
    );
    const script = aVisitor(t, accounts, { headers: { authorization: `Bearer ${key}` } });
    for (const guess of [password, `not of ${email}`])
      expect(await refusalCode(script.call((api) => api.account.prove({ password: guess })))).toBe(
        "session_required",
      );
    await visitor.call((api) => api.account.prove({ password }));
  });

  test("links in letters end with signing out everywhere, as keys do", async () => {
    const { email, visitor } = await member();
    await visitor.call((api) => api.account.requestPasswordReset({ email }));
    const token = await linkTo(email, "reset");
    await visitor.call((api) => api.account.endSessions({}));
    const reset = from("198.51.100.251").call((api) =>
      api.account.resetPassword({ token, password: "of-whoever-reads-the-mail-9" }),
    );
    expect(await refusalCode(reset)).toBe("link_invalid");
  });

  test("a link that was sent before the password was changed sets no other", async () => {
    const { email, visitor } = await member();
    await visitor.call((api) => api.account.requestPasswordReset({ email }));
    const token = await linkTo(email, "reset-password");
    await visitor.call((api) =>
      api.account.changePassword({ currentPassword: password, newPassword: "another-good-one" }),
    );
    expect(
      await refusalCode(
        visitor.call((api) => api.account.resetPassword({ token, password: "thief-password" })),
      ),
    ).toBe("link_invalid");
  });

  test("whoever registered another's address keeps nothing once its owner resets the password", async () => {
    const thief = await withKey();
    await thief.visitor.call((api) => api.account.changeEmail({ email: "thief@evil.example", password }));
    const toThief = await linkTo("thief@evil.example", "verify-email");
    await Bun.sleep(1_100);
    await from("203.0.113.50").call((api) => api.account.requestPasswordReset({ email: thief.email }));
    const token = await linkTo(thief.email, "reset-password");
    await from("203.0.113.50").call((api) =>
      api.account.resetPassword({ token, password: "the-owners-own" }),
    );
    expect(await thief.works()).toBe(false);
    expect(await thief.visitor.call((api) => api.me())).toEqual({ user: null });
    expect(toThief).not.toBe("");
    expect(
      await refusalCode(from("203.0.113.51").call((api) => api.account.verifyEmail({ token: toThief }))),
    ).toBe("link_invalid");
  });

  test("of an operator make no administrators, auditors or people, whatever their scopes", async () => {
    const { user } = await member();
    const hand = await admin();
    const byKey = aContext(t, accounts, { ...hand, scopes: ["*:write"] });
    const person = { email: "by-key@example.com", password, fullName: "By key", role: "admin" } as const;
    const tried = [
      byKey.users.changeRole({ id: user.id, role: "admin" }),
      byKey.users.accredit({ id: user.id, accredited: true }),
      byKey.users.create(person),
      byKey.users.unsuspend({ id: user.id }),
    ];
    expect(await Promise.all(tried.map(refusalCode))).toEqual(Array(4).fill("session_required"));
    // In person it goes: what stops the key is that it is one.
    const inPerson = aContext(t, accounts, hand);
    expect((await inPerson.users.changeRole({ id: user.id, role: "admin" })).user.role).toBe("admin");
  });

  test("nor does a session that was found open: whoever it makes or lets in would outlive it", async () => {
    const { user } = await member();
    const hand = await admin();
    const sessionId = await aSession(t, hand.id);
    const found = aContext(t, accounts, { ...hand, sessionId });
    const session = (change: { created_at?: Date; proven_at?: Date }) =>
      t.db.updateTable("identity.session").set(change).where("id", "=", sessionId).execute();
    await session({ created_at: new Date(Date.now() - 11 * 60_000) });
    const person = { email: "found-open@example.com", password, fullName: "Found", role: "admin" } as const;
    const tries = {
      create: () => found.users.create(person),
      changeRole: () => found.users.changeRole({ id: user.id, role: "cva" }),
      accredit: () => found.users.accredit({ id: user.id, accredited: true }),
      unsuspend: () => found.users.unsuspend({ id: user.id }),
    };
    for (const [name, attempt] of Object.entries(tries))
      expect([name, await refusalCode(attempt())]).toEqual([name, "proof_required"]);
    // Shutting somebody out waits for nothing: a thief gains nothing by it, and an operator may be in a hurry.
    expect(await refusalCode(found.users.suspend({ id: user.id, reason: "Under review" }))).toBe("none");
    await session({ proven_at: new Date() });
    for (const name of ["create", "changeRole", "accredit", "unsuspend"] as const)
      expect([name, await refusalCode(tries[name]())]).toEqual([name, "none"]);
  });

  test("are seen and ended by an operator, which the trail and a letter tell", async () => {
    const one = await withKey("On a lost laptop");
    const hand = await admin();
    const operator = aContext(t, accounts, hand);
    const { items } = await operator.users.keys({ id: one.user.id });
    expect(items.map(({ name }) => name)).toEqual(["On a lost laptop"]);
    await operator.users.endKey({ userId: one.user.id, id: one.apiKey.id });
    expect(await one.works()).toBe(false);
    await drain(t, accountsJobs(accounts));
    expect(sent.filter(({ to, subject }) => to === one.email && /was ended/.test(subject))).toHaveLength(1);
    const { items: trail } = await operator.audit.list({ object: one.apiKey.id });
    expect(trail[0]).toMatchObject({ action: "api_key.end", actorId: hand.id });
  });

  test("need a proof of the last ten minutes, and a letter tells of them", async () => {
    const { email, visitor, user } = await withKey("x".repeat(60));
    await drain(t, accountsJobs(accounts));
    expect(sent.filter(({ to, subject }) => to === email && /API key/.test(subject))).toHaveLength(1);
    await t.db
      .updateTable("identity.session")
      .set({ created_at: new Date(Date.now() - 11 * 60_000), proven_at: null })
      .where("user_id", "=", user.id as never)
      .execute();
    const make = (given?: string) =>
      refusalCode(
        visitor.call((api) =>
          api.apiKeys.create({ name: "Later", scopes: ["*:read"], ...(given ? { password: given } : {}) }),
        ),
      );
    expect([await make(), await make("wrong-guess"), await make(password), await make()]).toEqual([
      "proof_required",
      "password_wrong",
      "none",
      "none",
    ]);
  });

  test("neither a reset nor a change of address makes the address the password", async () => {
    const { email, visitor } = await member();
    await visitor.call((api) => api.account.requestPasswordReset({ email }));
    const token = await linkTo(email, "reset-password");
    const to = (chosen: string) =>
      refusalCode(visitor.call((api) => api.account.resetPassword({ token, password: chosen })));
    expect([await to(email), await to(email.toUpperCase())]).toEqual(["password_common", "password_common"]);
    const next = `next-${email}`;
    // The refused tries have not used the link up.
    expect(await to(next)).toBe("none");
    await visitor.call((api) => api.signIn({ email, password: next }));
    const moved = visitor.call((api) => api.account.changeEmail({ email: next, password: next }));
    expect(await refusalCode(moved)).toBe("password_common");
  });

  test("a session ends after ninety days, however often it is used", async () => {
    const { visitor, user } = await member();
    await t.db
      .updateTable("identity.session")
      .set({ created_at: new Date(Date.now() - 91 * 86_400_000) })
      .where("user_id", "=", user.id as never)
      .execute();
    const headers = visitor.headers();
    expect(await authenticate(testAccounts(t), headers)).toBeNull();
  });
});
