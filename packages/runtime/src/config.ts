import { type Currency, isCurrency } from "@evx/kernel";
import * as v from "valibot";
import { gatewaySettings, gatewaysWhole } from "./gateways.ts";
import { messageSettings, messagesWhole } from "./messages.ts";
import { easySentence, isHardToGuess, partsOf, secretsApart } from "./secrets.ts";
import { notPublished, ownToken, unpublished } from "./settings.ts";

const whole = (initial: number) =>
  v.optional(
    v.pipe(v.string(), v.regex(/^\d+$/, "must be a whole number"), v.transform(Number)),
    String(initial),
  );

const flag = (initial: boolean) =>
  v.optional(
    v.pipe(
      v.picklist(["0", "1", "true", "false"], "must be 1 or 0"),
      v.transform((text) => text === "1" || text === "true"),
    ),
    initial ? "1" : "0",
  );

const list = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  ),
  "",
);

/**
 * In development a setting may have a default that would be unsafe in production. Several secrets stand between commas,
 * the present one first; each must be long enough, and hard to guess.
 */
const secret = (name: string, production: boolean, { least = 24 } = {}) =>
  production
    ? v.pipe(
        v.string("is missing"),
        notPublished,
        v.check(
          (text) => partsOf(text).length > 0 && partsOf(text).every((part) => part.length >= least),
          `needs at least ${least} characters`,
        ),
        v.check(isHardToGuess, easySentence),
      )
    : v.optional(v.string(), `development-only-${name}-do-not-use-elsewhere`);

/** Sign-in over plain HTTP gives passwords and cookies to everybody on the way; on one machine there is no way. */
const isPrivate = (address: string): boolean =>
  address.startsWith("https://") || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(address);

/** Where the audit trail's heads are noted. */
const auditSettings = {
  AUDIT_HEADS: v.optional(v.string(), "audit-heads.jsonl"),
  AUDIT_HEADS_ENDPOINT: v.optional(v.pipe(v.string(), v.url("must be an address"))),
  AUDIT_HEADS_KEY_ID: v.optional(v.string()),
  AUDIT_HEADS_SECRET: v.optional(v.string()),
};

/** Where cars are read. */
const carSettings = (production: boolean) => ({
  SMARTCAR_CLIENT_ID: v.optional(v.string()),
  SMARTCAR_CLIENT_SECRET: v.optional(v.string()),
  // The kilometres of a car that does not exist would become credits.
  SMARTCAR_MODE: production
    ? v.optional(v.picklist(["live"], "must be live: other cars do not exist"), "live")
    : v.optional(v.picklist(["live", "test", "simulated"], "must be live, test or simulated"), "simulated"),
});

const schema = (production: boolean) =>
  v.object({
    NODE_ENV: v.optional(v.picklist(["development", "test", "production"]), "development"),
    PORT: whole(3000),
    HOST: v.optional(v.string(), production ? "0.0.0.0" : "127.0.0.1"),
    DATA_DIR: v.optional(v.string(), ".data"),
    DATABASE_URL: v.pipe(
      v.string("is missing: where PostgreSQL is"),
      v.url("must be a postgres:// address"),
      unpublished(production),
    ),
    /** Beside the address, so that any character may stand in it. */
    DATABASE_PASSWORD: v.optional(v.pipe(v.string(), unpublished(production))),
    DATABASE_POOL: whole(20),
    /** A streaming replica that reports, search and registry may read; with its password in it. */
    REPLICA_URL: v.optional(
      v.pipe(v.string(), v.url("must be a postgres:// address"), unpublished(production)),
    ),
    PUBLIC_URL: production
      ? v.pipe(
          v.string("is missing: the address people open"),
          v.url("must be an address"),
          v.check(isPrivate, "must begin with https://: TLS ends at the proxy in front"),
        )
      : v.optional(v.pipe(v.string(), v.url())),
    CURRENCY: v.optional(
      v.pipe(
        v.string(),
        v.check(isCurrency, "is not a currency that the venue knows"),
        v.transform((text) => text as Currency),
      ),
      "USD",
    ),
    COUNTRY: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, "must be two letters, such as VN")), "VN"),
    RATE_LIMIT_PER_MINUTE: whole(100),
    REQUESTS_AT_ONCE: v.pipe(whole(400), v.minValue(10, "must be at least 10")),
    DRAIN_SECONDS: v.pipe(whole(production ? 5 : 0), v.maxValue(60, "must be at most 60")),
    TRUSTED_PROXIES: list,
    CORS_ORIGINS: list,
    REQUIRE_VERIFIED_EMAIL: flag(production),
    REQUIRE_KYC: flag(production),
    REQUIRE_TWO_FACTOR: flag(production),
    WITHDRAWAL_HOLD_DAYS: whole(production ? 7 : 0),
    SIGN_IN_FAILURES_PER_MINUTE: whole(10),
    BCRYPT_COST: v.pipe(
      whole(12),
      v.minValue(production ? 12 : 4, "must be at least 12 in production, 4 elsewhere"),
      v.maxValue(16, "above 16 a sign-in takes seconds"),
    ),
    AUTH_SECRET: secret("auth-secret", production, { least: 32 }),
    DATA_KEYS: secret("data-keys", production),
    SIGNING_KEY: secret("signing-key", production),
    LOG_KEY: secret("log-key", production),
    LOG_ORIGIN: v.optional(v.pipe(v.string(), v.regex(/^[^\s+]+$/, "must have neither spaces nor a plus"))),
    WITNESSES: v.optional(v.string(), ""),
    WITNESSES_WANTED: whole(0),
    ...gatewaySettings(production),
    ...carSettings(production),
    ...messageSettings(production),
    TILE_URL: v.optional(v.string(), ""),
    METRICS_TOKEN: ownToken(production),
    /** Where a collector of OpenTelemetry takes spans: http://collector:4318 */
    OTEL_EXPORTER_OTLP_ENDPOINT: v.optional(v.pipe(v.string(), v.url("must be an address"))),
    ...auditSettings,
    WORKER_NAME: v.optional(v.string()),
    LOG_LEVEL: v.optional(v.picklist(["debug", "info", "warn", "error", "silent"]), "info"),
    WEB_DIST: v.optional(v.string()),
  });

/** Every setting that servers and workers read. */
export const settingNames: readonly string[] = Object.keys(schema(true).entries);

export type Config = v.InferOutput<ReturnType<typeof schema>> & {
  readonly production: boolean;
  readonly publicUrl: string;
};

/** An address with a password that was given beside it. */
const withPassword = (address: string, password: string | undefined): string => {
  if (password === undefined) return address;
  const url = new URL(address);
  url.password = encodeURIComponent(password);
  return url.href;
};

/** Everything that the environment got wrong, in one sentence a line. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the settings from the environment; this is the only place that does.
 * Throws a ConfigError that names every missing or unusable setting at once.
 */
export const readConfig = (env: Record<string, string | undefined> = process.env): Config => {
  const production = env.NODE_ENV === "production";
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = v.safeParse(schema(production), present, { abortPipeEarly: true });
  if (!result.success) {
    const lines = result.issues.map((issue) => {
      const name = String(issue.path?.[0]?.key);
      return `${name} ${/^Invalid key/.test(issue.message) ? "is missing" : issue.message}`;
    });
    throw new ConfigError(`These settings must be put right before it can start:\n  ${lines.join("\n  ")}`);
  }
  const config = result.output;
  const incomplete = [
    ...gatewaysWhole(config),
    ...messagesWhole(config),
    ...(production ? secretsApart(config) : []),
  ];
  if (incomplete.length > 0)
    throw new ConfigError(
      `These settings must be put right before it can start:\n  ${incomplete.join("\n  ")}`,
    );
  return {
    ...config,
    DATABASE_URL: withPassword(config.DATABASE_URL, config.DATABASE_PASSWORD),
    production,
    publicUrl: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
  };
};

/** How a command line or a script reaches the venue. */
export type ScriptSettings = {
  /** A running venue's address, and the API key with which to speak to it. Without them: the database itself. */
  readonly url: string | undefined;
  readonly key: string | undefined;
  /** On the database: whose hand acts, by e-mail address; the oldest administrator unless told. */
  readonly as: string | undefined;
  /** The venue's database, its password put in where it was given beside the address. */
  readonly databaseUrl: string | undefined;
  /** The database's owner, for what nothing of the running product may do. */
  readonly adminUrl: string | undefined;
  /** The secrets that sign certificates, the one that signs first; only to enter their public halves. */
  readonly signingKey: string | undefined;
};

export const readScriptSettings = (
  env: Record<string, string | undefined> = process.env,
): ScriptSettings => ({
  url: env.EVX_URL || undefined,
  key: env.EVX_API_KEY || undefined,
  as: env.EVX_AS || undefined,
  databaseUrl: env.DATABASE_URL
    ? withPassword(env.DATABASE_URL, env.DATABASE_PASSWORD || undefined)
    : undefined,
  adminUrl: env.DATABASE_ADMIN_URL
    ? withPassword(env.DATABASE_ADMIN_URL, env.DATABASE_ADMIN_PASSWORD || undefined)
    : undefined,
  signingKey: env.SIGNING_KEY || undefined,
});

/** The environment of a command that this one starts, with some settings put otherwise. */
export const environmentWith = (settings: Record<string, string>): Record<string, string | undefined> => ({
  ...process.env,
  ...settings,
});
