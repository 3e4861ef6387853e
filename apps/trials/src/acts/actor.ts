/** What everybody who acts in a run has in hand. */
import type { Person } from "../people.ts";
import type { Promises } from "../promises.ts";
import type { Chances } from "../seeded.ts";
import type { Answer, Wire } from "../wire.ts";

export type Actor = {
  readonly me: Person;
  readonly wire: Wire;
  readonly chances: Chances;
  readonly promises: Promises;
  /** Whether gateways lose webhooks: the venue then asks by itself, after half a minute. */
  readonly dropsWebhooks: boolean;
  /** How often what was refused, and with which code: `listing listing_sold`. */
  readonly refusals: Map<string, number>;
};

/** Grams as the wire writes credits: 36000 → "0.036000". */
export const creditsOf = (grams: number): string => (grams / 1_000_000).toFixed(6);

export const gramsOf = (credits: string): number => Math.round(Number(credits || "0") * 1_000_000);

/** Notes that something was not promised, and why. */
export const forget = ({ refusals }: Actor, what: string, answer: Answer): void => {
  const why = answer.kind === "refused" ? answer.code : answer.kind;
  refusals.set(`${what} ${why}`, (refusals.get(`${what} ${why}`) ?? 0) + 1);
};
