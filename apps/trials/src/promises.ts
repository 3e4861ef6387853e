/** What the venue has said yes to, kept outside of it: afterwards each of these must still be so. */

export type PromiseKind =
  | "account"
  | "vehicle"
  | "import"
  | "request"
  | "approval"
  | "rejection"
  | "listing"
  | "order"
  | "bid"
  | "wanted"
  | "transfer"
  | "retirement"
  | "withdrawal"
  | "refund"
  | "dispute"
  | "revocation"
  | "charge";

export type Promised = {
  readonly kind: PromiseKind;
  /** What the venue called it. */
  readonly id: string;
  /** What it said of it: trips imported, grams, an amount. */
  readonly said?: string;
};

export type Promises = {
  keep(promised: Promised): void;
  readonly all: readonly Promised[];
  counts(): Record<string, number>;
};

export const emptyPromises = (): Promises => {
  const all: Promised[] = [];
  return {
    all,
    keep: (promised) => {
      all.push(promised);
    },
    counts: () => {
      const counts: Record<string, number> = {};
      for (const { kind } of all) counts[kind] = (counts[kind] ?? 0) + 1;
      return counts;
    },
  };
};
