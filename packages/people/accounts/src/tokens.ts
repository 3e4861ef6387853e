import type { Tx } from "@evx/db";
import { type Id, idOf, minute_ms, newId, sha256 } from "@evx/kernel";
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import * as v from "valibot";
import type { Accounts } from "./accounts.ts";
import { session_s } from "./auth.ts";
import { refuse } from "./errors.ts";
import { deleteSession, insertRefreshToken, lockRefreshToken, useRefreshToken } from "./queries/sessions.ts";
import { type UserRow, userRow } from "./queries/users.ts";
import { kycStatus, roleName } from "./schema.ts";
import { trustedKeys } from "./signing-keys.ts";
import type { Credential } from "./users.ts";

/** An access token lives this long; suspension and sign-out end it sooner (access.ts). */
const token_s = 86_400;

const Claims = v.object({
  sub: idOf("user"),
  sid: idOf("session"),
  role: roleName,
  acc: v.boolean(),
  ver: v.boolean(),
  kyc: kycStatus,
  tfa: v.boolean(),
  exp: v.number(),
});

type FindKey = ReturnType<typeof createLocalJWKSet>;

/** The public keys as this server last read them. */
export type KeySet = {
  known: { find: FindKey; readAt: number } | undefined;
  reading: Promise<FindKey> | undefined;
};

export const noKeys = (): KeySet => ({ known: undefined, reading: undefined });

const readKeys = async ({
  db,
  keys,
  settings,
}: Pick<Accounts, "db" | "keys" | "settings">): Promise<FindKey> => {
  const age = performance.now() - (keys.known?.readAt ?? Number.NEGATIVE_INFINITY);
  // Whoever sends made-up key ids waits; the database is asked five times a second at most.
  if (age < 200) await Bun.sleep(200 - age);
  const readAt = performance.now();
  const trusted = await trustedKeys(db, settings.secret);
  const find = createLocalJWKSet({
    keys: trusted.map(({ id, publicKey }) => ({ ...JSON.parse(publicKey), kid: id, alg: "EdDSA" })),
  });
  keys.known = { find, readAt };
  return find;
};

/** The public keys, read again when they are older than that; readers share one query. */
const keysWithin = async (accounts: Accounts, maxAge_ms: number): Promise<FindKey> => {
  const { keys } = accounts;
  if (keys.known && performance.now() - keys.known.readAt < maxAge_ms) return keys.known.find;
  keys.reading ??= readKeys(accounts).finally(() => {
    keys.reading = undefined;
  });
  return keys.reading;
};

const check = async (accounts: Accounts, token: string, maxAge_ms: number): Promise<JWTPayload> => {
  const { settings, clock } = accounts;
  const { payload } = await jwtVerify(token, await keysWithin(accounts, maxAge_ms), {
    algorithms: ["EdDSA"],
    issuer: settings.baseUrl,
    audience: settings.baseUrl,
    requiredClaims: ["sub", "sid", "exp", "iat"],
    currentDate: clock.now(),
  });
  return payload;
};

/** A signed token that says who this is and what they may do, valid for 24 h. */
export const signToken = async (
  { auth, clock }: Pick<Accounts, "auth" | "clock">,
  user: UserRow,
  sessionId: Id<"session">,
): Promise<{ token: string; expiresAt: Date }> => {
  const iat = Math.floor(clock.now().getTime() / 1000);
  const exp = iat + token_s;
  const payload = {
    sub: user.id,
    sid: sessionId,
    role: user.role,
    acc: user.accredited,
    ver: user.email_verified,
    kyc: user.kyc_status,
    tfa: user.two_factor_enabled,
    iat,
    exp,
  };
  const { token } = await auth.api.signJWT({ body: { payload } });
  return { token, expiresAt: new Date(exp * 1000) };
};

/** What an access token says, or null when anything about it is wrong. Only our EdDSA keys count. */
export const verifyToken = async (accounts: Accounts, token: string): Promise<Credential | null> => {
  let payload: JWTPayload;
  try {
    payload = await check(accounts, token, 10 * minute_ms).catch((error: unknown) => {
      // Perhaps a key that was made a moment ago.
      if (error instanceof errors.JWKSNoMatchingKey) return check(accounts, token, 0);
      throw error;
    });
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
  const claims = v.safeParse(Claims, payload);
  if (!claims.success) return null;
  const { sub: id, sid, role, acc, ver, kyc, tfa, exp } = claims.output;
  return {
    person: {
      actor: { id, role, accredited: acc, emailVerified: ver, kycStatus: kyc },
      twoFactor: tfa,
    },
    subjectId: sid,
    expiresAt: exp * 1000,
  };
};

const hashOf = async (token: string): Promise<Buffer> => Buffer.from(await sha256(token));

/** A new refresh token of a session; only its hash is stored. */
export const addRefreshToken = async (tx: Tx, sessionId: Id<"session">): Promise<string> => {
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  const token = `evr_${random}`;
  await insertRefreshToken(tx, {
    id: newId("token"),
    session_id: sessionId,
    hash: await hashOf(token),
    created_at: tx.at,
    expires_at: new Date(tx.at.getTime() + session_s * 1000),
  });
  return token;
};

export type Rotation =
  | { outcome: "rotated"; user: UserRow; sessionId: Id<"session">; refreshToken: string }
  | { outcome: "reused"; userId: Id<"user">; sessionId: Id<"session"> }
  | { outcome: "invalid" | "busy" | "suspended" };

/**
 * Uses a refresh token up and gives the next one. A token that was used before ends its session and with it every
 * token made from it. Of two that come at once to two servers one wins; the other is refused without ending
 * anything, which is safe because it began before the first was done and is given nothing.
 */
export const rotateRefreshToken = async (tx: Tx, token: string): Promise<Rotation> => {
  const row = await lockRefreshToken(tx, await hashOf(token));
  if (!row) return { outcome: "invalid" };
  if (row.used_meanwhile) return { outcome: "busy" };
  if (row.used) {
    await deleteSession(tx, row.session_id);
    return { outcome: "reused", userId: row.user_id, sessionId: row.session_id };
  }
  const user = await userRow(tx, row.user_id);
  if (!user || row.expires_at <= tx.at || row.session_expires_at <= tx.at) return { outcome: "invalid" };
  if (user.suspended_at) return { outcome: "suspended" };
  await useRefreshToken(tx, row, session_s);
  const refreshToken = await addRefreshToken(tx, row.session_id);
  return { outcome: "rotated", user, sessionId: row.session_id, refreshToken };
};

const refusalOf = {
  invalid: "refresh_token_invalid",
  busy: "refresh_in_progress",
  suspended: "account_suspended",
  reused: "refresh_token_reused",
} as const;

/** The refusal for a refresh that gave nothing. */
export const refreshRefusal = (outcome: keyof typeof refusalOf) => refuse(refusalOf[outcome]);
