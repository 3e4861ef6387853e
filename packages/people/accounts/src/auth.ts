import { AsyncLocalStorage } from "node:async_hooks";
import { apiKey } from "@better-auth/api-key";
import type { Db, Tx } from "@evx/db";
import { type Id, type IdKind, newId } from "@evx/kernel";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { APIError, createEmailVerificationToken } from "better-auth/api";
import { jwt, twoFactor } from "better-auth/plugins";
import { scopedDatabase, type Within } from "./adapter.ts";
import { refuse } from "./errors.ts";
import { ourId } from "./exchange.ts";
import { type Hashing, hashOf, isPassword } from "./hashing.ts";
import { keyPrefix, newKey } from "./key-format.ts";
import { addressee, receiver, writeLetter } from "./letters.ts";
import { linkDigest } from "./link-digests.ts";
import type { AccountsPorts, AccountsSettings } from "./ports.ts";
import { type UserRow, userByEmail, userRow } from "./queries/users.ts";
import { newSigningKey, trustedKeys } from "./signing-keys.ts";

/** Seconds, as better-auth counts. */
const day_s = 86_400;

/** A session, web or API, ends after this long without use. */
export const session_s = 30 * day_s;

/** The code by which better-auth's errors say that the password was right and the account is suspended. */
export const suspendedCode = "ACCOUNT_SUSPENDED";

const kinds: Record<string, IdKind> = {
  user: "user",
  session: "session",
  account: "credential",
  apikey: "apikey",
};

/** The name of a column for a field of better-auth: `emailVerified` → `email_verified`. */
const columns = <const F extends string>(...fields: F[]): Record<F, string> =>
  Object.fromEntries(
    fields.map((field) => [field, field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]),
  ) as Record<F, string>;

/** A hash that was computed before the transaction opened, and the password that it is of; a new person's id, if it was given away. */
type Prepared = { password: string; hash: string; userId?: Id<"user"> };

/** A password that was found right before the transaction opened, and the hash it was compared with. */
type Proven = Omit<Prepared, "userId">;

/** What better-auth's callbacks need while they run in a transaction of ours. */
type Callbacks = {
  ports: AccountsPorts;
  settings: AccountsSettings;
  scoped: Db;
  currentTx: () => Tx;
  prepared: AsyncLocalStorage<Prepared>;
  proven: AsyncLocalStorage<Proven>;
  hashing: Hashing;
  inviting: WeakSet<Tx>;
};

/** An address of the web app that a letter carries. */
export const linkTo = ({ baseUrl }: AccountsSettings, page: string, token: string): string =>
  `${baseUrl}${page}?token=${encodeURIComponent(token)}`;

const loggerOf = ({ ports: { log } }: Callbacks): BetterAuthOptions["logger"] => ({
  level: "warn",
  log: (level, message) => {
    // Its warnings about wrong passwords are our audit's business, and a wrong key is a stranger's: no fault of ours.
    if (level === "error" && !message.startsWith("Failed to validate API key"))
      log.error({ from: "better-auth" }, message);
    else log.debug({ from: "better-auth" }, message);
  },
});

const verificationOf = ({ ports, settings, scoped, currentTx }: Callbacks) =>
  ({
    expiresIn: day_s,
    sendVerificationEmail: async ({ user, token }) => {
      const row = await userRow(scoped, ourId("user", user.id));
      if (row && row.email !== user.email)
        return writeNewAddress(currentTx(), { ...ports, settings }, { row, email: user.email, token });
      await writeLetter(currentTx(), ports, {
        ...receiver(row ? { ...user, name: row.full_name, locale: row.locale } : user),
        kind: "verify_email",
        link: linkTo(settings, "/verify-email", token),
      });
    },
  }) satisfies BetterAuthOptions["emailVerification"];

const passwordsOf = ({ ports, settings, scoped, currentTx, inviting, ...kept }: Callbacks) =>
  ({
    enabled: true,
    resetPasswordTokenExpiresIn: 3_600,
    revokeSessionsOnPasswordReset: true,
    sendResetPassword: async ({ user, token }) => {
      const tx = currentTx();
      const row = await userRow(scoped, ourId("user", user.id));
      if (!row) return;
      await writeLetter(tx, ports, {
        ...receiver({ ...user, locale: row.locale }),
        kind: inviting.has(tx) ? "set_password" : "reset_password",
        link: linkTo(settings, "/reset-password", token),
      });
    },
    minPasswordLength: 8,
    maxPasswordLength: 128,
    password: {
      hash: async (password) => {
        const ready = kept.prepared.getStore();
        return ready?.password === password ? ready.hash : hashOf(kept.hashing, password);
      },
      verify: async ({ hash, password }) => {
        const proven = kept.proven.getStore();
        if (proven?.password === password && proven.hash === hash) return true;
        return isPassword(kept.hashing, password, hash);
      },
    },
  }) satisfies BetterAuthOptions["emailAndPassword"];

const users = {
  fields: { name: "full_name", ...columns("emailVerified", "createdAt", "updatedAt") },
  // The first letter is ours (`writeChangeOfAddress`); what its link does is better-auth's.
  changeEmail: { enabled: true },
  additionalFields: {
    role: { type: "string", required: true },
    locale: { type: "string", required: true, defaultValue: "en" },
  },
} satisfies BetterAuthOptions["user"];

const sessions = {
  expiresIn: session_s,
  updateAge: day_s,
  fields: columns("expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId"),
  additionalFields: { kind: { type: "string", required: false, defaultValue: "web", input: false } },
} satisfies BetterAuthOptions["session"];

const credentials = {
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
} satisfies BetterAuthOptions["account"];

const hooksOf = ({ ports: { clock }, scoped }: Callbacks) =>
  ({
    user: {
      create: {
        before: async () => ({ data: { createdAt: clock.now(), updatedAt: clock.now() } }),
      },
    },
    session: {
      create: {
        // Only after the password was right, so a stranger does not learn who is suspended.
        before: async (session) => {
          const row = await userRow(scoped, ourId("user", session.userId));
          if (row?.suspended_at) throw new APIError("FORBIDDEN", { code: suspendedCode });
        },
      },
    },
  }) satisfies BetterAuthOptions["databaseHooks"];

const advancedOf = ({ settings, prepared }: Callbacks) => {
  const secure = settings.baseUrl.startsWith("https://");
  return {
    cookiePrefix: "evx",
    useSecureCookies: secure,
    defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure, path: "/" },
    ipAddress: { ipAddressHeaders: ["x-client-ip"], ipv6Subnet: 128 },
    // Our migrations are the schema, and a test reads and writes every model.
    database: {
      validateSchema: false,
      generateId: ({ model }) =>
        (model === "user" ? prepared.getStore()?.userId : undefined) ?? newId(kinds[model] ?? "token"),
    },
  } satisfies BetterAuthOptions["advanced"];
};

const accessTokens = ({ scoped, settings }: Callbacks) =>
  jwt({
    adapter: {
      getJwks: () => trustedKeys(scoped, settings.secret),
      createJwk: async (made) => newSigningKey(scoped, settings.secret, made),
    },
    disableSettingJwtHeader: true,
    jwks: {
      keyPairConfig: { alg: "EdDSA", crv: "Ed25519" },
      rotationInterval: 30 * day_s,
      gracePeriod: 2 * day_s,
    },
  });

const secondFactor = () =>
  twoFactor({
    issuer: "EV Carbon Exchange",
    schema: {
      user: { fields: columns("twoFactorEnabled") },
      twoFactor: {
        modelName: "two_factor",
        fields: columns("backupCodes", "userId", "failedVerificationCount", "lockedUntil"),
      },
    },
  });

const apiKeys = (secret: string) =>
  apiKey({
    defaultPrefix: keyPrefix,
    customKeyGenerator: () => newKey(secret),
    defaultKeyLength: 55,
    maximumNameLength: 60,
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
  });

const betterAuthOf = (callbacks: Callbacks) => {
  const { settings, scoped } = callbacks;
  return betterAuth({
    appName: "EV Carbon Exchange",
    baseURL: settings.baseUrl,
    secret: settings.secret,
    database: { db: scoped, type: "postgres", transaction: true },
    telemetry: { enabled: false },
    trustedOrigins: [...(settings.trustedOrigins ?? [])],
    rateLimit: { enabled: false },
    logger: loggerOf(callbacks),
    emailVerification: verificationOf(callbacks),
    // Who reads the database cannot use a link, and who writes to it cannot make one.
    verification: {
      storeIdentifier: { hash: linkDigest(settings.secret) },
      fields: columns("expiresAt", "createdAt", "updatedAt"),
    },
    emailAndPassword: passwordsOf(callbacks),
    user: users,
    session: sessions,
    account: credentials,
    databaseHooks: hooksOf(callbacks),
    advanced: advancedOf(callbacks),
    plugins: [accessTokens(callbacks), secondFactor(), apiKeys(settings.secret)],
  });
};

type BetterAuth = ReturnType<typeof betterAuthOf>;

/** better-auth over our database, with what its callbacks share with our verbs. */
export type Auth = Pick<Callbacks, "prepared" | "proven" | "inviting"> & {
  readonly api: BetterAuth["api"];
  readonly context: BetterAuth["$context"];
  readonly within: Within;
};

/** better-auth dates and judges links, challenges and codes by the machine's clock: so far it may be off, less than a code lasts. */
const off_ms = 15_000;

/** Refuses `server_clock_wrong` on a machine whose clock is wrong: by it a link would live on, or be over before its time. */
const needsRightClock = ({ machineAhead_ms }: Pick<AccountsPorts, "machineAhead_ms">): void => {
  if (Math.abs(machineAhead_ms?.() ?? 0) > off_ms) throw refuse("server_clock_wrong", { seconds: 30 });
};

/** What these make is dated by the database's triggers or by our clock, and they judge no time. */
const timeless: readonly PropertyKey[] = ["signUpEmail", "signInEmail", "signOut", "signJWT", "createApiKey"];

/** better-auth's functions; whichever dates or judges looks at the clock first. */
const clocked = (api: BetterAuth["api"], ports: AccountsPorts): BetterAuth["api"] =>
  new Proxy(api, {
    get(target, name) {
      if (!timeless.includes(name)) needsRightClock(ports);
      return Reflect.get(target, name);
    },
  });

/**
 * better-auth, the only place where passwords, sessions, second factors and keys are checked.
 * Its HTTP handler is not served: procedures call its `api`, so every way in passes our limits and leaves our trace.
 */
export const openAuth = (ports: AccountsPorts, settings: AccountsSettings, hashing: Hashing): Auth => {
  const { scoped, within, currentTx } = scopedDatabase(ports.db);
  const shared = {
    prepared: new AsyncLocalStorage<Prepared>(),
    proven: new AsyncLocalStorage<Proven>(),
    inviting: new WeakSet<Tx>(),
  };
  const { api, $context: context } = betterAuthOf({ ...shared, hashing, ports, settings, scoped, currentTx });
  return { ...shared, api: clocked(api, ports), context, within };
};

type AuthHandle = AccountsPorts & { auth: Auth; settings: AccountsSettings; hashing: Hashing };

/** Hashes now, and lets better-auth find the hash later: 260 ms of bcrypt must not hold a transaction open. */
export const withHash = async <T>(
  { auth, hashing }: Pick<AuthHandle, "auth" | "hashing">,
  password: string,
  work: () => Promise<T>,
): Promise<T> => {
  const hash = await hashOf(hashing, password);
  return auth.prepared.run({ password, hash }, work);
};

/**
 * Writes the letter that confirms a person's address. better-auth's own endpoint for it waits half a second to hide
 * whether an address is known; here the person is known, and a transaction must not wait.
 */
export const writeVerification = async (tx: Tx, accounts: AuthHandle, user: UserRow): Promise<void> => {
  const { settings } = accounts;
  needsRightClock(accounts);
  const token = await createEmailVerificationToken(settings.secret, user.email, undefined, day_s, {
    userId: user.id,
  });
  await writeLetter(tx, accounts, {
    ...addressee(user),
    kind: "verify_email",
    link: linkTo(settings, "/verify-email", token),
  });
};

type NewAddress = { row: UserRow; email: string; token: string };

/**
 * Writes to the address that somebody wants to change to. Where it is another person's already, they are told instead, so
 * that whoever asked sees no difference.
 */
const writeNewAddress = async (
  tx: Tx,
  ports: Pick<AuthHandle, "vault" | "settings">,
  { row, email, token }: NewAddress,
): Promise<void> => {
  const holder = await userByEmail(tx, email);
  if (holder) return writeLetter(tx, ports, { ...addressee(holder), kind: "address_wanted", link: null });
  const link = linkTo(ports.settings, "/verify-email", token);
  await writeLetter(tx, ports, { ...addressee({ ...row, email }), kind: "verify_new_email", link });
};

/**
 * Writes the first letter of a change of address: to the present one where it is confirmed, which must agree first, else
 * to the new one. better-auth's own endpoint writes nothing when somebody has the new address, which is an answer too.
 */
export const writeChangeOfAddress = async (
  tx: Tx,
  accounts: AuthHandle,
  { row, email }: Omit<NewAddress, "token">,
): Promise<void> => {
  const { settings } = accounts;
  needsRightClock(accounts);
  const requestType = row.email_verified ? "change-email-confirmation" : "change-email-verification";
  const token = await createEmailVerificationToken(settings.secret, row.email, email, day_s, {
    requestType,
    userId: row.id,
  });
  if (!row.email_verified) return writeNewAddress(tx, accounts, { row, email, token });
  const link = linkTo(settings, "/verify-email", token);
  await writeLetter(tx, accounts, { ...addressee(row), kind: "confirm_email_change", link });
};

/** Writes the letter with which somebody for whom an account was made sets their first password. */
export const writeInvitation = async (
  tx: Tx,
  { auth }: Pick<AuthHandle, "auth">,
  user: UserRow,
): Promise<void> => {
  auth.inviting.add(tx);
  await auth.within(tx, () => auth.api.requestPasswordReset({ body: { email: user.email } }));
  auth.inviting.delete(tx);
};
