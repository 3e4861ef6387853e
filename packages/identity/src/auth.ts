import { apiKey } from "@better-auth/api-key";
import { type IdKind, newId } from "@evx/kernel";
import { betterAuth } from "better-auth";
import { jwt, twoFactor } from "better-auth/plugins";
import { scopedDatabase } from "./adapter.ts";
import type { IdentityPorts } from "./ports.ts";

const day = 86_400;

/** A session, web or API, ends after this long without use. */
export const sessionSeconds = 30 * day;

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
export const createAuth = (ports: IdentityPorts) => {
  const { scoped, within } = scopedDatabase(ports.db);
  const secure = ports.baseUrl.startsWith("https://");
  const cost = ports.bcryptCost ?? 12;

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
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      password: {
        hash: (password) => Bun.password.hash(password, { algorithm: "bcrypt", cost }),
        verify: ({ hash, password }) => Bun.password.verify(password, hash),
      },
    },
    user: {
      fields: { name: "full_name", ...columns("emailVerified", "createdAt", "updatedAt") },
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
    verification: { fields: columns("expiresAt", "createdAt", "updatedAt") },
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
        jwks: { keyPairConfig: { alg: "EdDSA", crv: "Ed25519" }, rotationInterval: 30 * day, gracePeriod: 2 * day },
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
        defaultPrefix: "evx_",
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
  return { auth, within };
};

export type Auth = ReturnType<typeof createAuth>["auth"];
