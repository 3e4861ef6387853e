/** What a transfer is for. `correction` reverses an earlier one, with the reason in its memo. */
export type TransferKind =
  | "issue"
  | "transfer"
  | "list"
  | "unlist"
  | "sale"
  | "capture"
  | "refund"
  | "payout"
  | "payout_failed"
  | "retire"
  | "cancel"
  | "buffer"
  | "cva_fee"
  | "gateway_fee"
  | "chargeback"
  | "correction";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
