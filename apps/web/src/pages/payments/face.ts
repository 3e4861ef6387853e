import type { Tone } from "@evx/ui";
import type { Payment } from "./words.ts";

/** What the payment page says. */
export type Face =
  | "waiting"
  | "slow"
  | "awaited"
  | "handing"
  | "done"
  | "open"
  | "cancelled"
  | "declined"
  | "over"
  | "mismatch"
  | "refunded"
  | "disputed";

/** How a buyer came back from a gateway's page. It only chooses words: what became of the money is asked for. */
export type Back = "paid" | "cancelled" | "declined" | "";

/** What the addresses say that gateways send buyers back to. */
export const isBack = (text: string | undefined): text is "paid" | "cancelled" =>
  text === "paid" || text === "cancelled";

/** VNPay sends everybody back to one address, and says in a code how it went: 24 is a buyer who left. */
export const backOf = (search: { back?: string; vnp_ResponseCode?: string }): Back => {
  const code = search.vnp_ResponseCode;
  if (code !== undefined && code !== "00") return code === "24" ? "cancelled" : "declined";
  return isBack(search.back) ? search.back : "";
};

export const faceOf = (
  payment: Pick<Payment, "status" | "disputed" | "captured" | "awaited" | "failure" | "payable">,
  back: Back,
  slow: boolean,
): Face => {
  if (payment.status === "refunded") return "refunded";
  if (payment.disputed) return "disputed";
  if (payment.status === "completed") return "done";
  if (payment.captured) return "handing";
  if (payment.failure === "amount_mismatch") return "mismatch";
  if (payment.awaited) return "awaited";
  if (!payment.payable) return "over";
  // The gateway sends buyers back as paid only when they paid, so an earlier decline is not the last word.
  if (back === "paid" && !slow) return "waiting";
  if (payment.status === "failed") return back === "cancelled" ? "cancelled" : "declined";
  if (back === "paid") return "slow";
  return back === "" ? "open" : back;
};

export const faceTones: Record<Face, Tone> = {
  waiting: "info",
  slow: "warning",
  awaited: "info",
  handing: "positive",
  done: "positive",
  open: "neutral",
  cancelled: "neutral",
  declined: "negative",
  over: "neutral",
  mismatch: "warning",
  refunded: "info",
  disputed: "warning",
};
