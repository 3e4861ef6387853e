import type { Value } from "./fields.ts";

/** What a value of a rule comes to in an example, as a sentence of the rules' words and what goes in its places. */
export type Effect =
  | { key: "effect.fees"; platform: string; cva: string; net: string }
  | { key: "effect.auctions"; next: string; minutes: string; strikes: string; days: string }
  | { key: "effect.orders"; minutes: string; hours: string; open: string }
  | { key: "effect.wanted"; days: string; minutes: string }
  | { key: "effect.fourEyes"; credits: string }
  | { key: "effect.buffer"; connected: string; export: string; manual: string };

type Numbers = (number: number) => string;

const numberIn = (value: Value, field: string): number =>
  typeof value[field] === "number" ? value[field] : 0;

/** A hundredth of a percent of a hundred, to the cent. */
const ofHundred = (bps: number): number => Math.round(bps) / 100;

type Writer = (value: Value, number: Numbers) => Effect;

const writers: Readonly<Record<string, Writer>> = {
  "marketplace.sale_fees": (value, number) => {
    const [platform, cva] = [numberIn(value, "platformFeeBps"), numberIn(value, "cvaFeeBps")].map(ofHundred);
    return {
      key: "effect.fees",
      platform: number(platform ?? 0),
      cva: number(cva ?? 0),
      net: number(Math.round((100 - (platform ?? 0) - (cva ?? 0)) * 100) / 100),
    };
  },
  "marketplace.auctions": (value, number) => ({
    key: "effect.auctions",
    next: number(
      (10_000 + Math.max(Math.ceil(numberIn(value, "stepBps")), numberIn(value, "stepMinor"))) / 100,
    ),
    minutes: number(Math.round(numberIn(value, "window_s") / 6) / 10),
    strikes: number(numberIn(value, "strikes")),
    days: number(numberIn(value, "pauseDays")),
  }),
  "marketplace.order_limits": (value, number) => ({
    key: "effect.orders",
    minutes: number(numberIn(value, "paymentWindow_min")),
    hours: number(numberIn(value, "winnerWindow_h")),
    open: number(numberIn(value, "openOrdersPerBuyer")),
  }),
  "marketplace.wanted": (value, number) => ({
    key: "effect.wanted",
    days: number(numberIn(value, "days")),
    minutes: number(numberIn(value, "paymentWindow_min")),
  }),
  "verification.four_eyes": (value, number) => ({
    key: "effect.fourEyes",
    credits: number(numberIn(value, "above_g") / 1_000_000),
  }),
  "credits.buffer_shares": (value, number) => ({
    key: "effect.buffer",
    connected: number(numberIn(value, "connected") / 10),
    export: number(numberIn(value, "export") / 10),
    manual: number(numberIn(value, "manual") / 10),
  }),
};

/** An example of what a rule's value does; null for a rule that needs none. */
export const effectOf = (name: string, value: Value, number: Numbers): Effect | null =>
  writers[name]?.(value, number) ?? null;
