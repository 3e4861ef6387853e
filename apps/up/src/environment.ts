import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runningPort } from "@evx/db/embedded";

/** Secrets of this machine's development world: made once, kept beside its data, never in the repository. */
export const localSecrets = (dataDir: string): Record<string, string> => {
  const file = join(dataDir, "secrets.json");
  mkdirSync(dataDir, { recursive: true });
  const random = () =>
    crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
  const known: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  // A folder of an earlier version lacks the worker's login or the key of pushes.
  if (known.WORKER_PASSWORD && known.VAPID_PRIVATE_KEY) return known;
  const secrets = {
    AUTH_SECRET: random(),
    DATA_KEYS: `k1:${random()}`,
    SIGNING_KEY: random(),
    LOG_KEY: random(),
    APP_PASSWORD: random(),
    WORKER_PASSWORD: random(),
    VAPID_PRIVATE_KEY: random(),
    STRIPE_WEBHOOK_SECRET: `whsec_${random()}`,
    STRIPE_SECRET_KEY: `sk_test_${random()}`,
    ...known,
  };
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
};

/** The server's login at the embedded database; tools of this checkout take it too. */
export const serverLogin = "evx_serve";

type World = { root: string; port: number; dataDir: string; databaseUrl: string };

/** Cars of the emulator, for who has no account at Smartcar; its SDK reads both addresses from here. */
const testCars = (emulator: string): Record<string, string> => ({
  SMARTCAR_CLIENT_ID: "test-cars",
  SMARTCAR_CLIENT_SECRET: "test-cars",
  SMARTCAR_MODE: "simulated",
  SMARTCAR_API_ORIGIN: emulator,
  SMARTCAR_AUTH_ORIGIN: emulator,
});

/** Where people reach a development world; certificates name it. */
export const publicUrlOf = (port: number): string => process.env.PUBLIC_URL ?? `http://localhost:${port}`;

/** What server, worker and emulator are told in development: all ports follow from the first one. */
export const developmentEnvironment = ({
  root,
  port,
  dataDir,
  databaseUrl,
}: World): Record<string, string> => {
  return {
    ...localSecrets(dataDir),
    NODE_ENV: "development",
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: publicUrlOf(port),
    GATEWAYS_PORT: String(port + 1),
    STRIPE_API_URL: `http://localhost:${port + 1}`,
    PAYPAL_CLIENT_ID: "development-only-paypal-client",
    PAYPAL_SECRET: "development-only-paypal-secret",
    PAYPAL_WEBHOOK_ID: "development-only-webhook",
    PAYPAL_API_URL: `http://localhost:${port + 1}`,
    VNPAY_TMN_CODE: "DEMOEVX1",
    VNPAY_HASH_SECRET: "development-only-vnpay-secret",
    VNPAY_PAY_URL: `http://localhost:${port + 1}/paymentv2/vpcpay.html`,
    VNPAY_API_URL: `http://localhost:${port + 1}/merchant_webapi/api/transaction`,
    VNPAY_RATE: "25400",
    STRIPE_WEBHOOK_URL: `http://localhost:${port}/api/payments/webhook/stripe`,
    PUSH_EMULATOR: `http://localhost:${port + 1}`,
    SMS_ACCOUNT: "AC-development-only",
    SMS_TOKEN: "development-only-token",
    SMS_FROM: "EVX",
    SMS_API_URL: `http://localhost:${port + 1}`,
    ...(process.env.SMARTCAR_CLIENT_ID ? {} : testCars(`http://localhost:${port + 1}`)),
    WEB_DIST: join(root, "apps/web/dist"),
    LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
  };
};

/**
 * The settings for a tool of this checkout. With DATABASE_URL what the environment says, completed in development by
 * the secrets of the data folder; without it those of the world that `up` or `dev` runs there. Makes nothing.
 */
export const worldHere = async (
  root: string,
  env: Record<string, string | undefined> = process.env,
): Promise<Record<string, string | undefined>> => {
  if (env.NODE_ENV === "production") return env;
  const dataDir = resolve(root, env.DATA_DIR || ".data");
  const file = join(dataDir, "secrets.json");
  if (!existsSync(file)) return env;
  const secrets = localSecrets(dataDir);
  const databasePort = await runningPort(join(dataDir, "postgres"));
  if (env.DATABASE_URL) {
    // A copy of this world, as a drill makes one, has its log under the name that the world goes by.
    const named = databasePort === null ? {} : { PUBLIC_URL: `http://localhost:${databasePort - 2}` };
    return { ...secrets, ...named, ...env, DATA_DIR: dataDir };
  }
  if (databasePort === null) return env;
  const password = encodeURIComponent(secrets.APP_PASSWORD ?? "");
  const databaseUrl = `postgres://${serverLogin}:${password}@127.0.0.1:${databasePort}/evx`;
  // The database takes the third port of a world.
  return { ...env, ...developmentEnvironment({ root, port: databasePort - 2, dataDir, databaseUrl }) };
};
