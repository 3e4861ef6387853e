import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { authenticate } from "./authenticate.ts";
import { suspend } from "./people.ts";
import { aUser, aVisitor, testAccounts } from "./testing.ts";

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());
const start = t.clock.now();
afterEach(() => t.clock.set(start));
const accounts = testAccounts(t);
const password = "a-good-password";
let made = 0;

const signedIn = async (role: "ev_owner" | "buyer" | "cva" = "ev_owner") => {
  const visitor = aVisitor(t, accounts);
  const email = `token${++made}@example.com`;
  await visitor.call((api) => api.register({ email, password, fullName: "Token Holder", role }));
  const signed = await visitor.call((api) => api.login({ email, password }));
  return { ...signed, visitor, email };
};

const bearer = (token: string) => new Headers({ authorization: `Bearer ${token}` });
const who = async (token: string) => (await authenticate(accounts, bearer(token)))?.id ?? null;
const parts = (token: string) => token.split(".") as [string, string, string];
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString());

describe("access tokens", () => {
  test("login answers a token that is good for 24 h and says who", async () => {
    const { token, expiresAt, user } = await signedIn("cva");
    expect(expiresAt as unknown).toBe("2026-03-02T00:00:00.000Z");
    expect(await authenticate(accounts, bearer(token))).toEqual({
      id: user.id,
      role: "cva",
      accredited: false,
      emailVerified: false,
      kycStatus: "none",
      sessionId: decode(parts(token)[1]).sid,
    });
  });

  test("an expired token is nobody, also where it was good a moment ago", async () => {
    const { token, user } = await signedIn();
    expect(await who(token)).toBe(user.id);
    t.clock.advance(86_400_000 + 1_000);
    expect(await who(token)).toBeNull();
    expect(await authenticate(testAccounts(t), bearer(token))).toBeNull();
  });

  test("alg none, a changed claim, a changed signature and a symmetric forgery with the public key are nobody", async () => {
    const { token } = await signedIn();
    const [head, body, signature] = parts(token);
    const claims = decode(body);
    const header = decode(head);
    const { public_key } = await t.db
      .selectFrom("identity.signing_key")
      .select("public_key")
      .executeTakeFirstOrThrow();
    const forgeries = [
      `${encode({ ...header, alg: "none" })}.${body}.`,
      `${encode({ ...header, alg: "None" })}.${body}.${signature}`,
      `${encode({ alg: "none" })}.${body}.`,
      `${head}.${encode({ ...claims, role: "admin" })}.${signature}`,
      // Its first character: the last ones often are what any change would make of them.
      `${head}.${body}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
      `${head}.${body}`,
      await new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256", kid: header.kid })
        .sign(new TextEncoder().encode(public_key)),
    ];
    for (const forgery of forgeries) expect(await who(forgery)).toBeNull();
  });

  test("a token signed by any key but ours is nobody, even under our key's id or with its own key inside", async () => {
    const { token } = await signedIn();
    const [head, body] = parts(token);
    const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const header of [
      decode(head),
      { ...decode(head), jwk },
      { alg: "EdDSA", jwk },
      { alg: "EdDSA", kid: "sgk_x" },
    ]) {
      const forged = await new SignJWT({ ...decode(body), role: "admin" })
        .setProtectedHeader(header)
        .sign(privateKey);
      expect(await who(forged)).toBeNull();
    }
  });

  test("a token for another venue or made for another use is nobody", async () => {
    const { token } = await signedIn();
    const elsewhere = testAccounts(t, { baseUrl: "https://other.example" });
    expect(await authenticate(elsewhere, bearer(token))).toBeNull();
    const iat = Math.floor(t.clock.now().getTime() / 1000);
    const { token: useless } = await accounts.auth.api.signJWT({
      body: { payload: { sub: "usr_x", role: "admin", iat, exp: iat + 60 } },
    });
    expect(await who(useless)).toBeNull();
  });

  test("what is not a token at all is nobody, and never an error", async () => {
    for (const text of [
      "",
      "Bearer",
      "Bearer ",
      "Bearer a.b.c",
      "Basic YTpi",
      `Bearer ${"x".repeat(9_000)}`,
      "Bearer \u00ff",
    ])
      expect(await authenticate(accounts, new Headers({ authorization: text }))).toBeNull();
  });

  test("a header that says who it is wins over the cookie, also when it is wrong", async () => {
    const { visitor, email } = await signedIn();
    await visitor.call((api) => api.signIn({ email, password }));
    const headers = visitor.headers();
    expect(await authenticate(accounts, headers)).not.toBeNull();
    headers.set("authorization", "Bearer wrong");
    expect(await authenticate(accounts, headers)).toBeNull();
  });

  test("keys rotate: the new one signs, tokens of the old one still count, on every server", async () => {
    const before = await signedIn();
    const second = testAccounts(t);
    expect((await authenticate(second, bearer(before.token)))?.id).toBe(before.user.id);
    // A key's row cannot be changed even by the database's owner: only time itself makes it old.
    await t.admin.transaction().execute(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      await sql`update identity.signing_key set expires_at = now() - interval '1 hour'`.execute(tx);
    });
    const after = await signedIn();
    expect(decode(parts(after.token)[0]).kid).not.toBe(decode(parts(before.token)[0]).kid);
    expect(await who(before.token)).toBe(before.user.id);
    expect(await who(after.token)).toBe(after.user.id);
    expect((await authenticate(second, bearer(after.token)))?.id).toBe(after.user.id);
  });

  test("private keys are not readable in the database", async () => {
    await signedIn();
    const rows = await t.db.selectFrom("identity.signing_key").select("private_key").execute();
    for (const row of rows) expect(row.private_key).not.toContain('"d"');
  });
});

describe("refresh tokens", () => {
  test("work once and give the next one, with rights as they are now", async () => {
    const first = await signedIn("cva");
    const admin = await aUser(t, { role: "admin" });
    const { accredit } = await import("./people.ts");
    await t.transact((tx) => accredit(tx, admin, { id: first.user.id, accredited: true }));
    const second = await first.visitor.call((api) => api.refresh({ refreshToken: first.refreshToken }));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.user.accredited).toBe(true);
    expect((await authenticate(accounts, bearer(second.token)))?.accredited).toBe(true);
    const third = await first.visitor.call((api) => api.refresh({ refreshToken: second.refreshToken }));
    expect(await who(third.token)).toBe(first.user.id);
  });

  test("one that is used again ends the whole family: every refresh and access token made from it", async () => {
    const first = await signedIn();
    const again = (refreshToken: string) =>
      refusalCode(first.visitor.call((api) => api.refresh({ refreshToken })));
    const second = await first.visitor.call((api) => api.refresh({ refreshToken: first.refreshToken }));
    expect(await who(second.token)).toBe(first.user.id);
    expect(await again(first.refreshToken)).toBe("refresh_token_reused");
    expect(await again(second.refreshToken)).toBe("refresh_token_invalid");
    await Bun.sleep(40);
    expect(await who(second.token)).toBeNull();
    expect(await who(first.token)).toBeNull();
    const other = await first.visitor.call((api) => api.login({ email: first.email, password }));
    expect(await who(other.token)).toBe(first.user.id);
    const trace = await t.db
      .selectFrom("identity.audit")
      .select("action")
      .where("object", "=", first.user.id)
      .where("action", "=", "session.refresh_reused")
      .execute();
    expect(trace).toHaveLength(1);
  });

  test("of many refreshes at the same moment exactly one wins, and what it won stays good", async () => {
    const first = await signedIn();
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        first.visitor.call((api) => api.refresh({ refreshToken: first.refreshToken })),
      ),
    );
    const won = all.filter((one) => one.status === "fulfilled");
    expect(won).toHaveLength(1);
    for (const one of all)
      if (one.status === "rejected")
        expect(await refusalCode(Promise.reject(one.reason))).toBe("refresh_in_progress");
    const { refreshToken } = won[0]?.value ?? { refreshToken: "" };
    expect((await first.visitor.call((api) => api.refresh({ refreshToken }))).user.id).toBe(first.user.id);
  });

  test("at the same moment on two servers: never two winners, and the winner stays good unless the other came later", async () => {
    const servers = [accounts, testAccounts(t)].map((server) => aVisitor(t, server));
    for (let round = 0; round < 10; round++) {
      const first = await signedIn();
      const codes = await Promise.all(
        servers.map((server) =>
          server
            .call((api) => api.refresh({ refreshToken: first.refreshToken }))
            .then(
              () => "won",
              (error) => refusalCode(Promise.reject(error)),
            ),
        ),
      );
      expect(codes.filter((code) => code === "won")).toHaveLength(1);
      expect(["refresh_in_progress", "refresh_token_reused"]).toContain(
        codes.find((code) => code !== "won") ?? "",
      );
    }
  });

  test("expire after 30 days without use, and each use gives 30 more", async () => {
    const first = await signedIn();
    t.clock.advance(29 * 86_400_000);
    const second = await first.visitor.call((api) => api.refresh({ refreshToken: first.refreshToken }));
    t.clock.advance(29 * 86_400_000);
    const third = await first.visitor.call((api) => api.refresh({ refreshToken: second.refreshToken }));
    t.clock.advance(31 * 86_400_000);
    expect(
      await refusalCode(first.visitor.call((api) => api.refresh({ refreshToken: third.refreshToken }))),
    ).toBe("refresh_token_invalid");
  });

  test("that nobody issued are refused", async () => {
    const visitor = aVisitor(t, accounts);
    for (const refreshToken of [`evr_${"A".repeat(43)}`, "'; drop table identity.user; --", "x".repeat(200)])
      expect(await refusalCode(visitor.call((api) => api.refresh({ refreshToken })))).toBe(
        "refresh_token_invalid",
      );
  });

  test("of a suspended person give nothing", async () => {
    const first = await signedIn();
    const admin = await aUser(t, { role: "admin" });
    await t.transact((tx) => suspend(tx, admin, { id: first.user.id, reason: "Under review" }));
    expect(
      await refusalCode(first.visitor.call((api) => api.refresh({ refreshToken: first.refreshToken }))),
    ).toBe("refresh_token_invalid");
  });

  test("are stored as hashes only", async () => {
    const first = await signedIn();
    const rows = await t.db.selectFrom("identity.refresh_token").select("hash").execute();
    expect(rows.some((row) => row.hash.toString("utf8").includes(first.refreshToken.slice(4, 20)))).toBe(
      false,
    );
  });
});
