import {
  type Currency,
  creditsFromGrams,
  isCurrency,
  type Locale,
  textFromMinor,
  withoutLinks,
} from "@evx/kernel";
import type { Topic } from "./schema.ts";
import { type Template, templates } from "./texts.ts";

export type TemplateName = keyof typeof templates;
export type Details = Readonly<Record<string, string | number>>;

export const isTemplate = (name: string): name is TemplateName => Object.hasOwn(templates, name);

export const topicOf = (name: TemplateName): Topic | null => templates[name].topic;

const shownMoney = (minor: bigint, currency: Currency, locale: Locale): string => {
  const text = textFromMinor(minor, currency) as `${number}`;
  return new Intl.NumberFormat(locale === "vi" ? "vi-VN" : "en-US", { style: "currency", currency }).format(
    text,
  );
};

/** As the web app writes credits: no zeros at the end, the reader's decimal sign. */
const shownCredits = (grams: bigint, locale: Locale): string =>
  new Intl.NumberFormat(locale === "vi" ? "vi-VN" : "en-US", { maximumFractionDigits: 6 }).format(
    creditsFromGrams(grams) as `${number}`,
  );

/** With its offset, so that it is true wherever it is read. */
const shownMoment = (text: string, locale: Locale, zone: string): string => {
  const at = new Date(text);
  const offset = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" })
    .formatToParts(at)
    .find(({ type }) => type === "timeZoneName")?.value;
  const said = new Intl.DateTimeFormat(locale === "vi" ? "vi-VN" : "en-GB", {
    day: locale === "vi" ? "2-digit" : "numeric",
    month: locale === "vi" ? "2-digit" : "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
  }).format(at);
  return zone === "UTC" ? `${said} UTC` : `${said} (${offset ?? zone})`;
};

const isMoment = (text: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);

const places = /\{(\w+)(?::(credits|money))?\}/g;
const isWhole = (value: string): boolean => /^-?\d+$/.test(value);

/**
 * Throws when a sentence of a template has a place that the details do not fill, or fill with what is no amount: before
 * it is stored, so that whoever wrote the event hears of it and nobody reads it.
 */
export const checkDetails = (name: TemplateName, details: Details): void => {
  const { link, en, vi }: Template = templates[name];
  for (const sentence of [link, ...en, ...vi])
    for (const [, place = "", unit] of sentence.matchAll(places)) {
      const value = details[place];
      if (value === undefined)
        throw new Error(
          `The notification "${name}" says {${place}}, and the event does not tell it. Nothing was sent.`,
        );
      if (unit && !isWhole(String(value)))
        throw new Error(
          `The notification "${name}" says {${place}} as ${unit}, and "${value}" is no whole number.`,
        );
      if (unit === "money" && !isCurrency(String(details.currency ?? "")))
        throw new Error(`The notification "${name}" says {${place}} as money, and no currency is told.`);
    }
};

const fill = (sentence: string, details: Details, locale: Locale, zone = "UTC"): string =>
  sentence.replace(places, (_, name: string, unit?: string) => {
    const value = String(details[name] ?? "");
    // Kept by a version that did not check: better an odd sentence than none of the list.
    if (unit && !isWhole(value)) return value || "…";
    if (unit === "credits") return shownCredits(BigInt(value), locale);
    const currency = String(details.currency ?? "");
    if (unit === "money" && isCurrency(currency)) return shownMoney(BigInt(value), currency, locale);
    return isMoment(value) ? shownMoment(value, locale, zone) : withoutLinks(value);
  });

/** A template written out in a language, with moments as clocks in a zone show them. Its link is a path of the web app. */
export const write = (
  name: TemplateName,
  details: Details,
  locale: Locale,
  zone = "UTC",
): { subject: string; message: string; link: string } => {
  const template: Template = templates[name];
  const [subject, message] = template[locale];
  return {
    subject: fill(subject, details, locale, zone),
    message: fill(message, details, locale, zone),
    link: fill(template.link, details, "en"),
  };
};
