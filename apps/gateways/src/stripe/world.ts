import type { Clock } from "@evx/kernel";
import type { Store, Thing } from "../store.ts";

/** Where an event is posted, and the secret that signs it. */
export type Endpoint = { url: string; secret: string };

/** How long things take here; a real bank takes days. */
export type Pace = { payout_ms: number; refund_ms: number; dispute_ms: number; retry_ms: number };

/** Everything that a part of the emulated gateway needs to act. */
export type World = {
  store: Store;
  clock: Clock;
  /** Public address of this emulator, without a slash at the end. */
  origin: string;
  secretKey: string;
  endpoints: readonly Endpoint[];
  pace: Pace;
};

/** What a test asks of the webhooks that one act causes. */
export type Mischief = { copies: number; delay_ms: number; drop: boolean; shuffled: boolean };

export const NO_MISCHIEF: Mischief = { copies: 1, delay_ms: 0, drop: false, shuffled: false };

export const API_VERSION = "2026-10-28.endive";

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A new name in Stripe's form: a prefix and letters that say nothing. */
export const newName = (prefix: string, length = 24): string => {
  let name = prefix;
  for (const byte of crypto.getRandomValues(new Uint8Array(length))) name += letters[byte % letters.length];
  return name;
};

/** Unix seconds, the only time that Stripe speaks. */
export const seconds = (world: World): number => Math.floor(world.clock.now().getTime() / 1000);

/** Names that start with an underscore are the emulator's own and never leave it. */
export const visible = (thing: Thing): Thing =>
  Object.fromEntries(Object.entries(thing).filter(([name]) => !name.startsWith("_"))) as Thing;
