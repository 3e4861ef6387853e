import { createHmac, timingSafeEqual } from "node:crypto";
import { hour_ms } from "@evx/kernel";

/** Form encoding as VNPay's own samples do it: a space is `+`, and `*` is escaped, which URLSearchParams leaves. */
export const formText = (value: string): string =>
  encodeURIComponent(value)
    .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

/** What is signed of a page or an IPN: names in order, empty values and the signature's own fields left out. */
export const canonicalQuery = (params: Readonly<Record<string, string>>): string =>
  Object.keys(params)
    .filter((name) => params[name] !== "" && name !== "vnp_SecureHash" && name !== "vnp_SecureHashType")
    .sort()
    .map((name) => `${formText(name)}=${formText(params[name] ?? "")}`)
    .join("&");

/** What is signed of a call or its answer: the values of these fields in this order, empty ones too. */
export const canonicalFields = (
  fields: readonly string[],
  params: Readonly<Record<string, string>>,
): string => fields.map((name) => params[name] ?? "").join("|");

/** HMAC-SHA512, hex in small letters. */
export const signed = (text: string, secret: string): string =>
  createHmac("sha512", secret).update(text, "utf8").digest("hex");

/** Whether a signature is that of a text; takes as long for a nearly right one as for a wrong one. */
export const isSigned = (text: string, signature: string | undefined, secret: string): boolean => {
  const expected = Buffer.from(signed(text, secret));
  const given = Buffer.from((signature ?? "").toLowerCase());
  return expected.length === given.length && timingSafeEqual(expected, given);
};

export const fieldsOf = {
  query: [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
  ],
  queryAnswer: [
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
    "vnp_PromotionCode",
    "vnp_PromotionAmount",
  ],
  refund: [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
  ],
  refundAnswer: [
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
  ],
} as const;

/** By how much Vietnam's clock is ahead. */
export const VIETNAM_MS = 7 * hour_ms;

/** A moment as VNPay writes it: fourteen digits of Vietnam's clock. */
export const vnpayTime = (at: Date): string =>
  new Date(at.getTime() + VIETNAM_MS).toISOString().replace(/\D/g, "").slice(0, 14);

/** The moment behind fourteen digits of Vietnam's clock; null when they are none. */
export const momentOfVnpay = (text: string): Date | null => {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+07:00`);
  return Number.isNaN(at.getTime()) ? null : at;
};
