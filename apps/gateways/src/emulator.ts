import { type Clock, systemClock } from "@evx/kernel";
import { Hono } from "hono";
import { smartcarCars } from "./cars/smartcar.ts";
import { home } from "./home.ts";
import { Store } from "./store.ts";
import { stripeApi } from "./stripe/api.ts";
import { lapse } from "./stripe/checkout.ts";
import { openDispute } from "./stripe/disputes.ts";
import { deliver } from "./stripe/events.ts";
import { stripePage } from "./stripe/page.ts";
import { arrivePayout } from "./stripe/payouts.ts";
import { settleRefund } from "./stripe/refunds.ts";
import type { Pace, World } from "./stripe/world.ts";
import { runTasks } from "./timers.ts";

export type EmulatorOptions = {
  /** 0 takes any free port. */
  port: number;
  /** Where signed events are posted. */
  webhookUrl: string | readonly string[];
  secretKey: string;
  webhookSecret: string;
  /** SQLite file that outlives the process; in memory when left out. */
  dataFile?: string;
  clock?: Clock;
  /** The address that browsers and programs reach; http://localhost:port when left out. */
  publicUrl?: string;
  pace?: Partial<Pace>;
};

export type Emulator = { url: string; hostname: string; stop(): Promise<void> };

const usualPace: Pace = { payout_ms: 1_500, refund_ms: 1_500, dispute_ms: 5_000, retry_ms: 500 };

/** Starts the emulator of payment gateways and of cars that tell their odometer, and answers its address. */
export const startEmulator = (options: EmulatorOptions): Emulator => {
  const clock = options.clock ?? systemClock;
  const store = new Store(options.dataFile);
  const app = new Hono();
  // This machine alone: whoever reaches the emulator can pay without money.
  const server = Bun.serve({ port: options.port, hostname: "127.0.0.1", fetch: app.fetch, idleTimeout: 30 });
  const url = `http://localhost:${server.port}`;
  const world: World = {
    store,
    clock,
    origin: (options.publicUrl ?? url).replace(/\/+$/, ""),
    secretKey: options.secretKey,
    endpoints: [options.webhookUrl].flat().map((target) => ({ url: target, secret: options.webhookSecret })),
    pace: { ...usualPace, ...options.pace },
  };
  app.get("/health", (context) => context.json({ status: "healthy", timestamp: clock.now().toISOString() }));
  app.route("/", home());
  app.route("/v1", stripeApi(world));
  app.route("/", stripePage(world));
  app.route("/", smartcarCars(clock));
  app.onError((error, context) => {
    console.error(error);
    return context.json({ error: { type: "api_error", message: "The emulator failed." } }, 500);
  });
  const tasks = runTasks(store, clock, {
    deliver: deliver(world),
    "session.lapse": lapse(world),
    "refund.settle": settleRefund(world),
    "dispute.open": openDispute(world),
    "payout.arrive": arrivePayout(world),
  });
  return {
    url,
    hostname: String(server.hostname),
    async stop() {
      await tasks.stop();
      await server.stop(true);
      store.close();
    },
  };
};
