import { ForgedWebhook, type Notice, type RawWebhook, type Verdict } from "../gateway.ts";
import type { VnpaySettings } from "./calls.ts";
import { canonicalQuery, isSigned, momentOfVnpay } from "./signing.ts";

/** VNPay's own words for what became of an IPN. It calls again until it hears 00 or 02. */
const answers: Record<Verdict, { RspCode: string; Message: string }> = {
  forged: { RspCode: "97", Message: "Invalid signature" },
  unknown: { RspCode: "01", Message: "Order not found" },
  wrong_amount: { RspCode: "04", Message: "Invalid amount" },
  known: { RspCode: "02", Message: "Order already confirmed" },
  recorded: { RspCode: "00", Message: "Confirm Success" },
  failed: { RspCode: "99", Message: "Unknown error" },
};

export const answerTo = (verdict: Verdict): Record<string, string> => answers[verdict];

/**
 * Checks an IPN's signature over the values as they came, and reads what it is about. It carries no name of its own:
 * what it says of which payment names it, so that the same again is the same. Throws `ForgedWebhook`.
 */
export const verifyWebhook = (settings: VnpaySettings, { query }: RawWebhook): Notice => {
  const given = new URLSearchParams(query);
  const names = [...given.keys()];
  const params = Object.fromEntries(given);
  // A name that comes twice could be signed by its first value and read by its second.
  if (new Set(names).size !== names.length) throw new ForgedWebhook("A field comes twice.");
  if (!isSigned(canonicalQuery(params), params.vnp_SecureHash, settings.hashSecret))
    throw new ForgedWebhook("The signature is not the gateway's.");
  if (params.vnp_TmnCode !== settings.tmnCode) throw new ForgedWebhook("It is meant for another merchant.");
  const ref = params.vnp_TxnRef ?? "";
  const wire = /^\d{1,18}$/.test(params.vnp_Amount ?? "") ? BigInt(params.vnp_Amount ?? 0) : -1n;
  return {
    id: [ref, params.vnp_TransactionNo, params.vnp_ResponseCode, params.vnp_TransactionStatus, wire].join(
      ".",
    ),
    type: `ipn.${params.vnp_ResponseCode}.${params.vnp_TransactionStatus}`,
    at: momentOfVnpay(params.vnp_PayDate ?? "") ?? new Date(0),
    subject: { kind: "page", ref },
    // A fraction of a dong is never what was asked.
    claim: { ref, amount: wire % 100n === 0n ? wire / 100n : -1n, currency: "VND" },
  };
};
