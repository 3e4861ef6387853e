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

const shownMoment = (text: string, locale: Locale): string =>
  `${new Intl.DateTimeFormat(locale === "vi" ? "vi-VN" : "en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "UTC",
  }).format(new Date(text))} UTC`;

const isMoment = (text: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);

const fill = (sentence: string, details: Details, locale: Locale): string =>
  sentence.replace(/\{(\w+)(?::(credits|money))?\}/g, (_, name: string, unit?: string) => {
    const value = String(details[name] ?? "");
    if (unit === "credits") return shownCredits(BigInt(value), locale);
    const currency = String(details.currency ?? "");
    if (unit === "money" && isCurrency(currency)) return shownMoney(BigInt(value), currency, locale);
    return isMoment(value) ? shownMoment(value, locale) : withoutLinks(value);
  });

/** A template written out in a language. Its link is a path of the web app. */
export const write = (
  name: TemplateName,
  details: Details,
  locale: Locale,
): { subject: string; message: string; link: string } => {
  const template: Template = templates[name];
  const [subject, message] = template[locale];
  return {
    subject: fill(subject, details, locale),
    message: fill(message, details, locale),
    link: fill(template.link, details, "en"),
  };
};
