import { type RetirementReason, retirementReasons } from "@evx/kernel";
import type { Tone } from "@evx/ui";
import type { Answer, api } from "../../lib/api.ts";
import { gramsOf } from "../../lib/format.ts";

export type Wallet = Answer<typeof api.credits.wallet>;
export type Movement = Answer<typeof api.credits.history>["items"][number];
export type LotRow = Answer<typeof api.credits.lots>["items"][number];
export type RetirementRow = Answer<typeof api.credits.registry.retirements>["items"][number];
export type BatchRow = Answer<typeof api.credits.registry.batches>["items"][number];
export type Timeline = Answer<typeof api.credits.registry.timeline>;

export const movementTypes = [
  "issue",
  "purchase",
  "transfer_in",
  "sale",
  "transfer_out",
  "retire",
  "cancel",
] as const;

/** Whether a movement took credits out of the wallet or its listings. */
export const goesOut = (type: Movement["type"]): boolean =>
  type === "sale" || type === "transfer_out" || type === "retire" || type === "cancel";

export const movementTones: Record<Movement["type"], Tone> = {
  issue: "positive",
  purchase: "positive",
  transfer_in: "positive",
  sale: "info",
  transfer_out: "info",
  retire: "neutral",
  cancel: "negative",
};

export const isReason = (text: string): text is RetirementReason =>
  retirementReasons.some((reason) => reason === text);

/** Methods that have a name in the dictionary; any other is shown by its code. */
export const isNamedMethod = (code: string): code is "flat-v1" | "metered-v1" =>
  code === "flat-v1" || code === "metered-v1";

/** Classes of vehicles that have a name in the dictionary. */
export const isNamedClass = (name: string): name is "car" | "van" | "quadricycle" | "motorcycle" =>
  name === "car" || name === "van" || name === "quadricycle" || name === "motorcycle";

/** An amount that can be sent: more than zero, at most six decimals. Null for anything else. */
export const amountOf = (text: string): bigint | null => {
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(text)) return null;
  const grams = gramsOf(text);
  return grams > 0n ? grams : null;
};

/** A wallet number as it is pasted. */
export const isWalletNumber = (text: string): boolean =>
  /^usr_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text.trim());

/** Where the life of a serial number is told. */
export const lifeOf = (serial: string): string => `/registry/serials/${encodeURIComponent(serial)}`;
