import { afterAll, describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { authenticate } from "./authenticate.ts";
import { aVisitor, testAccounts } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());
const accounts = testAccounts(t);
const password = "a-good-password";
let made = 0;

/** Six digits as an authenticator shows them (RFC 6238), computed here and not by the library under test. */
const digits = (uri: string, stepsAhead = 0): string => {
  const base32 = new URL(uri).searchParams.get("secret") ?? "";
  const bits = [...base32].map((char) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(char).toString(2).padStart(5, "0"),
  );
  const key = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  const now = performance.timeOrigin + performance.now();
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000) + stepsAhead));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = (mac[19] as number) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
};

const protectedAccount = async () => {
  const email = `second${++made}@example.com`;
  const visitor = aVisitor(t, accounts, { ip: `192.0.2.${made}` });
  await visitor.call((api) => api.signUp({ email, password, fullName: "Careful", role: "cva" }));
  const { uri, recoveryCodes } = await visitor.call((api) => api.twoFactor.begin({ password }));
  // The one before is good as well, and leaves this moment's for the tests: each is taken once.
  await visitor.call((api) => api.twoFactor.confirm({ code: digits(uri, -1) }));
  return { email, visitor, uri, recoveryCodes };
};
const stranger = () => aVisitor(t, accounts, { ip: `192.0.2.${200 + (++made % 50)}` });

describe("two-step sign-in", () => {
  test("holds only once the authenticator's digits were right", async () => {
    const email = `second${++made}@example.com`;
    const visitor = aVisitor(t, accounts);
    await visitor.call((api) => api.signUp({ email, password, fullName: "Careful", role: "buyer" }));
    expect(await refusalCode(visitor.call((api) => api.twoFactor.begin({ password: "guess" })))).toBe(
      "password_wrong",
    );
    const { uri, recoveryCodes } = await visitor.call((api) => api.twoFactor.begin({ password }));
    expect(uri).toStartWith("otpauth://totp/EV%20Carbon%20Exchange:");
    expect(recoveryCodes).toHaveLength(10);
    const wrong = String((Number(digits(uri)) + 1) % 1_000_000).padStart(6, "0");
    expect(await refusalCode(visitor.call((api) => api.twoFactor.confirm({ code: wrong })))).toBe(
      "two_factor_code_wrong",
    );
    expect((await stranger().call((api) => api.login({ email, password }))).user.twoFactorEnabled).toBe(
      false,
    );
    await visitor.call((api) => api.twoFactor.confirm({ code: digits(uri) }));
    expect((await visitor.call((api) => api.me())).user?.twoFactorEnabled).toBe(true);
    expect(await refusalCode(visitor.call((api) => api.twoFactor.confirm({ code: digits(uri) })))).toBe(
      "two_factor_on_already",
    );
  });

  test("asks for the digits after the right password only; neither step alone opens a session", async () => {
    const { email, uri } = await protectedAccount();
    const thief = stranger();
    expect(await refusalCode(thief.call((api) => api.signIn({ email, password })))).toBe(
      "two_factor_required",
    );
    expect(thief.cookies.has("evx.session_token")).toBe(false);
    expect(
      await refusalCode(thief.call((api) => api.signIn({ email, password: "guess", code: digits(uri) }))),
    ).toBe("credentials_wrong");
    expect(await refusalCode(thief.call((api) => api.signIn({ email, password, code: "000000" })))).toBe(
      "two_factor_wrong",
    );
    expect(await thief.call((api) => api.me())).toEqual({ user: null });
    const own = stranger();
    await own.call((api) => api.signIn({ email, password, code: digits(uri) }));
    expect((await own.call((api) => api.me())).user?.email).toBe(email);
  });

  test("guards the API's login as well", async () => {
    const { email, uri } = await protectedAccount();
    expect(await refusalCode(stranger().call((api) => api.login({ email, password })))).toBe(
      "two_factor_required",
    );
    const { token, refreshToken } = await stranger().call((api) =>
      api.login({ email, password, code: digits(uri) }),
    );
    expect(await authenticate(accounts, new Headers({ authorization: `Bearer ${token}` }))).not.toBeNull();
    expect((await stranger().call((api) => api.refresh({ refreshToken }))).user.email).toBe(email);
  });

  test("the code that turned it on signs nobody in who looked on", async () => {
    const email = `second${++made}@example.com`;
    const visitor = aVisitor(t, accounts, { ip: `192.0.2.${made}` });
    await visitor.call((api) => api.signUp({ email, password, fullName: "Careful", role: "buyer" }));
    const { uri } = await visitor.call((api) => api.twoFactor.begin({ password }));
    const code = digits(uri);
    await visitor.call((api) => api.twoFactor.confirm({ code }));
    expect(await refusalCode(stranger().call((api) => api.login({ email, password, code })))).toBe(
      "two_factor_wrong",
    );
  });

  test("a recovery code signs in once", async () => {
    const { email, recoveryCodes } = await protectedAccount();
    const code = recoveryCodes[0] as string;
    expect((await stranger().call((api) => api.login({ email, password, code }))).user.email).toBe(email);
    expect(await refusalCode(stranger().call((api) => api.login({ email, password, code })))).toBe(
      "two_factor_wrong",
    );
  });

  test("wrong digits count as failed attempts and lock the guesser out", async () => {
    const { email, uri } = await protectedAccount();
    const guesser = aVisitor(t, accounts, { ip: "192.0.2.250" });
    const codes: string[] = [];
    for (let guess = 0; guess < 11; guess++)
      codes.push(await refusalCode(guesser.call((api) => api.login({ email, password, code: "111111" }))));
    expect(codes.at(-1)).toBe("sign_in_limited");
    expect(await refusalCode(guesser.call((api) => api.login({ email, password, code: digits(uri) })))).toBe(
      "sign_in_limited",
    );
  });

  test("new recovery codes replace the old; turning it off needs the password", async () => {
    const { email, visitor, recoveryCodes } = await protectedAccount();
    const fresh = await visitor.call((api) => api.twoFactor.recoveryCodes({ password }));
    expect(fresh.recoveryCodes).not.toEqual(recoveryCodes);
    const old = recoveryCodes[0] as string;
    expect(await refusalCode(stranger().call((api) => api.login({ email, password, code: old })))).toBe(
      "two_factor_wrong",
    );
    expect(await refusalCode(visitor.call((api) => api.twoFactor.disable({ password: "guess" })))).toBe(
      "password_wrong",
    );
    await visitor.call((api) => api.twoFactor.disable({ password }));
    expect((await stranger().call((api) => api.login({ email, password }))).user.email).toBe(email);
    expect(await refusalCode(visitor.call((api) => api.twoFactor.disable({ password })))).toBe(
      "two_factor_off_already",
    );
  });

  test("secrets and recovery codes are not readable in the database", async () => {
    const { uri, recoveryCodes } = await protectedAccount();
    const rows = JSON.stringify(await t.db.selectFrom("identity.two_factor").selectAll().execute());
    expect(rows).not.toContain(new URL(uri).searchParams.get("secret") as string);
    for (const code of recoveryCodes) expect(rows).not.toContain(code);
  });
});
