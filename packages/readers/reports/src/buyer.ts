import { type Attributed, attributesOf, retiredWithin } from "@evx/credits";
import type { Db } from "@evx/db";
import { type Currency, type Id, textFromMinor } from "@evx/kernel";
import { completedWithin } from "@evx/orders";
import type * as v from "valibot";
import type { Period, Sums } from "./policy.ts";
import { momentsOf } from "./queries/sums.ts";
import { summed } from "./reports.ts";
import { attributes, type BuyerReport } from "./schema.ts";

type Report = v.InferInput<typeof BuyerReport>;
type Attribute = (typeof attributes)[number];

const buyerSums = (sums: Sums, currency: Currency) => ({
  creditsBought: sums.bought_g,
  purchases: Number(sums.purchases),
  spent: textFromMinor(sums.spent_minor, currency),
  creditsRetired: sums.retired_g,
});

const attributeIn: Record<Attribute, (one: Attributed) => string> = {
  vintage: ({ vintageYear }) => String(vintageYear),
  country: ({ countryCode }) => countryCode,
  method: ({ methodCode }) => methodCode,
  quality: ({ qualityTier }) => qualityTier,
  vehicleClass: ({ vehicleClass }) => vehicleClass,
};

const sumsBy = (attribute: Attribute, all: readonly Attributed[]): Map<string, bigint> => {
  const sums = new Map<string, bigint>();
  for (const one of all) {
    const value = attributeIn[attribute](one);
    sums.set(value, (sums.get(value) ?? 0n) + one.grams);
  }
  return sums;
};

const portion = 1_000;

/** The transfers of what a buyer bought between two moments; those of an order over many listings are one. */
const boughtTransfers = async (db: Db, buyerId: Id<"user">, within: { from: Date; to: Date }) => {
  const found = new Set<Id<"transfer">>();
  for (let after: { at: Date; id: string } | null = null; ; ) {
    const rows = await completedWithin(db, { buyerId, ...within }, after, portion);
    for (const { transfer_id } of rows) found.add(transfer_id);
    const last = rows.at(-1);
    if (!last || rows.length < portion) return [...found];
    after = { at: last.created_at, id: last.id };
  }
};

/** Purposes beyond these are left out: a report names the largest. */
const mostPurposes = 50;

/** What a holder retired between two moments: its transfers, and what it was for. */
const retirementsIn = async (db: Db, holderId: Id<"user">, within: { from: Date; to: Date }) => {
  const transfers: Id<"transfer">[] = [];
  const purposes = new Map<string, Report["purposes"][number] & { creditsRetired: bigint }>();
  for await (const rows of retiredWithin(db, holderId, within))
    for (const { transfer_id, grams_g, reason, beneficiary_name: beneficiary } of rows) {
      transfers.push(transfer_id);
      const key = `${reason} ${beneficiary}`;
      const creditsRetired = (purposes.get(key)?.creditsRetired ?? 0n) + grams_g;
      purposes.set(key, { reason, beneficiary, creditsRetired });
    }
  const largest = [...purposes.values()].sort((one, other) =>
    one.creditsRetired < other.creditsRetired ? 1 : -1,
  );
  return { transfers, purposes: largest.slice(0, mostPurposes) };
};

/**
 * What a buyer's sustainability report is made of: what was bought and retired in a period, by vintage, country, method,
 * quality and vehicle class to the gram, and what the retirements were for.
 */
export const buyerReport = async (
  db: Db,
  userId: Id<"user">,
  period: Period,
  currency: Currency,
): Promise<Report> => {
  const within = await momentsOf(db, period);
  const [{ sums, series }, boughtIds, { transfers, purposes }] = await Promise.all([
    summed(db, userId, period),
    boughtTransfers(db, userId, within),
    retirementsIn(db, userId, within),
  ]);
  const [bought, retired] = await Promise.all([attributesOf(db, boughtIds), attributesOf(db, transfers)]);
  return {
    userId,
    currency,
    ...period,
    totals: buyerSums(sums, currency),
    series: [...series]
      .filter(([, part]) => part.purchases > 0n || part.retired_g > 0n)
      .map(([name, part]) => ({ period: name, ...buyerSums(part, currency) })),
    attributes: attributes.flatMap((attribute) => {
      const [own, gone] = [sumsBy(attribute, bought), sumsBy(attribute, retired)];
      return [...new Set([...own.keys(), ...gone.keys()])].sort().map((value) => ({
        attribute,
        value,
        creditsBought: own.get(value) ?? 0n,
        creditsRetired: gone.get(value) ?? 0n,
      }));
    }),
    purposes,
  };
};
