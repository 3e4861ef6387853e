import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator } from "./emulator.ts";

export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts";

/** PayPal and VNPay are spoken where the server has their keys. */
const otherGateways = (env: Record<string, string | undefined>) => {
  const hooks = new URL(
    ".",
    (env.STRIPE_WEBHOOK_URL ?? "http://localhost:3000/api/payments/webhook/stripe").split(",")[0],
  );
  const { PAYPAL_CLIENT_ID: clientId, PAYPAL_SECRET: secret, PAYPAL_WEBHOOK_ID: webhookId } = env;
  const { VNPAY_TMN_CODE: tmnCode, VNPAY_HASH_SECRET: hashSecret } = env;
  return {
    paypal:
      clientId && secret && webhookId
        ? { clientId, secret, webhookId, webhookUrl: new URL("paypal", hooks).href }
        : undefined,
    vnpay: tmnCode && hashSecret ? { tmnCode, hashSecret, ipnUrl: new URL("vnpay", hooks).href } : undefined,
  };
};

/** What the launcher wrote down of a demo world's past. */
const pastIn = (file: string) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : []);

if (import.meta.main) {
  const env = process.env;
  if (env.NODE_ENV === "production") {
    console.error("The gateways' emulator is for development and tests. It does not start in production.");
    process.exit(1);
  }
  const dataDir = env.DATA_DIR ?? ".data";
  mkdirSync(dataDir, { recursive: true });
  const emulator = startEmulator({
    port: Number(env.GATEWAYS_PORT ?? 3002),
    webhookUrl: (env.STRIPE_WEBHOOK_URL ?? "http://localhost:3000/api/payments/webhook/stripe").split(","),
    secretKey: env.STRIPE_SECRET_KEY ?? "sk_test_emulator",
    webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? "whsec_emulator",
    dataFile: join(dataDir, "gateways.sqlite"),
    publicUrl: env.GATEWAYS_PUBLIC_URL,
    ...otherGateways(env),
    sms: env.SMS_ACCOUNT && env.SMS_TOKEN ? { account: env.SMS_ACCOUNT, token: env.SMS_TOKEN } : undefined,
    mailFolder: join(dataDir, "mail"),
    past: pastIn(join(dataDir, "gateways-past.json")),
  });
  console.log(`Payment gateways' emulator listens at ${emulator.url}`);
  const stop = () => emulator.stop().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  // The launcher's pipe closes when the launcher dies, however it dies.
  if (env.EVX_PARENT_PIPE) process.stdin.once("end", stop).once("close", stop).resume();
}
