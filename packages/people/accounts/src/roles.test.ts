/** What a thief of the server's or the worker's login at the database cannot do, each tried over a login of its own. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createDb, createPool, type Db, sql } from "@evx/db";
import { ensureLogin } from "@evx/db/migrate";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { authenticate } from "./authenticate.ts";
import { changeRole } from "./people.ts";
import { trustedKeys } from "./signing-keys.ts";
import { aUser, aVisitor, testAccounts } from "./testing.ts";

const t = await testDatabase();
const rights = ["evx_serving", "evx_working"] as const;
const logins = new Map<string, { db: Db; end(): Promise<void> }>();

beforeAll(async () => {
  for (const right of [...rights, "evx_former"]) {
    const user = `login_${right}_${crypto.randomUUID().slice(0, 8)}`;
    const wanted = right === "evx_working" ? right : "evx_serving";
    const url = await ensureLogin(t.adminUrl, { user, password: "for-this-test", rights: wanted });
    // The release before logged in as a member of evx_app that was there when the migration ran.
    if (right === "evx_former") await sql.raw(`grant evx_app, evx_former to ${user}`).execute(t.admin);
    if (right === "evx_former") await sql.raw(`revoke evx_serving from ${user}`).execute(t.admin);
    const pool = createPool(url, { max: 2, name: "evx roles" });
    logins.set(right, {
      db: createDb(pool),
      end: async () => {
        await pool.end();
        await sql.raw(`drop role ${user}`).execute(t.admin);
      },
    });
  }
});
afterAll(async () => {
  for (const { end } of logins.values()) await end();
  await t.close();
});

const as = (right: string): Db => {
  const login = logins.get(right);
  if (!login) throw new Error(`No login for ${right}`);
  return login.db;
};
const run = (right: string, statement: string) => sql.raw(statement).execute(as(right));
const key = (id: string) =>
  `insert into identity.signing_key (id, public_key, private_key, created_at) values ('${id}', '{}', '{}', now())`;

const attempts = async () => {
  const { id } = await aUser(t, { role: "buyer" });
  await aUser(t, { role: "admin" });
  const fresh = newId("user");
  return {
    "makes a buyer an administrator": `update identity.user set role = 'admin' where id = '${id}'`,
    "gives somebody any other role": `update identity.user set role = 'cva' where id = '${id}'`,
    "stores a new administrator": `insert into identity.user (id, email, full_name, role, created_at, updated_at)
      values ('${fresh}', '${fresh}@evil.example', 'New', 'admin', now(), now())`,
    "asks the function by nobody's hand": `select identity.change_role(null, '${id}', 'admin', now())`,
    "asks the function by the person's own hand": `select identity.change_role('${id}', '${id}', 'admin', now())`,
    "inserts a key that signs access tokens": key(newId("signingKey")),
    "inserts a key that signs certificates":
      "insert into verification.signing_key (id, public_key, added_at) values ('rogue', 'AAAA', now())",
    "turns the guard off": "alter table identity.user disable trigger guard_role",
    "takes the owner's rights on": `set role ${(await sql<{ me: string }>`select current_user as me`.execute(t.admin)).rows[0]?.me}`,
    "writes a line of the trail around its function":
      "insert into identity.audit select * from identity.audit",
  };
};

describe("the login of", () => {
  for (const right of rights)
    test(`${right} makes no administrator, no signing key, and takes no other rights on`, async () => {
      const done: string[] = [];
      for (const [what, statement] of Object.entries(await attempts()))
        await run(right, statement).then(
          () => done.push(what),
          (error: Error) => expect(error.message).toMatch(/denied|role_is_given|unauthorised|must be owner/),
        );
      expect(done).toEqual([]);
    });

  test("evx_former, which the release before used, does both: the attempts work where nothing stands in the way", async () => {
    const { id } = await aUser(t, { role: "buyer" });
    await run("evx_former", `update identity.user set role = 'cva' where id = '${id}'`);
    await run("evx_former", key(newId("signingKey")));
    const rows = await t.db.selectFrom("identity.user").select("role").where("id", "=", id).execute();
    expect(rows).toEqual([{ role: "cva" }]);
  });

  test("evx_working lets nobody in and answers no request; evx_serving does no work of the night", async () => {
    const { id } = await aUser(t);
    const denied = (right: string, statement: string) =>
      expect(run(right, statement)).rejects.toThrow("permission denied");
    const now = "now(), now(), now()";
    await denied(
      "evx_working",
      `insert into identity.session (id, user_id, token, created_at, updated_at, expires_at) values ('ses_x', '${id}', 'x', ${now})`,
    );
    await denied("evx_working", `update identity.account set password = 'x' where user_id = '${id}'`);
    await denied("evx_working", `select identity.change_role('${id}', '${id}', 'admin', now())`);
    await denied("evx_working", "update rpc.idempotency set answer = null");
    await aUser(t, { role: "cva" });
    for (const change of [
      "email = 'thief@evil.example'",
      "suspended_at = null, suspension_reason = null",
      "accredited = true",
      "kyc_status = 'verified'",
      "two_factor_enabled = false",
    ])
      await denied("evx_working", `update identity.user set ${change}`);
    await denied("evx_working", `update identity.session set user_id = '${id}'`);
    await denied("evx_working", "update identity.session set token = 'known', proven_at = now()");
    await denied("evx_working", "update identity.refresh_token set hash = 'x'");
    await denied("evx_working", "update identity.known_place set network = 'x'");
    await denied("evx_working", `update identity.verification set value = '${id}'`);
    await denied("evx_working", "select secret from identity.two_factor");
    for (const table of ["account", "two_factor", "api_key", "refresh_token"])
      await denied("evx_working", `delete from identity.${table}`);
    await denied("evx_serving", "insert into jobs.beat (worker, at) values ('x', now())");
    await denied("evx_serving", "select log.keep_cosignature(1, 'x', 'x', now())");
  });
});

test("a link that somebody wrote into the database sets nobody's password", async () => {
  const accounts = testAccounts(t);
  const visitor = aVisitor(t, accounts);
  const person = {
    email: "linked@example.com",
    password: "a-good-password",
    fullName: "L",
    role: "buyer" as const,
  };
  await visitor.call((api) => api.register(person));
  const { id } = await t.db
    .selectFrom("identity.user")
    .select("id")
    .where("email", "=", person.email)
    .executeTakeFirstOrThrow();
  const identifier = "reset-password:known-to-the-thief";
  const hashed = new Bun.CryptoHasher("sha256").update(identifier).digest("base64url");
  for (const written of [identifier, hashed])
    await run(
      "evx_working",
      `insert into identity.verification (id, identifier, value, expires_at, created_at, updated_at)
        values ('${newId("token")}', '${written}', '${id}', now() + interval '1 hour', now(), now())`,
    );
  const token = "known-to-the-thief";
  const reset = visitor.call((api) => api.account.resetPassword({ token, password: "the-thief-chose-it" }));
  expect(await refusalCode(reset)).toBe("link_invalid");
  // The row is what better-auth by itself would take: without the guard the attack works.
  const { internalAdapter } = await accounts.auth.context;
  expect((await internalAdapter.findVerificationValue(identifier))?.value).toBe(id);
});

describe("a line of the trail", () => {
  const append = (right: string, at: string, id: string) =>
    run(
      right,
      `select identity.append_audit(3::smallint, '${id}', '${at}', null, null, 'test.act', 'obj', null, null, null, 'req')`,
    );
  const ageOf = async (id: string): Promise<number> => {
    const { rows } = await sql<{ at: Date }>`select at from identity.audit where id = ${id}`.execute(t.admin);
    return Math.abs(Date.now() - (rows[0]?.at.getTime() ?? 0));
  };

  for (const right of rights)
    test(`from ${right} has the moment at which it was written, whatever the caller says`, async () => {
      for (const at of ["2025-03-01Z", "2099-01-01Z"]) {
        const id = newId("audit");
        await append(right, at, id);
        expect(await ageOf(id)).toBeLessThan(60_000);
      }
    });

  test("from the release before keeps the moment that it was given: there the attack works", async () => {
    const id = newId("audit");
    await append("evx_former", "2025-03-01Z", id);
    expect(await ageOf(id)).toBeGreaterThan(86_400_000);
  });
});

describe("keys of access tokens", () => {
  test("a row that somebody slipped in signs nobody in, and does not keep the venue from signing", async () => {
    const own = await testDatabase();
    try {
      const accounts = testAccounts(own);
      const pair = await generateKeyPair("EdDSA", { extractable: true });
      const jwk = { ...(await exportJWK(pair.publicKey)), alg: "EdDSA" };
      const id = newId("signingKey");
      await sql`insert into identity.signing_key (id, public_key, private_key, alg, crv, created_at)
        values (${id}, ${JSON.stringify(jwk)}, '"sealed by nobody"', 'EdDSA', 'Ed25519',
          now() - interval '2 days')`.execute(own.admin);
      const admin = await aUser(own, { role: "admin" });
      const claims = {
        role: "admin",
        acc: false,
        ver: true,
        kyc: "verified",
        tfa: true,
        sid: newId("session"),
      };
      const iat = Math.floor(own.clock.now().getTime() / 1000);
      const { baseUrl } = accounts.settings;
      const token = await new SignJWT({ ...claims, sub: admin.id, iat, exp: iat + 600 })
        .setProtectedHeader({ alg: "EdDSA", kid: id })
        .setIssuer(baseUrl)
        .setAudience(baseUrl)
        .sign(pair.privateKey);
      // Whoever believed every row of the table would believe the token.
      const believing = createLocalJWKSet({ keys: [{ ...jwk, kid: id }] });
      const currentDate = own.clock.now();
      expect((await jwtVerify(token, believing, { currentDate })).payload.sub).toBe(admin.id);
      expect(await authenticate(accounts, new Headers({ authorization: `Bearer ${token}` }))).toBeNull();

      const visitor = aVisitor(own, accounts);
      const person = {
        email: "signs@example.com",
        password: "a-good-password",
        fullName: "S",
        role: "buyer" as const,
      };
      await visitor.call((api) => api.register(person));
      const signed = await visitor.call((api) => api.login(person));
      const mine = new Headers({ authorization: `Bearer ${signed.token}` });
      expect((await authenticate(accounts, mine))?.id).toBe(signed.user.id);
      expect((await trustedKeys(own.db, accounts.settings.secret)).map((one) => one.id)).not.toContain(id);
    } finally {
      await own.close();
    }
  });
});

test("a role is still given by an administrator's hand, and the last one stays", async () => {
  const admin = await aUser(t, { role: "admin" });
  const person = await aUser(t, { role: "buyer" });
  const changed = await t.transact((tx) => changeRole(tx, admin, { id: person.id, role: "cva" }));
  expect(changed.role).toBe("cva");
  expect(await refusalCode(t.transact((tx) => changeRole(tx, admin, { id: admin.id, role: "buyer" })))).toBe(
    "role_change_self",
  );
});
