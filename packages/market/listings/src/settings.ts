import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";

/** The conditions of trade, which the environment sets. */
export type TradeSettings = {
  /** How many days a sale's money lies before it can be withdrawn, unless an operator's rule says otherwise. */
  readonly holdDays: number;
  /** Whether an e-mail address must be verified before somebody lists, buys or bids. */
  readonly requireVerifiedEmail: boolean;
  /** Whether who lists more than `marketplace.identity_limits` says must have proved their identity. */
  readonly requireKyc: boolean;
};

/** Goes on when the actor may list, buy and bid. Refuses `trade_needs_email`. */
export const mayTrade = <T>(
  settings: Pick<TradeSettings, "requireVerifiedEmail">,
  actor: Actor,
  next: () => Promise<T>,
): Promise<T> => {
  if (settings.requireVerifiedEmail && !actor.emailVerified) throw refuse("trade_needs_email");
  return next();
};
