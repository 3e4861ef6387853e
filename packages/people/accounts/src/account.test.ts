import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { refusalCode } from "@evx/kernel/testing";
import { authenticate } from "./authenticate.ts";
import { accountsJobs } from "./jobs.ts";
import type { Letter } from "./ports.ts";
import { createUser } from "./registration.ts";
import { aUser, aVisitor, testAccounts, type Visitor } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());
let sent: Letter[] = [];
let postIsAway = false;
const accounts = testAccounts(t, {
  letters: {
    send: async (letter) => {
      if (postIsAway) throw new Error("the mail server is away");
      sent.push(letter);
    },
  },
});
const handlers = accountsJobs(accounts);
const post = async (): Promise<Letter[]> => {
  await drain(t, handlers);
  return sent;
};
beforeEach(async () => {
  await post();
  sent = [];
});

const password = "a-good-password";
let made = 0;
const newcomer = async (ip = "203.0.113.20"): Promise<{ visitor: Visitor; email: string; id: string }> => {
  const email = `account${++made}@example.com`;
  const visitor = aVisitor(t, accounts, { ip });
  const { user } = await visitor.call((api) =>
    api.signUp({ email, password, fullName: "Trần Văn Nam", role: "ev_owner", locale: "vi" }),
  );
  return { visitor, email, id: user.id };
};
const tokenOf = (letter: Letter | undefined): string =>
  new URL(letter?.link ?? "http://none/").searchParams.get("token") ?? "";
const nobody = () => aVisitor(t, accounts, { ip: "203.0.113.21" });
const canSignIn = async (email: string, tried: string) =>
  (await refusalCode(
    aVisitor(t, accounts, { ip: `10.0.${made % 250}.${++made % 250}` }).call((api) =>
      api.login({ email, password: tried }),
    ),
  )) === "none";

describe("confirming an address", () => {
  test("a new account gets a letter in its language; its link confirms the address, once or twice", async () => {
    const { visitor, email } = await newcomer();
    const [letter] = await post();
    expect(letter).toMatchObject({ to: email, locale: "vi", subject: "Xác nhận địa chỉ email của bạn" });
    expect(letter?.message).toContain("Trần Văn Nam");
    expect(letter?.link).toStartWith("http://localhost:4500/verify-email?token=");
    expect((await visitor.call((api) => api.me())).user?.emailVerified).toBe(false);
    const token = tokenOf(letter);
    expect(await nobody().call((api) => api.account.verifyEmail({ token }))).toEqual({
      done: true,
      next: "done",
    });
    await nobody().call((api) => api.account.verifyEmail({ token }));
    expect((await visitor.call((api) => api.me())).user?.emailVerified).toBe(true);
    expect((await authenticate(accounts, visitor.headers()))?.emailVerified).toBe(true);
    expect(await refusalCode(visitor.call((api) => api.account.sendVerification()))).toBe(
      "email_verified_already",
    );
  });

  test("a link that was altered, made up or signed with another key confirms nothing", async () => {
    const { visitor } = await newcomer();
    const [letter] = await post();
    const token = tokenOf(letter);
    for (const bad of [`${token}x`, token.slice(0, -3), "not.a.token", "aaaaaaaa", "💥💥💥💥"])
      expect(await refusalCode(nobody().call((api) => api.account.verifyEmail({ token: bad })))).toBe(
        "link_invalid",
      );
    expect((await visitor.call((api) => api.me())).user?.emailVerified).toBe(false);
  });

  test("the letter can be asked for again, five times an hour", async () => {
    const { visitor } = await newcomer("203.0.113.30");
    for (let time = 0; time < 5; time++) await visitor.call((api) => api.account.sendVerification());
    expect(await refusalCode(visitor.call((api) => api.account.sendVerification()))).toBe("letters_limited");
    expect(await post()).toHaveLength(6);
  });
});

describe("letters", () => {
  test("wait while the mail server is away, and none is lost", async () => {
    postIsAway = true;
    const { email } = await newcomer();
    for (let minute = 0; minute < 30; minute++) {
      await post();
      t.clock.advance(60_000);
    }
    expect(sent).toEqual([]);
    postIsAway = false;
    t.clock.advance(16 * 60_000);
    expect((await post()).map((letter) => letter.to)).toEqual([email]);
  });

  test("wait encrypted: neither outbox nor job table shows a link that opens an account", async () => {
    await newcomer();
    await nobody().call((api) => api.account.requestPasswordReset({ email: `account${made}@example.com` }));
    const rows = await t.db.selectFrom("jobs.outbox").select("payload").execute();
    expect(JSON.stringify(rows)).not.toContain("token=");
    expect(rows.length).toBeGreaterThan(0);
  });
});

describe("a forgotten password", () => {
  const askFor = (email: string) => nobody().call((api) => api.account.requestPasswordReset({ email }));

  test("is set anew by a letter's link, once; every session ends and the address counts as confirmed", async () => {
    const { visitor, email } = await newcomer();
    await post();
    sent = [];
    await askFor(email);
    const [letter] = await post();
    expect(letter?.subject).toBe("Đặt mật khẩu mới");
    const token = tokenOf(letter);
    await nobody().call((api) => api.account.resetPassword({ token, password: "another-password" }));
    expect(await visitor.call((api) => api.me())).toEqual({ user: null });
    expect(await canSignIn(email, password)).toBe(false);
    expect(await canSignIn(email, "another-password")).toBe(true);
    const again = nobody().call((api) => api.account.resetPassword({ token, password: "third-password" }));
    expect(await refusalCode(again)).toBe("link_invalid");
    expect((await post()).at(-1)?.subject).toBe("Mật khẩu của bạn đã được đổi");
    const row = await t.db
      .selectFrom("identity.user")
      .select("email_verified")
      .where("email", "=", email)
      .executeTakeFirst();
    expect(row?.email_verified).toBe(true);
  });

  test("the answer is the same for an address that nobody has, and no letter goes there", async () => {
    const { email } = await newcomer();
    await post();
    sent = [];
    expect(await askFor(email)).toEqual(await askFor("nobody-at-all@example.com"));
    expect((await post()).map((letter) => letter.to)).toEqual([email]);
  });

  test("a link works for an hour", async () => {
    const { email } = await newcomer();
    await post();
    sent = [];
    await askFor(email);
    const [letter] = await post();
    await t.admin
      .updateTable("identity.verification")
      .set({ expires_at: new Date("2026-01-01") })
      .execute();
    const late = nobody().call((api) =>
      api.account.resetPassword({ token: tokenOf(letter), password: "another-one" }),
    );
    expect(await refusalCode(late)).toBe("link_invalid");
    expect(await canSignIn(email, password)).toBe(true);
  });

  test("the stored form of a link cannot be used as one", async () => {
    const { email } = await newcomer();
    await askFor(email);
    await post();
    const { identifier } = await t.db
      .selectFrom("identity.verification")
      .select("identifier")
      .orderBy("created_at", "desc")
      .executeTakeFirstOrThrow();
    for (const token of [identifier, identifier.replace("reset-password:", "")])
      expect(
        await refusalCode(
          nobody().call((api) => api.account.resetPassword({ token, password: "stolen-one" })),
        ),
      ).toBe("link_invalid");
  });

  test("an account that an administrator makes starts with a letter to set its password", async () => {
    const admin = await aUser(t, { role: "admin" });
    const context = { request: { headers: new Headers(), ip: "203.0.113.40" }, transact: t.transact };
    const input = {
      email: "invited@example.com",
      fullName: "Invited",
      role: "cva" as const,
      locale: "en" as const,
    };
    await createUser(context, accounts, admin, input);
    const letters = await post();
    expect(letters.map((letter) => letter.subject)).toEqual(["Your account at EV Carbon Exchange"]);
    const token = tokenOf(letters[0]);
    await nobody().call((api) => api.account.resetPassword({ token, password: "my-own-password" }));
    expect(await canSignIn("invited@example.com", "my-own-password")).toBe(true);
  });
});

describe("a change of password", () => {
  test("needs the present one, ends all other sessions and keeps this one", async () => {
    const { visitor, email } = await newcomer();
    const other = aVisitor(t, accounts);
    await other.call((api) => api.signIn({ email, password }));
    const wrong = visitor.call((api) =>
      api.account.changePassword({ currentPassword: "guess", newPassword: "fresh-password" }),
    );
    expect(await refusalCode(wrong)).toBe("password_wrong");
    expect((await other.call((api) => api.me())).user).not.toBeNull();
    await visitor.call((api) =>
      api.account.changePassword({ currentPassword: password, newPassword: "fresh-password" }),
    );
    expect((await other.call((api) => api.me())).user).toBeNull();
    expect((await visitor.call((api) => api.me())).user?.email).toBe(email);
    expect(await canSignIn(email, password)).toBe(false);
    expect(await canSignIn(email, "fresh-password")).toBe(true);
  });
});

describe("a change of address", () => {
  test("is agreed to at the old address, confirmed at the new one, and both are told", async () => {
    const { visitor, email } = await newcomer();
    const [first] = await post();
    await nobody().call((api) => api.account.verifyEmail({ token: tokenOf(first) }));
    sent = [];
    const wanted = `new-${email}`;
    expect(
      await refusalCode(visitor.call((api) => api.account.changeEmail({ email: wanted, password: "guess" }))),
    ).toBe("password_wrong");
    expect(await refusalCode(visitor.call((api) => api.account.changeEmail({ email, password })))).toBe(
      "email_unchanged",
    );
    await visitor.call((api) => api.account.changeEmail({ email: wanted, password }));
    const [agree] = await post();
    expect(agree?.to).toBe(email);
    const agreed = await nobody().call((api) => api.account.verifyEmail({ token: tokenOf(agree) }));
    expect(agreed.next).toBe("new_address");
    const confirm = (await post()).at(-1);
    expect(confirm).toMatchObject({ to: wanted, subject: "Xác nhận địa chỉ email mới" });
    expect((await visitor.call((api) => api.me())).user?.email).toBe(email);
    await nobody().call((api) => api.account.verifyEmail({ token: tokenOf(confirm) }));
    expect((await visitor.call((api) => api.me())).user).toMatchObject({
      email: wanted,
      emailVerified: true,
    });
    expect((await post()).at(-1)).toMatchObject({ to: email, subject: "Địa chỉ email của bạn đã được đổi" });
    expect(await canSignIn(wanted, password)).toBe(true);
    expect(await canSignIn(email, password)).toBe(false);
    // The link of the finished change cannot be played again.
    expect(
      await refusalCode(nobody().call((api) => api.account.verifyEmail({ token: tokenOf(confirm) }))),
    ).toBe("link_invalid");
  });

  test("to an address that somebody has answers as always, tells its owner alone and changes nothing", async () => {
    const { email: taken } = await newcomer();
    const { visitor, email } = await newcomer();
    await post();
    sent = [];
    expect(await visitor.call((api) => api.account.changeEmail({ email: taken, password }))).toEqual({
      done: true,
    });
    expect(await post()).toMatchObject([{ to: taken, link: null }]);
    expect((await visitor.call((api) => api.me())).user?.email).toBe(email);
  });

  test("to an address that was taken while the letter was on its way is refused", async () => {
    const { visitor, email } = await newcomer();
    await post();
    sent = [];
    const wanted = `late-${email}`;
    await visitor.call((api) => api.account.changeEmail({ email: wanted, password }));
    const [confirm] = await post();
    await nobody().call((api) =>
      api.register({ email: wanted, password, fullName: "Faster", role: "buyer" }),
    );
    expect(
      await refusalCode(nobody().call((api) => api.account.verifyEmail({ token: tokenOf(confirm) }))),
    ).toBe("email_taken");
  });
});

describe("sessions", () => {
  test("are listed with where they come from, and can be ended one by one or all at once", async () => {
    const { visitor, email, id } = await newcomer();
    const phone = aVisitor(t, accounts, { ip: "198.51.100.77", headers: { "user-agent": "Phone/1.0" } });
    await phone.call((api) => api.signIn({ email, password }));
    const { token } = await phone.call((api) => api.login({ email, password }));
    const { items } = await visitor.call((api) => api.account.sessions());
    expect(items).toHaveLength(3);
    expect(items.filter((one) => one.current)).toHaveLength(1);
    expect(items.find((one) => one.kind === "web" && !one.current)).toMatchObject({
      ip: "198.51.100.77",
      userAgent: "Phone/1.0",
    });
    const api = items.find((one) => one.kind === "api");
    expect((await authenticate(accounts, new Headers({ authorization: `Bearer ${token}` })))?.id).toBe(
      id as never,
    );
    await visitor.call((call) => call.account.endSession({ id: api?.id ?? "ses_" }));
    expect(await authenticate(accounts, new Headers({ authorization: `Bearer ${token}` }))).toBeNull();
    expect(await visitor.call((call) => call.account.endSessions({}))).toEqual({ sessions: 1 });
    expect((await phone.call((call) => call.me())).user).toBeNull();
    expect((await visitor.call((call) => call.me())).user).not.toBeNull();
    await visitor.call((call) => call.account.endSessions({ alsoThis: true }));
    expect([...visitor.cookies.keys()]).toEqual(["evx_device"]);
  });

  test("of another person cannot be ended, nor learnt about", async () => {
    const victim = await newcomer();
    const [own] = (await victim.visitor.call((api) => api.account.sessions())).items;
    const { visitor } = await newcomer();
    const attempt = visitor.call((api) => api.account.endSession({ id: own?.id ?? "ses_" }));
    expect(await refusalCode(attempt)).toBe("session_not_found");
    expect((await victim.visitor.call((api) => api.me())).user).not.toBeNull();
  });
});
