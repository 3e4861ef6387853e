import type { Currency, Minor } from "@evx/kernel";
import Stripe from "stripe";
import { GatewayFault, type GatewayFaultKind } from "../gateway.ts";

/** Codes with which Stripe says that our balance there is too low for now. */
const SHORT = new Set(["balance_insufficient", "insufficient_funds"]);

const kindOf = (error: Stripe.errors.StripeError): GatewayFaultKind => {
  if (SHORT.has(error.code ?? "")) return "short_of_funds";
  if (error instanceof Stripe.errors.StripeConnectionError) return "unavailable";
  if (error instanceof Stripe.errors.StripeRateLimitError) return "unavailable";
  if (error instanceof Stripe.errors.StripeAPIError) return "unavailable";
  if (error instanceof Stripe.errors.StripeAuthenticationError) return "misconfigured";
  if (error instanceof Stripe.errors.StripePermissionError) return "misconfigured";
  if (error instanceof Stripe.errors.StripeIdempotencyError) return "key_reused";
  if (error.statusCode === 409 || (error.statusCode ?? 0) >= 500) return "unavailable";
  return "refused";
};

/** Runs one call and gives its failure a kind. The SDK's error stays as the cause: it holds no secret. */
export const asked = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    throw new GatewayFault("stripe", kindOf(error), error.code ?? error.type, { cause: error });
  }
};

/** Whether an error is a gateway's refusal with one of these codes. */
export const isFault = (error: unknown, ...codes: string[]): boolean =>
  error instanceof GatewayFault && codes.includes(error.code);

/** Stripe counts in the same minor units as we do: VND and JPY have none there either. */
export const wireAmount = (amount: Minor): number => {
  if (amount <= 0n || amount > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new GatewayFault("stripe", "refused", "amount_out_of_range");
  }
  return Number(amount);
};

/** Currencies are written in small letters there. */
export const wireCurrency = (currency: Currency): string => currency.toLowerCase();

/** The id in a field that holds one, or the object itself where it was expanded. */
export const idIn = (value: string | { id: string } | null | undefined): string | null =>
  typeof value === "string" ? value : (value?.id ?? null);
