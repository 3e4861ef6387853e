import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startEmulator } from "./emulator.ts";

export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts";

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
  });
  console.log(`Payment gateways' emulator listens at ${emulator.url}`);
  const stop = () => emulator.stop().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  // The launcher's pipe closes when the launcher dies, however it dies.
  if (env.EVX_PARENT_PIPE) process.stdin.once("end", stop).once("close", stop).resume();
}
