import type { Movement } from "@evx/adapters";
import { day_ms, hour_ms, type Minor } from "@evx/kernel";
import type { ChargeHere } from "@evx/payments";
import type { PayoutHere } from "@evx/payouts";

/** A gateway writes some of a day's movements a little after it: a day is compared once it is over for so long. */
const GRACE_MS = 2 * hour_ms;

/** So many finished days are compared, again as long as something differs. */
const DAYS_BACK = 7;

/** A day of a gateway as its name and its two midnights. */
export type GatewayDay = { day: string; from: Date; to: Date };

/** The days of a gateway that are over, the latest first. Its midnight is `midnight_ms` before UTC's. */
export const finishedDays = (now: Date, midnight_ms: number, count = DAYS_BACK): GatewayDay[] => {
  const today = Math.floor((now.getTime() - GRACE_MS + midnight_ms) / day_ms);
  return Array.from({ length: count }, (_, back) => {
    const start = (today - 1 - back) * day_ms;
    return {
      day: new Date(start).toISOString().slice(0, 10),
      from: new Date(start - midnight_ms),
      to: new Date(start + day_ms - midnight_ms),
    };
  });
};

export type Found = {
  kind: "missing_here" | "missing_there" | "amount" | "fee";
  what: Movement["kind"];
  ref: string | null;
  paymentId: ChargeHere["paymentId"] | null;
  currency: string;
  here: Minor | null;
  there: Minor | null;
};

type Totals = { what: Movement["kind"]; ref: string; currency: string; gross: Minor; fee: Minor };

/** Movements summed by what they are about: what came and went again is nothing. */
const totalsOf = (movements: readonly Movement[]): Totals[] => {
  const sums = new Map<string, Totals>();
  for (const { kind, ref, id, currency, gross, fee } of movements) {
    const about = ref ?? id;
    const key = `${kind} ${about} ${currency}`;
    const known = sums.get(key) ?? { what: kind, ref: about, currency, gross: 0n, fee: 0n };
    sums.set(key, { ...known, gross: known.gross + gross, fee: known.fee + fee });
  }
  return [...sums.values()];
};

/** What we say of a total of theirs: signed as theirs is. */
const hereOf = (total: Totals, charge: ChargeHere): Minor => {
  if (total.what === "payment") return charge.received;
  return -(total.what === "refund" ? charge.refunded : charge.disputed);
};

const comparedCharge = (total: Totals, charge: ChargeHere | undefined): Found[] => {
  const { what, ref, currency, gross: there } = total;
  const found = { what, ref, currency, there, paymentId: charge?.paymentId ?? null };
  if (!charge) return there === 0n ? [] : [{ ...found, kind: "missing_here", here: null }];
  const here = hereOf(total, charge);
  const amount: Found[] =
    here === there && currency === charge.currency ? [] : [{ ...found, kind: "amount", here }];
  if (what !== "dispute" || total.fee === charge.disputeFee) return amount;
  return [...amount, { ...found, kind: "fee", here: charge.disputeFee, there: total.fee }];
};

const comparedPayout = (total: Totals, payout: PayoutHere | undefined): Found[] => {
  const { what, ref, currency, gross: there } = total;
  const found = { what, ref, currency, there, paymentId: null };
  if (!payout) return there === 0n ? [] : [{ ...found, kind: "missing_here", here: null }];
  return -payout.sent === there ? [] : [{ ...found, kind: "amount", here: -payout.sent }];
};

/** What a list of a gateway names and what we know of it, side by side. */
type Sides = {
  readonly movements: readonly Movement[];
  readonly charges: readonly ChargeHere[];
  /** What was captured in the day: each of these must be in the list. */
  readonly captured: readonly ChargeHere[];
  readonly payouts: readonly PayoutHere[];
  /** Whether a payout was sent in the day, and so must be in the list. */
  readonly sent: (payout: PayoutHere) => boolean;
};

/** Under which names a gateway may list a payout. */
export const namesOf = (payout: PayoutHere): string[] => payout.ref.split("/");

/** All that differs between a gateway's list and our books. Fees of charges are not compared but booked. */
export const differencesOf = ({ movements, charges, captured, payouts, sent }: Sides): Found[] => {
  const totals = totalsOf(movements);
  const found = totals.flatMap((total) => {
    if (total.what === "payout")
      return comparedPayout(
        total,
        payouts.find((payout) => namesOf(payout).includes(total.ref)),
      );
    if (total.what === "fee" || total.what === "other") {
      const { what, ref, currency, gross } = total;
      const nothing = gross === 0n && total.fee === 0n;
      const odd = { kind: "missing_here", what, ref, currency, here: null, there: gross } as const;
      return nothing ? [] : [{ ...odd, paymentId: null }];
    }
    return comparedCharge(
      total,
      charges.find(({ charge }) => charge === total.ref),
    );
  });
  const named = (what: Movement["kind"]) =>
    new Set(totals.filter((total) => total.what === what).map(({ ref }) => ref));
  const [paid, paidOut] = [named("payment"), named("payout")];
  const missing = captured
    .filter(({ charge }) => !paid.has(charge))
    .map(({ charge, currency, received, paymentId }) => {
      const one = { kind: "missing_there", what: "payment", ref: charge, currency } as const;
      return { ...one, paymentId, here: received, there: null };
    });
  const unsent = payouts
    .filter(
      (payout) => payout.sent > 0n && sent(payout) && !namesOf(payout).some((name) => paidOut.has(name)),
    )
    .map(({ ref, currency, sent: amount }) => {
      const one = { kind: "missing_there", what: "payout", ref, currency } as const;
      return { ...one, paymentId: null, here: -amount, there: null };
    });
  return [...found, ...missing, ...unsent];
};
