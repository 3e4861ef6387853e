import type { Tx } from "@evx/db";
import { type Id, newId } from "@evx/kernel";
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import * as v from "valibot";
import { type Auth, sessionSeconds } from "./auth.ts";
import { refuse } from "./errors.ts";
import type { IdentityPorts } from "./ports.ts";
import {
  deleteSession,
  insertRefreshToken,
  lockRefreshToken,
  publicKeys,
  useRefreshToken,
} from "./queries/sessions.ts";
import { type UserRow, userRow } from "./queries/users.ts";
import { kycStatus, roleName } from "./schema.ts";
import { actorFrom, type Person } from "./users.ts";

/** An access token lives this long; suspension and sign-out end it sooner (access.ts). */
const tokenSeconds = 86_400;

const Claims = v.object({
  sub: v.string(),
  sid: v.string(),
  role: roleName,
  acc: v.boolean(),
  ver: v.boolean(),
  kyc: kycStatus,
  tfa: v.boolean(),
  exp: v.number(),
});

/** What a valid credential says: who, by which session or key, and until when. */
export type Credential = { person: Person; subjectId: string; expiresAt: number; scopes?: readonly string[] };

export const hashToken = (token: string): Buffer =>
  Buffer.from(new Bun.CryptoHasher("sha256").update(token).digest());

const freshRefreshToken = (): string =>
  `evr_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url")}`;

export const createTokens = (ports: IdentityPorts, { auth }: Pick<Auth, "auth">) => {
  let keySet: { find: ReturnType<typeof createLocalJWKSet>; readAt: number } | undefined;
  let reading: Promise<ReturnType<typeof createLocalJWKSet>> | undefined;

  const readKeys = async () => {
    const age = performance.now() - (keySet?.readAt ?? Number.NEGATIVE_INFINITY);
    // Whoever sends made-up key ids waits; the database is asked five times a second at most.
    if (age < 200) await Bun.sleep(200 - age);
    const readAt = performance.now();
    const rows = await publicKeys(ports.db);
    const find = createLocalJWKSet({
      keys: rows.map((row) => ({ ...JSON.parse(row.public_key), kid: row.id, alg: row.alg ?? "EdDSA" })),
    });
    keySet = { find, readAt };
    return find;
  };

  /** The public keys, read again when they are older than that; readers share one query. */
  const keys = async (maxAgeMs: number) => {
    if (keySet && performance.now() - keySet.readAt < maxAgeMs) return keySet.find;
    reading ??= readKeys().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const check = async (token: string, maxAgeMs: number): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, await keys(maxAgeMs), {
      algorithms: ["EdDSA"],
      issuer: ports.baseUrl,
      audience: ports.baseUrl,
      requiredClaims: ["sub", "sid", "exp", "iat"],
      currentDate: ports.clock.now(),
    });
    return payload;
  };

  return {
    /** A signed token that says who this is and what they may do, valid for 24 h. */
    async sign(user: UserRow, sessionId: string): Promise<{ token: string; expiresAt: Date }> {
      const iat = Math.floor(ports.clock.now().getTime() / 1000);
      const actor = actorFrom(user);
      const { token } = await auth.api.signJWT({
        body: {
          payload: {
            sub: actor.id,
            sid: sessionId,
            role: actor.role,
            acc: actor.accredited,
            ver: actor.emailVerified,
            kyc: actor.kycStatus,
            tfa: user.two_factor_enabled,
            iat,
            exp: iat + tokenSeconds,
          },
        },
      });
      return { token, expiresAt: new Date((iat + tokenSeconds) * 1000) };
    },

    /** What an access token says, or null when anything about it is wrong. Only our EdDSA keys count. */
    async verify(token: string): Promise<Credential | null> {
      let payload: JWTPayload;
      try {
        payload = await check(token, 600_000).catch((error: unknown) => {
          // Perhaps a key that was made a moment ago.
          if (error instanceof errors.JWKSNoMatchingKey) return check(token, 0);
          throw error;
        });
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
      const claims = v.safeParse(Claims, payload);
      if (!claims.success) return null;
      const { sub, sid, role, acc, ver, kyc, tfa, exp } = claims.output;
      return {
        person: {
          actor: { id: sub as Id<"user">, role, accredited: acc, emailVerified: ver, kycStatus: kyc },
          twoFactor: tfa,
        },
        subjectId: sid,
        expiresAt: exp * 1000,
      };
    },

    /** A refresh token of a session; only its hash is stored. */
    async openFamily(tx: Tx, sessionId: string): Promise<string> {
      const token = freshRefreshToken();
      await insertRefreshToken(tx, {
        id: newId("token"),
        session_id: sessionId,
        hash: hashToken(token),
        created_at: tx.at,
        expires_at: new Date(tx.at.getTime() + sessionSeconds * 1000),
      });
      return token;
    },

    /**
     * Takes a refresh token and gives the next one. A token that was used before ends its session and with it every
     * token made from it. Of two that come at once to two servers one wins; the other is refused without ending
     * anything, which is safe because it began before the first was done and is given nothing.
     */
    async rotate(
      tx: Tx,
      token: string,
    ): Promise<
      | { outcome: "rotated"; user: UserRow; sessionId: string; refreshToken: string }
      | { outcome: "reused"; userId: string; sessionId: string }
      | { outcome: "invalid" | "busy" | "suspended" }
    > {
      const row = await lockRefreshToken(tx, hashToken(token));
      if (!row) return { outcome: "invalid" };
      if (row.used_meanwhile) return { outcome: "busy" };
      if (row.used) {
        await deleteSession(tx, row.session_id);
        return { outcome: "reused", userId: row.user_id, sessionId: row.session_id };
      }
      const user = await userRow(tx, row.user_id);
      if (!user || row.expires_at <= tx.at) return { outcome: "invalid" };
      if (user.suspended_at) return { outcome: "suspended" };
      await useRefreshToken(tx, row, sessionSeconds);
      const refreshToken = await this.openFamily(tx, row.session_id);
      return { outcome: "rotated", user, sessionId: row.session_id, refreshToken };
    },
  };
};

export type TokenOffice = ReturnType<typeof createTokens>;

/** The refusal for a refresh that gave nothing. */
export const refreshRefusal = (outcome: "invalid" | "busy" | "suspended" | "reused") =>
  refuse(
    (
      {
        invalid: "refresh_token_invalid",
        busy: "refresh_in_progress",
        suspended: "account_suspended",
        reused: "refresh_token_reused",
      } as const
    )[outcome],
  );
