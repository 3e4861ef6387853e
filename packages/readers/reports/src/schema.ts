import { creditsOut, fileAnswer, idOf, idOut, inOrder, momentOut, zoneIn } from "@evx/kernel";
import * as v from "valibot";
import { kinds } from "./kinds.ts";
import { steps } from "./policy.ts";

export const formats = ["json", "csv", "xlsx", "pdf"] as const;
export type Format = (typeof formats)[number];

const format = v.optional(v.picklist(formats), "json");

/** The language of a file, where a link cannot say it by its headers. */
const locale = v.optional(v.picklist(["en", "vi"]));

/** A day as a calendar has it. */
const dayIn = v.pipe(
  v.string(),
  v.check((text) => {
    const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN);
    return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
  }, "Enter a day such as 2026-03-01."),
  v.check(
    (text) => !/^\d{4}-/.test(text) || /^(19|20|21)/.test(text),
    "Enter a time in the years 1900 to 2199.",
  ),
  v.metadata({ format: "date" }),
);

/** Days of the zone, both included; what is left out is open. */
const period = {
  from: v.optional(dayIn),
  to: v.optional(dayIn),
  zone: v.optional(zoneIn, "UTC"),
  by: v.optional(v.picklist(steps), "month"),
};

const ofPerson = { userId: idOf("user"), ...period, format, locale };

export const PlatformInput = v.pipe(v.strictObject({ ...period, format, locale }), inOrder("from", "to"));
export const ReportOf = v.pipe(v.strictObject(ofPerson), inOrder("from", "to"));
export const OwnerReportOf = v.pipe(
  v.strictObject({ ...ofPerson, vehicleId: v.optional(idOf("vehicle")) }),
  inOrder("from", "to"),
);
export const InsightInput = v.pipe(
  v.strictObject({
    ...v.omit(v.object(period), ["by"]).entries,
    most: v.optional(
      v.pipe(
        v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.toNumber())]),
        v.minValue(1),
        v.maxValue(50),
      ),
      10,
    ),
  }),
  inOrder("from", "to"),
);

/** A file in place of JSON, when `format` asks for one. */
export { fileAnswer as FileView };

const money = v.string();
const count = v.number();

const said = {
  /** What the report is of: days of the zone, both included; null is open. */
  from: v.nullable(v.string()),
  to: v.nullable(v.string()),
  zone: v.string(),
  by: v.picklist(steps),
};

const report = <E extends v.ObjectEntries>(sums: E) =>
  ({
    ...said,
    totals: v.object(sums),
    series: v.array(v.object({ period: v.string(), ...sums })),
  }) as const;

const personalSums = {
  creditsIssued: creditsOut,
  creditsSold: creditsOut,
  creditsBought: creditsOut,
  creditsRetired: creditsOut,
  sales: count,
  purchases: count,
  revenue: money,
  spent: money,
  distanceKm: v.number(),
  co2SavedKg: v.number(),
};

export const PersonalReport = v.object({
  userId: idOut("user"),
  currency: v.string(),
  ...report(personalSums),
  /** What each of the person's vehicles drove and was issued in the period. */
  vehicles: v.array(
    v.object({
      vehicleId: idOut("vehicle"),
      name: v.string(),
      trips: count,
      distanceKm: v.number(),
      co2SavedKg: v.number(),
      creditsIssued: creditsOut,
    }),
  ),
});

const savings = { distanceKm: v.number(), co2SavedKg: v.number(), credits: creditsOut };

export const SavingsReport = v.object({ userId: idOut("user"), ...report(savings) });

const revenue = {
  creditsSold: creditsOut,
  sales: count,
  gross: money,
  platformFee: money,
  cvaFee: money,
  net: money,
};

export const RevenueReport = v.object({ userId: idOut("user"), currency: v.string(), ...report(revenue) });

const bought = {
  creditsBought: creditsOut,
  purchases: count,
  spent: money,
  creditsRetired: creditsOut,
};

export const attributes = ["vintage", "country", "method", "quality", "vehicleClass"] as const;

/** What a buyer's sustainability report is made of: what was bought and retired, and of which kind it was. */
export const BuyerReport = v.object({
  userId: idOut("user"),
  currency: v.string(),
  ...report(bought),
  attributes: v.array(
    v.object({
      attribute: v.picklist(attributes),
      value: v.string(),
      creditsBought: creditsOut,
      creditsRetired: creditsOut,
    }),
  ),
  /** What the retirements were for. */
  purposes: v.array(v.object({ reason: v.string(), beneficiary: v.string(), creditsRetired: creditsOut })),
});

const reviewed = {
  decided: count,
  approved: count,
  rejected: count,
  creditsIssued: creditsOut,
  tripsReviewed: count,
  tripsRefused: count,
  /** From taking a request up to deciding it, on average; null without a decision. */
  hours: v.nullable(v.number()),
};

export const AuditorReport = v.object({ userId: idOut("user"), ...report(reviewed) });

const platform = {
  users: count,
  creditsIssued: creditsOut,
  creditsTraded: creditsOut,
  creditsRetired: creditsOut,
  trades: count,
  volume: money,
  platformFees: money,
  cvaFees: money,
  disputes: count,
};

export const PlatformReport = v.object({
  ...said,
  currency: v.string(),
  /** People of today, by role. */
  users: v.record(v.string(), v.number()),
  newUsers: count,
  creditsIssued: creditsOut,
  creditsTraded: creditsOut,
  creditsRetired: creditsOut,
  trades: count,
  volume: money,
  fees: money,
  platformFees: money,
  cvaFees: money,
  paidOut: money,
  disputes: count,
  series: v.array(v.object({ period: v.string(), ...platform })),
});

const step = v.object({ step: v.string(), people: count });
const top = v.array(v.object({ userId: idOut("user"), name: v.string(), amount: v.string() }));

/** How far people come, how long they stay, and who does most. */
export const Insight = v.object({
  ...v.omit(v.object(said), ["by"]).entries,
  currency: v.string(),
  owners: v.array(step),
  buyers: v.array(step),
  cohorts: v.array(
    v.object({
      month: v.string(),
      people: count,
      /** How many of them did something in the month of joining, the next one, and so on. */
      active: v.array(count),
    }),
  ),
  /** Money for sellers and buyers, credits for the others. */
  top: v.object({ sellers: top, buyers: top, owners: top, retirers: top, auditors: top }),
});

/** What anyone may know of the venue, without signing in. */
export const PublicTotals = v.object({
  creditsIssued: creditsOut,
  creditsRetired: creditsOut,
  creditsTraded: creditsOut,
  trades: count,
});

/** How many rows of each kind the sums were built from. */
export const Rebuilt = v.object(
  Object.fromEntries(kinds.map((kind) => [kind, count])) as Record<(typeof kinds)[number], typeof count>,
);

/** Reports by sums, and lists of single rows. */
export const exported = [
  "personal",
  "co2-savings",
  "revenue",
  "buyer",
  "auditor",
  "platform",
  "sales",
  "trips",
] as const;
export type Exported = (typeof exported)[number];

export const AskExport = v.pipe(
  v.strictObject({
    report: v.picklist(exported),
    format: v.picklist(["csv", "xlsx", "pdf"]),
    /** Whose; oneself where it is left out. Operators may ask for anybody's, and for everybody's sales by `everybody`. */
    userId: v.optional(idOf("user")),
    everybody: v.optional(v.boolean(), false),
    vehicleId: v.optional(idOf("vehicle")),
    ...period,
    locale,
  }),
  inOrder("from", "to"),
);

export const ExportId = v.strictObject({ id: idOf("export") });

export const ExportView = v.object({
  id: idOut("export"),
  report: v.picklist(exported),
  format: v.picklist(["csv", "xlsx", "pdf"]),
  from: v.nullable(v.string()),
  to: v.nullable(v.string()),
  status: v.picklist(["queued", "running", "done", "failed", "expired"]),
  rowsDone: count,
  rowsTotal: v.nullable(count),
  bytes: count,
  fileName: v.string(),
  /** Where the file is, once it is done and until it expires. */
  url: v.nullable(v.string()),
  createdAt: momentOut,
  finishedAt: v.nullable(momentOut),
  expiresAt: momentOut,
});

export const ExportAnswer = v.object({ export: ExportView });
export const Exports = v.object({ items: v.array(ExportView) });
