import { creditsOut, fileAnswer, idOf, idOut } from "@evx/kernel";
import * as v from "valibot";

export const formats = ["json", "csv", "pdf"] as const;
export type Format = (typeof formats)[number];

const format = v.optional(v.picklist(formats), "json");

/** The language of a file, where a link cannot say it by its headers. */
const locale = v.optional(v.picklist(["en", "vi"]));

export const ReportOf = v.object({ userId: idOf("user"), format, locale });
export const PlatformInput = v.object({ format, locale });

/** A file in place of JSON, when `format` asks for one. */
export { fileAnswer as FileView };

const money = v.string();
const count = v.number();

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
  totals: v.object(personalSums),
  series: v.array(v.object({ period: v.string(), ...personalSums })),
});

const savings = { distanceKm: v.number(), co2SavedKg: v.number(), credits: creditsOut };

export const SavingsReport = v.object({
  userId: idOut("user"),
  totals: v.object(savings),
  series: v.array(v.object({ period: v.string(), ...savings })),
});

const revenue = {
  creditsSold: creditsOut,
  sales: count,
  gross: money,
  platformFee: money,
  cvaFee: money,
  net: money,
};

export const RevenueReport = v.object({
  userId: idOut("user"),
  currency: v.string(),
  totals: v.object(revenue),
  series: v.array(v.object({ period: v.string(), ...revenue })),
});

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
  currency: v.string(),
  users: v.record(v.string(), v.number()),
  creditsIssued: creditsOut,
  creditsTraded: creditsOut,
  creditsRetired: creditsOut,
  trades: count,
  volume: money,
  fees: money,
  platformFees: money,
  cvaFees: money,
  disputes: count,
  series: v.array(v.object({ period: v.string(), ...platform })),
});

/** What anyone may know of the venue, without signing in. */
export const PublicTotals = v.object({
  creditsIssued: creditsOut,
  creditsRetired: creditsOut,
  creditsTraded: creditsOut,
  trades: count,
});

/** How many rows of each kind the sums were built from. */
export const Rebuilt = v.object({
  users: count,
  batches: count,
  sales: count,
  retirements: count,
  disputes: count,
});
