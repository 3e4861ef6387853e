import type { Db } from "@evx/db";
import type { Currency } from "@evx/kernel";

/** What pricing asks of rooms that themselves lean on it. */
export type PricingPorts = {
  /** The most that an open wanted order would pay per credit, in minor units; null without one. */
  readonly bestBid: (db: Db, input: { currency: Currency; at: Date }) => Promise<bigint | null>;
};
