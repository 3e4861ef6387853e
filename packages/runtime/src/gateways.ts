import { paypalGateway, stripeGateway, vnpayGateway } from "@evx/adapters";
import type { PaymentsPorts } from "@evx/payments";
import * as v from "valibot";
import type { Config } from "./config.ts";
import { given, mayBe } from "./settings.ts";

/** Gateways' addresses are for an emulator; in production there is the gateway's own, or one over TLS. */
const address = (production: boolean, ...hosts: string[]) => {
  const url = v.pipe(v.string(), v.url("must be an address"));
  const own = `must be https:// at ${hosts.join(" or ")}, or left out: sandboxes and stand-ins take no real money`;
  return v.optional(
    production
      ? v.pipe(
          url,
          v.check((text) => {
            const { protocol, hostname } = new URL(text);
            return protocol === "https:" && hosts.includes(hostname);
          }, own),
        )
      : url,
  );
};

/** Which ways to pay there are follows from these: Stripe always, PayPal and VNPay where their keys are set. */
export const gatewaySettings = (production: boolean) => ({
  STRIPE_SECRET_KEY: given(
    production,
    "sk_test_emulator",
    /^(sk|rk)_live_/,
    "is not a live key: it begins with sk_live_ or rk_live_",
  ),
  STRIPE_WEBHOOK_SECRET: given(production, "whsec_emulator", /^whsec_/, "begins with whsec_"),
  STRIPE_API_URL: address(production, "api.stripe.com"),
  PAYPAL_CLIENT_ID: mayBe(production, v.minLength(20, "is not a client's id of PayPal: it is too short")),
  PAYPAL_SECRET: mayBe(production, v.minLength(20, "is not a secret of PayPal: it is too short")),
  PAYPAL_WEBHOOK_ID: mayBe(production, v.minLength(8, "is the name that PayPal gave the webhook")),
  PAYPAL_API_URL: address(production, "api-m.paypal.com", "api.paypal.com"),
  VNPAY_TMN_CODE: mayBe(
    production,
    v.regex(/^[A-Z0-9]{8}$/, "is not a terminal's code: eight capital letters and digits"),
    v.check((text) => !/^(DEMO|TEST)/.test(text), "is a terminal of VNPay's sandbox"),
  ),
  VNPAY_HASH_SECRET: mayBe(production, v.minLength(32, "is not a secret of VNPay: it has 32 characters")),
  VNPAY_PAY_URL: address(production, "pay.vnpay.vn", "vnpayment.vn"),
  VNPAY_API_URL: address(production, "merchant.vnpay.vn"),
  /** Dong for one whole unit of CURRENCY; not needed where that is VND. */
  VNPAY_RATE: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,7}(\.\d{1,2})?$/, "must be dong for one unit, such as 25400 or 25400.50"),
      v.transform(Number),
      v.minValue(0.01, "must be more than nothing"),
    ),
  ),
});

const together = (config: Config | Omit<Config, "production" | "publicUrl">) =>
  [
    ["PAYPAL_CLIENT_ID", "PAYPAL_SECRET", "PAYPAL_WEBHOOK_ID"],
    ["VNPAY_TMN_CODE", "VNPAY_HASH_SECRET", ...(config.CURRENCY === "VND" ? [] : ["VNPAY_RATE"])],
  ] as (keyof typeof config)[][];

/** A gateway is set up whole or not at all: one line for each setting that another one needs. */
export const gatewaysWhole = (config: Omit<Config, "production" | "publicUrl">): string[] =>
  together(config).flatMap((names) => {
    const set = names.filter((name) => config[name] !== undefined);
    if (set.length === 0 || (set.length === 1 && set[0] === "VNPAY_RATE")) return [];
    return names
      .filter((name) => config[name] === undefined)
      .map((name) => `${name} is missing: ${set.join(" and ")} cannot be used without it`);
  });

/** The gateways whose keys are set. */
export const gatewaysOf = (config: Config): PaymentsPorts["gateways"] => ({
  stripe: stripeGateway({
    secretKey: config.STRIPE_SECRET_KEY,
    webhookSecrets: config.STRIPE_WEBHOOK_SECRET.split(","),
    ...(config.STRIPE_API_URL ? { apiBase: config.STRIPE_API_URL } : {}),
  }),
  ...(config.PAYPAL_CLIENT_ID && config.PAYPAL_SECRET && config.PAYPAL_WEBHOOK_ID
    ? {
        paypal: paypalGateway({
          clientId: config.PAYPAL_CLIENT_ID,
          secret: config.PAYPAL_SECRET,
          webhookId: config.PAYPAL_WEBHOOK_ID,
          apiBase: config.PAYPAL_API_URL ?? "https://api-m.paypal.com",
        }),
      }
    : {}),
  ...(config.VNPAY_TMN_CODE && config.VNPAY_HASH_SECRET
    ? {
        vnpay: vnpayGateway({
          tmnCode: config.VNPAY_TMN_CODE,
          hashSecret: config.VNPAY_HASH_SECRET,
          payUrl: config.VNPAY_PAY_URL ?? "https://pay.vnpay.vn/vpcpay.html",
          apiUrl: config.VNPAY_API_URL ?? "https://merchant.vnpay.vn/merchant_webapi/api/transaction",
          rate: config.CURRENCY === "VND" ? null : (config.VNPAY_RATE ?? null),
        }),
      }
    : {}),
});
