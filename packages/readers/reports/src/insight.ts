import { displayNames } from "@evx/accounts";
import type { Db } from "@evx/db";
import { type Currency, creditsFromGrams, textFromMinor } from "@evx/kernel";
import type * as v from "valibot";
import type { Metric, Period } from "./policy.ts";
import { cohortRows, stepRows, topRows } from "./queries/sums.ts";
import type { Insight } from "./schema.ts";

type Answer = v.InferInput<typeof Insight>;

const ownerSteps = ["cars", "requests", "issued_g", "listings", "sold_g", "paid_out_minor"] as const;
const buyerSteps = ["bought_g", "retired_g"] as const;

const named: Partial<Record<Metric, string>> = {
  joined_ev_owner: "joined",
  joined_buyer: "joined",
  cars: "car",
  requests: "asked",
  issued_g: "issued",
  listings: "offered",
  sold_g: "sold",
  paid_out_minor: "paid_out",
  bought_g: "bought",
  retired_g: "retired",
};

const funnel = async (db: Db, joined: Metric, taken: readonly Metric[], period: Period) => {
  const rows = new Map((await stepRows(db, joined, taken, period)).map((row) => [row.metric, row.people]));
  return [joined, ...taken].map((metric) => ({
    step: named[metric] ?? metric,
    people: Number(rows.get(metric) ?? 0n),
  }));
};

const cohorts = async (db: Db, period: Period): Promise<Answer["cohorts"]> => {
  const found = new Map<string, { people: number; active: number[] }>();
  for (const { month, later, people } of await cohortRows(db, period)) {
    const cohort = found.get(month) ?? { people: 0, active: [] };
    if (later === null) cohort.people = Number(people);
    else cohort.active[later] = Number(people);
    found.set(month, cohort);
  }
  return [...found]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([month, { people, active }]) => ({
      month,
      people,
      active: Array.from(active, (count) => count ?? 0),
    }));
};

const lists = {
  sellers: "gross_minor",
  buyers: "spent_minor",
  owners: "issued_g",
  retirers: "retired_g",
  auditors: "decided",
} as const satisfies Record<keyof Answer["top"], Metric>;

/** How far people come who joined in a period, how long they stay, and who did most in it. For operators. */
export const insight = async (
  db: Db,
  period: Period,
  { currency, most }: { currency: Currency; most: number },
): Promise<Answer> => {
  const [owners, buyers, groups, ...tops] = await Promise.all([
    funnel(db, "joined_ev_owner", ownerSteps, period),
    funnel(db, "joined_buyer", buyerSteps, period),
    cohorts(db, period),
    ...Object.values(lists).map((metric) => topRows(db, metric, period, most)),
  ]);
  const names = await displayNames(db, [...new Set(tops.flat().map(({ subject }) => subject))]);
  const shown = (metric: Metric, amount: bigint): string => {
    if (metric.endsWith("_minor")) return textFromMinor(amount, currency);
    return metric.endsWith("_g") ? creditsFromGrams(amount) : String(amount);
  };
  const top = Object.fromEntries(
    Object.entries(lists).map(([name, metric], place) => [
      name,
      (tops[place] ?? []).map(({ subject, amount }) => ({
        userId: subject,
        name: names.get(subject) ?? "",
        amount: shown(metric, amount),
      })),
    ]),
  ) as Answer["top"];
  const { from, to, zone } = period;
  return { from, to, zone, currency, owners, buyers, cohorts: groups, top };
};
