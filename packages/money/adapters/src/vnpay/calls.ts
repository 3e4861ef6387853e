import { GatewayFault } from "../gateway.ts";
import { canonicalFields, fieldsOf, isSigned, signed } from "./signing.ts";

export type VnpaySettings = {
  readonly tmnCode: string;
  readonly hashSecret: string;
  /** Where buyers pay: "https://pay.vnpay.vn/vpcpay.html". */
  readonly payUrl: string;
  /** Where we ask: "https://merchant.vnpay.vn/merchant_webapi/api/transaction". */
  readonly apiUrl: string;
  /** Dong for one whole unit of the venue's currency; null where only dong is charged. */
  readonly rate: number | null;
  readonly timeout_ms?: number;
};

export type Answer = Readonly<Record<string, string>>;

export const VERSION = "2.1.0";

/** Our own address in calls from the server; VNPay wants one and does nothing with it. */
export const SERVER_IP = "127.0.0.1";

/** Text of letters, digits and spaces: the only text that all of VNPay's parts encode alike. */
export const plainText = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/đ/g, "d")
    .replace(/Đ/g, "D")
    .replace(/[^A-Za-z0-9 ]+/g, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, 200);

const answerOf = (value: unknown): Answer => {
  if (value === null || typeof value !== "object") return {};
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, String(entry ?? "")]));
};

/**
 * Calls VNPay and answers what it says, its signature checked over the values as they came. An answer without a good
 * signature is no answer: it is `unavailable`, so that nothing is decided by it.
 */
export const call = async (
  settings: VnpaySettings,
  kind: "query" | "refund",
  params: Readonly<Record<string, string>>,
): Promise<Answer> => {
  const hash = signed(canonicalFields(fieldsOf[kind], params), settings.hashSecret);
  const response = await fetch(settings.apiUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...params, vnp_SecureHash: hash }),
    redirect: "error",
    signal: AbortSignal.timeout(settings.timeout_ms ?? 10_000),
  }).catch((cause: unknown) => {
    throw new GatewayFault("vnpay", "unavailable", "no_answer", { cause });
  });
  const answer = answerOf(await response.json().catch(() => null));
  if (!response.ok) throw new GatewayFault("vnpay", "unavailable", `http_${response.status}`);
  const fields = kind === "query" ? fieldsOf.queryAnswer : fieldsOf.refundAnswer;
  if (isSigned(canonicalFields(fields, answer), answer.vnp_SecureHash, settings.hashSecret)) return answer;
  // Refusals that come before it looked at the order carry no signature: they decide nothing but that it did not do it.
  const code = answer.vnp_ResponseCode ?? "";
  if (code === "97" || code === "02" || code === "03")
    throw new GatewayFault("vnpay", "misconfigured", `answer_${code}`);
  throw new GatewayFault("vnpay", "unavailable", "answer_unsigned");
};
