import { type Clock, systemClock } from "@evx/kernel";
import { Hono } from "hono";
import { bank, paypalBank, stripeBank, vnpayBank } from "./bank.ts";
import { smartcarCars } from "./cars/smartcar.ts";
import { home } from "./home.ts";
import { messages } from "./messages.ts";
import * as paypalApi from "./paypal/api.ts";
import { signer } from "./paypal/certificate.ts";
import { openDispute as openPaypalDispute } from "./paypal/disputes.ts";
import { clear } from "./paypal/orders.ts";
import { type PaypalOptions, deliver as paypalDeliver } from "./paypal/world.ts";
import { Store } from "./store.ts";
import { stripeApi } from "./stripe/api.ts";
import { lapse } from "./stripe/checkout.ts";
import { openDispute } from "./stripe/disputes.ts";
import { deliver } from "./stripe/events.ts";
import { stripePage } from "./stripe/page.ts";
import { type PastPayment, remember } from "./stripe/past.ts";
import { arrivePayout } from "./stripe/payouts.ts";
import { settleRefund } from "./stripe/refunds.ts";
import type { Pace, World } from "./stripe/world.ts";
import { runTasks, type Worker } from "./timers.ts";
import type { VnpayOptions } from "./vnpay/vnpay.ts";
import * as vnpayApi from "./vnpay/vnpay.ts";

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
  /** PayPal and VNPay are spoken where their keys are given. */
  paypal?: PaypalOptions | undefined;
  vnpay?: VnpayOptions | undefined;
  /** The SMS gateway's account, and where mails lie as files: both shown at /messages. */
  sms?: { account: string; token: string } | undefined;
  mailFolder?: string | undefined;
  /** Payments of before it ran, which it knows as its own. */
  past?: readonly PastPayment[] | undefined;
};

export type Emulator = { url: string; hostname: string; stop(): Promise<void> };

const usualPace: Pace = { payout_ms: 1_500, refund_ms: 1_500, dispute_ms: 5_000, retry_ms: 500 };

/** The wires beside Stripe's, as far as they are asked for. */
const others = (app: Hono, base: World, { paypal: ofPaypal, vnpay: ofVnpay }: EmulatorOptions) => {
  const workers: Record<string, Worker> = {};
  const banks: Parameters<typeof bank>[0] = { stripe: stripeBank(base) };
  if (ofPaypal) {
    const signing = signer("messageverificationcerts.paypal.com", base.clock.now());
    const world = { ...base, paypal: ofPaypal, signer: signing };
    app.route("/", paypalApi.paypal(world));
    banks.paypal = paypalBank(world);
    workers["paypal.deliver"] = paypalDeliver(world);
    workers["paypal.clear"] = clear(world);
    workers["paypal.dispute"] = openPaypalDispute(world);
    workers["paypal.payout"] = paypalApi.arrivePayout(world);
  }
  if (ofVnpay) {
    const world = { ...base, vnpay: ofVnpay };
    app.route("/", vnpayApi.vnpay(world));
    banks.vnpay = vnpayBank(world);
    workers["vnpay.ipn"] = vnpayApi.deliver(world);
    workers["vnpay.refund"] = vnpayApi.settleRefund(world);
  }
  app.route("/", bank(banks));
  return workers;
};

/** Starts the emulator of payment gateways, cars, and those who carry messages, and answers its address. */
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
  remember(world, options.past ?? []);
  app.get("/health", (context) => context.json({ status: "healthy", timestamp: clock.now().toISOString() }));
  app.route("/", home());
  app.route("/", messages({ store, clock, sms: options.sms, mailFolder: options.mailFolder }));
  // Stripe's part answers for all of /v1 that nobody else does.
  const more = others(app, world, options);
  app.route("/v1", stripeApi(world));
  app.route("/", stripePage(world));
  app.route("/", smartcarCars(clock));
  app.onError((error, context) => {
    console.error(error);
    return context.json({ error: { type: "api_error", message: "The emulator failed." } }, 500);
  });
  const tasks = runTasks(store, clock, {
    ...more,
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
