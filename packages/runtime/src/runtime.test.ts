import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { fixedClock, newId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { gatewaysOf } from "./gateways.ts";
import { ConfigError, compose, localeOf, type Runtime, readConfig } from "./index.ts";

const production = {
  NODE_ENV: "production",
  DATABASE_URL: "postgres://evx@db/evx",
  PUBLIC_URL: "https://exchange.example",
  AUTH_SECRET: "9vJ2mQxT7wLr4ZbKc8NdHs3YgPfUe6Ra",
  DATA_KEYS: "hT5kWq8ZrB2nXc7MvJd4LsGy9PfAe3Ut",
  SIGNING_KEY: "Lq7RzX2vKm9TbWc4NhJd8YsGf5PaUe3o",
  LOG_KEY: "c3Vn8KxT5mQr7ZwLb2JdHs9YgPfAe6Uo",
  STRIPE_SECRET_KEY: "sk_live_x",
  STRIPE_WEBHOOK_SECRET: "whsec_x",
  SMTP_URL: "smtps://mail.example:465",
};

describe("settings", () => {
  test("in production everything that is missing is named at once, and nothing has a default that is unsafe", () => {
    const read = () => readConfig({ NODE_ENV: "production" });
    expect(read).toThrow(ConfigError);
    for (const name of Object.keys(production).slice(1)) expect(read).toThrow(name);
    expect(() => readConfig({ ...production, AUTH_SECRET: "short" })).toThrow(
      "AUTH_SECRET needs at least 32 characters",
    );
    const keys = `${"k".repeat(24)},short`;
    expect(() => readConfig({ ...production, DATA_KEYS: keys, SIGNING_KEY: keys })).toThrow(
      /DATA_KEYS needs at least 24[\s\S]*SIGNING_KEY needs at least 24/,
    );
    expect(() =>
      readConfig({ ...production, PUBLIC_URL: "http://exchange.example", BCRYPT_COST: "8" }),
    ).toThrow(/PUBLIC_URL must begin with https[\s\S]*BCRYPT_COST must be at least 12/);
    expect(readConfig({ ...production, PUBLIC_URL: "http://localhost:8080" }).production).toBe(true);
  });

  test("one secret for two settings is refused by both names, in whichever place of a list, whole or as a part", () => {
    const { AUTH_SECRET: one, DATA_KEYS: other } = production;
    const refusedAs = (given: Record<string, string>) => {
      try {
        readConfig({ ...production, ...given });
        return [];
      } catch (error) {
        return (error as Error).message
          .split("\n")
          .slice(1)
          .map((line) => line.trim());
      }
    };
    const same = Object.fromEntries(
      ["AUTH_SECRET", "DATA_KEYS", "SIGNING_KEY", "LOG_KEY"].map((name) => [name, one]),
    );
    expect(refusedAs(same)).toEqual(
      ["DATA_KEYS", "SIGNING_KEY", "LOG_KEY"].map((name) =>
        expect.stringContaining(`${name} is the secret that AUTH_SECRET has`),
      ),
    );
    const shared: Record<string, string>[] = [
      { SIGNING_KEY: `${production.SIGNING_KEY},${other}` },
      { LOG_KEY: `log-${other}` },
      { METRICS_TOKEN: one },
      { MAIL_REPORTS_TOKEN: other },
      { DATABASE_PASSWORD: one },
      { DATA_KEYS: `${other},${other}` },
    ];
    for (const given of shared)
      expect(refusedAs(given)).toEqual([
        expect.stringMatching(new RegExp(`^${Object.keys(given)[0]} (is|names) the s`)),
      ]);
    // In development the four are defaults that everybody knows.
    expect(
      readConfig({ DATABASE_URL: "postgres://x@y/z", AUTH_SECRET: one, DATA_KEYS: one }).production,
    ).toBe(false);
  });

  test("a secret that is easy to guess is refused by name, and one of random characters never is", () => {
    const easy = [
      "a".repeat(40),
      "0123456789".repeat(4),
      "abcdefghijklmnopqrstuvwxyz0123456789",
      "passwordpasswordpasswordpassword",
      "my-secret-signing-key-production-1",
      `${production.DATA_KEYS},${"xy".repeat(20)}`,
    ];
    for (const name of ["AUTH_SECRET", "DATA_KEYS", "SIGNING_KEY", "LOG_KEY", "METRICS_TOKEN"])
      for (const value of easy)
        expect(() => readConfig({ ...production, [name]: value })).toThrow(`\n  ${name} is easy to guess`);
    for (let at = 0; at < 2_000; at++) {
      const bytes = crypto.getRandomValues(new Uint8Array(24));
      for (const METRICS_TOKEN of [bytes.toHex().slice(0, 24), bytes.toBase64()])
        expect(readConfig({ ...production, METRICS_TOKEN }).production).toBe(true);
    }
  });

  test("production refuses by name what this project publishes, keys for tests and gateways without TLS", () => {
    const refused = {
      AUTH_SECRET: "development-only-auth-secret-do-not-use-elsewhere",
      DATA_KEYS: `${production.DATA_KEYS},development-only-data-keys-do-not-use-elsewhere`,
      SIGNING_KEY: "development-only-signing-key-do-not-use-elsewhere",
      STRIPE_SECRET_KEY: "sk_test_51abc",
      STRIPE_WEBHOOK_SECRET: "whsec_emulator",
      STRIPE_API_URL: "http://127.0.0.1:4141",
      DATABASE_URL: "postgres://evx_serving:change-me@db/evx",
      DATABASE_PASSWORD: "development-only-password",
      REPLICA_URL: "postgres://evx_serving:change-me@replica/evx",
      SMARTCAR_MODE: "simulated",
      SMTP_URL: "http://mail.example",
    };
    for (const [name, value] of Object.entries(refused))
      expect(() => readConfig({ ...production, [name]: value })).toThrow(new RegExp(`\\n  ${name} `));
    expect(() => readConfig({ ...production, SMTP_URL: "" })).toThrow("SMTP_URL is missing");
    expect(readConfig({ ...production, STRIPE_API_URL: "https://api.stripe.com" }).production).toBe(true);
  });

  test("a gateway is set up whole or not at all, and production takes no sandbox's address or terminal", () => {
    const paypal = {
      PAYPAL_CLIENT_ID: "A".repeat(40),
      PAYPAL_SECRET: "E".repeat(40),
      PAYPAL_WEBHOOK_ID: "8PT597110X",
    };
    const vnpay = { VNPAY_TMN_CODE: "EVXCARB1", VNPAY_HASH_SECRET: "H".repeat(32), VNPAY_RATE: "25400.50" };
    expect(Object.keys(gatewaysOf(readConfig(production)))).toEqual(["stripe"]);
    expect(Object.keys(gatewaysOf(readConfig({ ...production, ...paypal, ...vnpay })))).toEqual([
      "stripe",
      "paypal",
      "vnpay",
    ]);
    for (const name of Object.keys({ ...paypal, ...vnpay })) {
      const without = { ...production, ...paypal, ...vnpay, [name]: "" };
      expect(() => readConfig(without)).toThrow(new RegExp(`\\n  ${name} is missing`));
    }
    const refused = {
      PAYPAL_API_URL: "https://api-m.sandbox.paypal.com",
      VNPAY_PAY_URL: "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html",
      VNPAY_API_URL: "https://sandbox.vnpayment.vn/merchant_webapi/api/transaction",
      STRIPE_API_URL: "https://api.stripe.com.evil.example",
      VNPAY_TMN_CODE: "DEMOV210",
      VNPAY_HASH_SECRET: "short",
      VNPAY_RATE: "0",
      PAYPAL_SECRET: "emulator-secret-of-paypal",
    };
    for (const [name, value] of Object.entries(refused))
      expect(() => readConfig({ ...production, ...paypal, ...vnpay, [name]: value })).toThrow(
        new RegExp(`\\n  ${name} `),
      );
  });
  test("production binds verification, KYC, second factors and a week's hold; development binds none", () => {
    expect(readConfig(production)).toMatchObject({
      REQUIRE_VERIFIED_EMAIL: true,
      REQUIRE_KYC: true,
      REQUIRE_TWO_FACTOR: true,
      WITHDRAWAL_HOLD_DAYS: 7,
    });
    expect(readConfig({ DATABASE_URL: "postgres://x@y/z" })).toMatchObject({
      REQUIRE_VERIFIED_EMAIL: false,
      REQUIRE_KYC: false,
      WITHDRAWAL_HOLD_DAYS: 0,
      CURRENCY: "USD",
      publicUrl: "http://localhost:3000",
    });
  });

  test("a currency the venue does not know and a port that is no number are refused", () => {
    expect(() => readConfig({ DATABASE_URL: "postgres://x@y/z", CURRENCY: "XYZ", PORT: "many" })).toThrow(
      /PORT[\s\S]*CURRENCY|CURRENCY[\s\S]*PORT/,
    );
  });

  test("the reader's language is the first accepted one that is spoken here", () => {
    expect(localeOf("fr-FR,vi;q=0.8,en;q=0.5")).toBe("vi");
    expect(localeOf("de")).toBe("en");
    expect(localeOf(null)).toBe("en");
  });
});

describe("composition", () => {
  let t: Awaited<ReturnType<typeof testDatabase>>;
  let runtime: Runtime;
  beforeAll(async () => {
    t = await testDatabase();
    runtime = await compose(
      readConfig({ DATABASE_URL: t.url, LOG_LEVEL: "silent", BCRYPT_COST: "4" }),
      "test",
      fixedClock("2026-03-01T00:00:00Z"),
    );
  });
  afterAll(async () => {
    await runtime.close();
    await t.close();
  });

  const contextOf = (headers: Record<string, string>, actor: Actor | null = null) =>
    runtime.createContext({ actor, headers: new Headers(headers), ip: "127.0.0.1", requestId: "r1" });

  test("all rooms answer, and every queue has one handler", async () => {
    expect(Object.keys(runtime.router._def.record).length).toBeGreaterThanOrEqual(9);
    const queues = runtime.handlers.map(({ queue }) => queue);
    expect(new Set(queues).size).toBe(queues.length);
    expect((await runtime.callAs(contextOf({})).reports.totals()).creditsIssued).toBe("0.000000");
    expect((await runtime.jobsHealth()).workers).toEqual({ known: 0, working: 0, silent: [] });
  });

  test("under an Idempotency-Key a retry names the same rows in the same order; another person's key names others", async () => {
    const actor: Actor = {
      id: newId("user"),
      role: "buyer",
      accredited: false,
      emailVerified: true,
      kycStatus: "none",
    };
    const [first, retry, other, bare] = [
      contextOf({ "idempotency-key": "k" }, actor),
      contextOf({ "idempotency-key": "k" }, actor),
      contextOf({ "idempotency-key": "k" }),
      contextOf({}, actor),
    ];
    const one = await first.nameFor("order");
    expect(await retry.nameFor("order")).toBe(one);
    expect(await first.nameFor("order")).toBe(await retry.nameFor("order"));
    expect(await other.nameFor("order")).not.toBe(one);
    expect(await bare.nameFor("order")).not.toBe(await bare.nameFor("order"));
  });
});
