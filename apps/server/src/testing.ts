import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabase } from "@evx/db/testing";
import { startEmulator } from "@evx/gateways";
import { startWorker } from "@evx/jobs/worker";
import { compose, type Runtime, readConfig } from "@evx/runtime";
import { freePorts } from "@evx/tooling/ports";
import { serve } from "./serve.ts";

const paypal = { clientId: "client-of-tests", secret: "secret-of-tests", webhookId: "webhook-of-tests" };
const vnpay = { tmnCode: "EVXTEST1", hashSecret: "hash-secret-of-tests" };

export type LiveWorld = {
  readonly url: string;
  readonly gatewaysUrl: string;
  readonly dataDir: string;
  readonly runtime: Runtime;
  readonly database: Awaited<ReturnType<typeof testDatabase>>;
  /** Takes the server out as SIGTERM does. */
  leave(): Promise<void>;
  close(): Promise<void>;
};

/**
 * The whole product on a database of its own: server, worker and gateways' emulator in this process, over real HTTP and
 * real PostgreSQL. Passwords are hashed at the least cost, since tests sign in often.
 */
export const startLiveWorld = async (
  settings: Record<string, string> = {},
  emulatorPort = 0,
): Promise<LiveWorld> => {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "evx-world-"));
  const port = await freePorts();
  const url = `http://localhost:${port}`;
  const secretKey = "sk_test_live_world";
  const webhookSecret = "whsec_live_world";
  const emulator = startEmulator({
    port: emulatorPort,
    webhookUrl: [`${url}/api/payments/webhook/stripe`],
    secretKey,
    webhookSecret,
    dataFile: join(dataDir, "gateways.sqlite"),
    paypal: { ...paypal, webhookUrl: `${url}/api/payments/webhook/paypal` },
    vnpay: { ...vnpay, ipnUrl: `${url}/api/payments/webhook/vnpay` },
  });
  // Each with its own rights, as in production.
  const urlAs = (role: string) => database.url.replace(/role(=|%3D)\w+/, `role$1${role}`);
  const config = readConfig({
    NODE_ENV: "test",
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: dataDir,
    DATABASE_URL: urlAs("evx_serving"),
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_URL: emulator.url,
    PAYPAL_CLIENT_ID: paypal.clientId,
    PAYPAL_SECRET: paypal.secret,
    PAYPAL_WEBHOOK_ID: paypal.webhookId,
    PAYPAL_API_URL: emulator.url,
    VNPAY_TMN_CODE: vnpay.tmnCode,
    VNPAY_HASH_SECRET: vnpay.hashSecret,
    VNPAY_PAY_URL: `${emulator.url}/paymentv2/vpcpay.html`,
    VNPAY_API_URL: `${emulator.url}/merchant_webapi/api/transaction`,
    VNPAY_RATE: "25400",
    RATE_LIMIT_PER_MINUTE: "100000",
    BCRYPT_COST: "4",
    LOG_LEVEL: "error",
    ...settings,
  });
  const runtime = await compose(config, "live-world");
  const server = serve(runtime, { port, hostname: "localhost" });
  const working = await compose({ ...config, DATABASE_URL: urlAs("evx_working") }, "live-world worker");
  const { db, clock, log, handlers, events } = working;
  const worker = await startWorker({ db, databaseUrl: urlAs("evx_working"), clock, log, handlers, events });
  return {
    url,
    gatewaysUrl: emulator.url,
    dataDir,
    runtime,
    database,
    leave: server.leave,
    async close() {
      await worker.stop();
      await emulator.stop();
      runtime.live.stop();
      await server.stop(true);
      working.live.stop();
      await working.close();
      await runtime.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
