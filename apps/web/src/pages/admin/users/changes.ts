import { creditsFromGrams, isCurrency, textFromMinor } from "@evx/kernel";
import type words from "../../../i18n/en/changes.ts";

type Field = Extract<keyof typeof words, `field.${string}`>;
type Value = Extract<keyof typeof words, `value.${string}`>;
type Unit = "grams" | "minor" | "money" | "moment" | "country" | "value" | "plain" | "number";

/** What the trail's fields are called, and what their values are. What is not here is shown as it was written, out of the way. */
const known: Record<string, readonly [Field, Unit]> = {
  accredited: ["field.accredited", "plain"],
  amount: ["field.amount", "money"],
  at: ["field.at", "moment"],
  back: ["field.back", "plain"],
  bankAccount: ["field.bankAccount", "plain"],
  batches: ["field.batches", "number"],
  beneficiary: ["field.beneficiary", "plain"],
  buffer_g: ["field.buffer", "grams"],
  by: ["field.by", "value"],
  class: ["field.class", "value"],
  count: ["field.count", "number"],
  countryCode: ["field.country", "country"],
  decision: ["field.decision", "value"],
  dispute: ["field.dispute", "value"],
  email: ["field.email", "plain"],
  every: ["field.every", "value"],
  evidence: ["field.evidence", "plain"],
  from: ["field.from", "moment"],
  funded: ["field.funded", "plain"],
  grams: ["field.credits", "grams"],
  gramsPerKwh: ["field.gramsPerKwh", "number"],
  keysEnded: ["field.keysEnded", "number"],
  kind: ["field.kind", "value"],
  km: ["field.km", "number"],
  label: ["field.label", "plain"],
  level: ["field.level", "value"],
  lines: ["field.lines", "number"],
  listed_g: ["field.listed", "grams"],
  maxMinor: ["field.max", "minor"],
  minimum: ["field.minimum", "money"],
  mode: ["field.mode", "value"],
  name: ["field.name", "plain"],
  note: ["field.note", "plain"],
  notes: ["field.note", "plain"],
  outcome: ["field.outcome", "value"],
  owner_g: ["field.owner", "grams"],
  priceMinor: ["field.price", "minor"],
  proofMatches: ["field.proof", "plain"],
  provider: ["field.provider", "plain"],
  reason: ["field.reason", "value"],
  refused: ["field.refused", "number"],
  role: ["field.role", "value"],
  sessionsEnded: ["field.sessionsEnded", "number"],
  source: ["field.source", "plain"],
  status: ["field.status", "value"],
  subject: ["field.subject", "plain"],
  until: ["field.until", "moment"],
  vehicles: ["field.vehicles", "number"],
  version: ["field.version", "plain"],
  zone: ["field.zone", "plain"],
};

/** Said beside others, or in both languages at once. */
const silent = new Set(["currency"]);

/** How the page writes each kind of value; `word` answers null for a value that is somebody's own words. */
export type Sayings = {
  locale: "en" | "vi";
  yes: string;
  no: string;
  credits(decimal: string): string;
  money(amount: string, currency: string): string;
  number(value: number | string): string;
  moment(at: string): string;
  country(code: string): string;
  word(value: string): string | null;
};

export type Change = { field: Field | "field.text"; before: string | null; after: string | null };

const wordOf = (value: string): Value => `value.${value}` as Value;

/** The dictionary's key of a value that the rooms choose from a list. */
export const valueKey = (value: string, has: (key: string) => boolean): Value | null =>
  has(`value.${value}`) ? wordOf(value) : null;

const said = (value: unknown, unit: Unit, currency: string, say: Sayings): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? say.yes : say.no;
  const text = String(value);
  if (unit === "grams" && /^\d+$/.test(text)) return say.credits(creditsFromGrams(BigInt(text)));
  if (unit === "minor" && /^\d+$/.test(text) && isCurrency(currency))
    return say.money(textFromMinor(BigInt(text), currency), currency);
  if (unit === "money" && currency) return say.money(text, currency);
  if (unit === "moment" && !Number.isNaN(Date.parse(text))) return say.moment(text);
  if (unit === "country") return say.country(text);
  if (unit === "number") return say.number(typeof value === "number" ? value : text);
  return (unit === "value" ? say.word(text) : null) ?? text;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/**
 * What changed, in the reader's words: each field that has a name, as it was and as it is. `rest` is what only a
 * technician reads: ids, digests, fields without a name.
 */
export const changesOf = (
  before: unknown,
  after: unknown,
  say: Sayings,
): { changes: Change[]; rest: string } => {
  const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  const currency = String(is.currency ?? was.currency ?? "");
  const changes: Change[] = [];
  const rest: string[] = [];
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const found = Object.hasOwn(known, name) ? known[name] : undefined;
    const isPlain = !isObject(was[name]) && !isObject(is[name]);
    if (silent.has(name)) continue;
    if (name === "en" || name === "vi") {
      if (name === say.locale) changes.push({ field: "field.text", before: null, after: String(is[name]) });
    } else if (found && isPlain) {
      const [field, unit] = found;
      const change = {
        field,
        before: said(was[name], unit, currency, say),
        after: said(is[name], unit, currency, say),
      };
      if (change.before !== null || change.after !== null) changes.push(change);
    } else {
      for (const side of [was, is])
        if (Object.hasOwn(side, name) && side[name] !== undefined && side[name] !== null)
          rest.push(`${name}: ${isObject(side[name]) ? JSON.stringify(side[name]) : String(side[name])}`);
    }
  }
  return { changes, rest: rest.join("\n") };
};
