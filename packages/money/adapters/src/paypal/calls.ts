import { type Currency, isCurrency, type Minor, minorFromText, textFromMinor } from "@evx/kernel";
import * as v from "valibot";
import { GatewayFault, type GatewayFaultKind } from "../gateway.ts";

export type PaypalSettings = {
  readonly clientId: string;
  readonly secret: string;
  readonly webhookId: string;
  /** "https://api-m.paypal.com", PayPal's sandbox, or a stand-in on this machine. */
  readonly apiBase: string;
  readonly timeout_ms?: number;
  /** Certificates to end a webhook's chain at; the system's unless given. */
  readonly roots?: readonly string[];
  /** Certificates between, for chains that PayPal does not send whole. */
  readonly between?: readonly string[];
};

/** The venue's currencies that PayPal charges. Dong are not among PayPal's, so they are not offered there. */
const charged: readonly Currency[] = ["USD", "EUR", "NZD", "JPY"];

/** Ten characters before the point is what the orders' specification allows; nothing less than one unit. */
const MOST: Minor = 999_999_999n;

export const chargeFor = (amount: Minor, currency: Currency) =>
  charged.includes(currency) && amount > 0n && amount <= MOST ? { amount, currency } : null;

export const money = (amount: Minor, currency: Currency) => {
  if (!chargeFor(amount, currency)) throw new GatewayFault("paypal", "refused", "amount_not_charged");
  return { currency_code: currency, value: textFromMinor(amount, currency) };
};

export const Money = v.object({ currency_code: v.string(), value: v.string() });

/** An amount of theirs in minor units; in a currency that the venue does not know it is nothing that can be booked. */
export const minorOf = ({ currency_code, value }: v.InferOutput<typeof Money>): Minor =>
  isCurrency(currency_code) ? (minorFromText(value, currency_code) ?? 0n) : 0n;

const Problem = v.object({
  name: v.optional(v.string(), "UNKNOWN"),
  details: v.optional(v.array(v.object({ issue: v.optional(v.string(), "") })), []),
});

const SHORT = new Set(["INSUFFICIENT_FUNDS", "REFUND_FAILED_INSUFFICIENT_FUNDS"]);
const REUSED = new Set(["DUPLICATE_REQUEST_ID", "PAYPAL_REQUEST_ID_REUSED"]);

const kindOf = (status: number, code: string): GatewayFaultKind => {
  if (SHORT.has(code)) return "short_of_funds";
  if (REUSED.has(code)) return "key_reused";
  if (status === 401 || status === 403) return "misconfigured";
  return status >= 500 || status === 429 || status === 409 || status === 408 ? "unavailable" : "refused";
};

/** Speaks to PayPal: a token that is renewed before it ends, one key for each write, its errors given a kind. */
export type PaypalClient = {
  get<T>(path: string, shape: v.GenericSchema<unknown, T>): Promise<T>;
  post<T>(path: string, key: string, body: object, shape: v.GenericSchema<unknown, T>): Promise<T>;
};

type Request = { method: "GET" | "POST"; path: string; headers: Record<string, string>; body?: string };

const send = async (settings: PaypalSettings, { path, ...request }: Request): Promise<Response> =>
  fetch(`${settings.apiBase}${path}`, {
    ...request,
    redirect: "error",
    signal: AbortSignal.timeout(settings.timeout_ms ?? 15_000),
  }).catch((cause: unknown) => {
    throw new GatewayFault("paypal", "unavailable", "no_answer", { cause });
  });

const read = async <T>(response: Response, shape: v.GenericSchema<unknown, T>): Promise<T> => {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const problem = v.safeParse(Problem, body);
    const code = problem.success
      ? problem.output.details[0]?.issue || problem.output.name
      : `http_${response.status}`;
    throw new GatewayFault("paypal", kindOf(response.status, code), code);
  }
  const parsed = v.safeParse(shape, body);
  if (!parsed.success) throw new GatewayFault("paypal", "unavailable", "answer_not_understood");
  return parsed.output;
};

const Token = v.object({ access_token: v.string(), expires_in: v.number() });

const freshToken = async (settings: PaypalSettings): Promise<{ text: string; until: number }> => {
  const headers = {
    authorization: `Basic ${btoa(`${settings.clientId}:${settings.secret}`)}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const body = "grant_type=client_credentials";
  const response = await send(settings, { method: "POST", path: "/v1/oauth2/token", headers, body });
  const { access_token, expires_in } = await read(response, Token);
  return { text: access_token, until: performance.now() + (expires_in - 60) * 1000 };
};

export const paypalClient = (settings: PaypalSettings): PaypalClient => {
  let token: { text: string; until: number } | null = null;
  const authorized = async (request: Request): Promise<Response> => {
    token = token && token.until > performance.now() ? token : await freshToken(settings);
    const headers = { ...request.headers, authorization: `Bearer ${token.text}` };
    const response = await send(settings, { ...request, headers });
    // A token can be called back before its time: the next call gets a new one.
    if (response.status === 401) token = null;
    return response;
  };
  return {
    get: async (path, shape) => read(await authorized({ method: "GET", path, headers: {} }), shape),
    post: async (path, key, body, shape) => {
      const headers = {
        "content-type": "application/json",
        "paypal-request-id": key,
        prefer: "return=representation",
      };
      return read(await authorized({ method: "POST", path, headers, body: JSON.stringify(body) }), shape);
    },
  };
};
