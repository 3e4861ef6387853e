import { AsyncLocalStorage } from "node:async_hooks";
import { apiKey } from "@better-auth/api-key";
import type { Tx } from "@evx/db";
import { type IdKind, newId } from "@evx/kernel";
import { betterAuth } from "better-auth";
import { APIError, createEmailVerificationToken } from "better-auth/api";
import { jwt, twoFactor } from "better-auth/plugins";
import { scopedDatabase } from "./adapter.ts";
import { keyPrefix, newKey } from "./key-format.ts";
import { type Letters, receiver } from "./letters.ts";
import type { IdentityPorts } from "./ports.ts";
import { type UserRow, userRow } from "./queries/users.ts";

const day = 86_400;

/** A session, web or API, ends after this long without use. */
export const sessionSeconds = 30 * day;

/** The code by which better-auth's errors say that the password was right and the account is suspended. */
export const suspendedCode = "ACCOUNT_SUSPENDED";

const kinds: Record<string, IdKind> = {
  user: "user",
  session: "session",
  account: "credential",
  jwks: "signingKey",
  apikey: "apikey",
};

/** The name of a column for a field of better-auth: `emailVerified` → `email_verified`. */
const columns = <const F extends string>(...fields: F[]): Record<F, string> =>
  Object.fromEntries(
    fields.map((field) => [field, field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]),
  ) as Record<F, string>;

/**
 * better-auth, the only place where passwords, sessions, second factors and keys are checked.
 * Its HTTP handler is not served: procedures call `auth.api`, so every way in passes our limits and leaves our trace.
 */
export const createAuth = (ports: IdentityPorts, letters: Letters) => {
  const { scoped, within, currentTx } = scopedDatabase(ports.db);
  const secure = ports.baseUrl.startsWith("https://");
  const cost = ports.bcryptCost ?? 12;
  const linkTo = (page: string, token: string) =>
    `${ports.baseUrl}${page}?token=${encodeURIComponent(token)}`;
  const prepared = new AsyncLocalStorage<{ password: string; hash: string }>();
  const inviting = new WeakSet<Tx>();
  const hashOf = (password: string) => Bun.password.hash(password, { algorithm: "bcrypt", cost });

  const auth = betterAuth({
    appName: "EV Carbon Exchange",
    baseURL: ports.baseUrl,
    secret: ports.secret,
    database: { db: scoped, type: "postgres", transaction: true },
    telemetry: { enabled: false },
    trustedOrigins: [...(ports.trustedOrigins ?? [])],
    rateLimit: { enabled: false },
    logger: {
      level: "warn",
      log: (level, message) => {
        // Its warnings about wrong passwords are our audit's business.
        if (level === "error") ports.log.error({ from: "better-auth" }, message);
        else ports.log.debug({ from: "better-auth" }, message);
      },
    },
    emailVerification: {
      expiresIn: day,
      sendVerificationEmail: async ({ user, token }) => {
        const row = await userRow(scoped, user.id);
        await letters.write(currentTx(), {
          ...receiver(row ? { ...user, name: row.full_name, locale: row.locale } : user),
          kind: row && row.email !== user.email ? "verify_new_email" : "verify_email",
          link: linkTo("/verify-email", token),
        });
      },
    },
    // Reset tokens are stored as hashes: who reads the database cannot use them.
    verification: { storeIdentifier: "hashed", fields: columns("expiresAt", "createdAt", "updatedAt") },
    emailAndPassword: {
      enabled: true,
      resetPasswordTokenExpiresIn: 3_600,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) => {
        const tx = currentTx();
        const row = await userRow(scoped, user.id);
        if (!row) return;
        await letters.write(tx, {
          ...receiver({ ...user, locale: row.locale }),
          kind: inviting.has(tx) ? "set_password" : "reset_password",
          link: linkTo("/reset-password", token),
        });
      },
      minPasswordLength: 8,
      maxPasswordLength: 128,
      password: {
        hash: async (password) => {
          const ready = prepared.getStore();
          return ready?.password === password ? ready.hash : hashOf(password);
        },
        verify: ({ hash, password }) => Bun.password.verify(password, hash),
      },
    },
    user: {
      fields: { name: "full_name", ...columns("emailVerified", "createdAt", "updatedAt") },
      changeEmail: {
        enabled: true,
        sendChangeEmailConfirmation: async ({ user, token }) => {
          const row = await userRow(scoped, user.id);
          await letters.write(currentTx(), {
            ...receiver({ ...user, locale: row?.locale }),
            kind: "confirm_email_change",
            link: linkTo("/verify-email", token),
          });
        },
      },
      additionalFields: {
        role: { type: "string", required: true },
        locale: { type: "string", required: true, defaultValue: "en" },
      },
    },
    session: {
      expiresIn: sessionSeconds,
      updateAge: day,
      fields: columns("expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId"),
      additionalFields: { kind: { type: "string", required: false, defaultValue: "web", input: false } },
    },
    account: {
      fields: columns(
        "accountId",
        "providerId",
        "userId",
        "accessToken",
        "refreshToken",
        "idToken",
        "accessTokenExpiresAt",
        "refreshTokenExpiresAt",
        "createdAt",
        "updatedAt",
      ),
    },
    databaseHooks: {
      user: {
        create: {
          before: async () => ({ data: { createdAt: ports.clock.now(), updatedAt: ports.clock.now() } }),
        },
      },
      session: {
        create: {
          // Only after the password was right, so a stranger does not learn who is suspended.
          before: async (session) => {
            const row = await userRow(scoped, session.userId);
            if (row?.suspended_at) throw new APIError("FORBIDDEN", { code: suspendedCode });
          },
        },
      },
    },
    advanced: {
      cookiePrefix: "evx",
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure, path: "/" },
      ipAddress: { ipAddressHeaders: ["x-client-ip"], ipv6Subnet: 128 },
      // Our migrations are the schema, and a test reads and writes every model.
      database: { validateSchema: false, generateId: ({ model }) => newId(kinds[model] ?? "token") },
    },
    plugins: [
      jwt({
        disableSettingJwtHeader: true,
        jwks: {
          keyPairConfig: { alg: "EdDSA", crv: "Ed25519" },
          rotationInterval: 30 * day,
          gracePeriod: 2 * day,
        },
        schema: {
          jwks: {
            modelName: "signing_key",
            fields: columns("publicKey", "privateKey", "createdAt", "expiresAt"),
          },
        },
      }),
      twoFactor({
        issuer: "EV Carbon Exchange",
        schema: {
          user: { fields: columns("twoFactorEnabled") },
          twoFactor: {
            modelName: "two_factor",
            fields: columns("backupCodes", "userId", "failedVerificationCount", "lockedUntil"),
          },
        },
      }),
      apiKey({
        defaultPrefix: keyPrefix,
        customKeyGenerator: () => newKey(ports.secret),
        defaultKeyLength: 55,
        keyExpiration: { minExpiresIn: 1, maxExpiresIn: 366 },
        rateLimit: { enabled: false },
        enableMetadata: false,
        schema: {
          apikey: {
            modelName: "api_key",
            fields: columns(
              "configId",
              "referenceId",
              "refillInterval",
              "refillAmount",
              "lastRefillAt",
              "rateLimitEnabled",
              "rateLimitTimeWindow",
              "rateLimitMax",
              "requestCount",
              "lastRequest",
              "expiresAt",
              "createdAt",
              "updatedAt",
            ),
          },
        },
      }),
    ],
  });

  /** Hashes now, and lets better-auth find the hash later: 260 ms of bcrypt must not hold a transaction open. */
  const withHash = async <T>(password: string, work: () => Promise<T>): Promise<T> => {
    const hash = await hashOf(password);
    return prepared.run({ password, hash }, work);
  };

  /**
   * Writes the letter that confirms a person's address. better-auth's own endpoint for it waits half a second to hide
   * whether an address is known; here the person is known, and a transaction must not wait.
   */
  const verificationLetter = async (tx: Tx, user: UserRow): Promise<void> => {
    const token = await createEmailVerificationToken(ports.secret, user.email, undefined, day, {
      userId: user.id,
    });
    await letters.write(tx, {
      ...receiver({ email: user.email, name: user.full_name, locale: user.locale }),
      kind: "verify_email",
      link: linkTo("/verify-email", token),
    });
  };

  /** Writes the letter with which somebody for whom an account was made sets their first password. */
  const invitation = async (tx: Tx, user: UserRow): Promise<void> => {
    inviting.add(tx);
    await within(tx, () => auth.api.requestPasswordReset({ body: { email: user.email } }));
    inviting.delete(tx);
  };

  return { auth, within, withHash, verificationLetter, invitation };
};

export type Auth = ReturnType<typeof createAuth>;
