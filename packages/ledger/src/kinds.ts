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
  /** A sale's money comes back from those whom it went to, for a refund. */
  | "take_back"
  /** A debt is paid from what was earned later. */
  | "set_off"
  /** An operator gives up a debt. */
  | "write_off"
  /** What a gateway charges for a dispute, whoever wins it. */
  | "dispute_fee"
  /** The deposit of somebody who won an auction and did not pay, for its seller. */
  | "deposit_kept"
  | "correction";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
