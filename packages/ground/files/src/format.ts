import type { Locale } from "@evx/kernel";

const tags: Record<Locale, string> = { en: "en-GB", vi: "vi-VN" };

/** A whole amount over a power of ten, in the reader's figures and without a float: (1525000n, 6) → "1.525000". */
export const decimal = (amount: bigint, places: number, locale: Locale, keep = places): string => {
  const digits = amount.toString().padStart(places + 1, "0");
  const whole = BigInt(digits.slice(0, digits.length - places)).toLocaleString(tags[locale]);
  const rest = places === 0 ? "" : digits.slice(-places);
  const shown = rest.slice(0, keep) + rest.slice(keep).replace(/0+$/, "");
  return shown ? `${whole}${locale === "vi" ? "," : "."}${shown}` : whole;
};

export const credits = (grams: bigint, locale: Locale): string => decimal(grams, 6, locale);

export const kilograms = (grams: bigint, locale: Locale): string => decimal(grams, 3, locale, 0);

/** A day, where the thing was; in UTC unless a zone is given, since paper has no reader's zone. */
export const day = (at: Date | string, locale: Locale, timeZone = "UTC"): string =>
  new Intl.DateTimeFormat(tags[locale], {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone,
  }).format(new Date(at));

/** "2026-03" as a reader writes a month. */
export const month = (period: string, locale: Locale): string =>
  new Intl.DateTimeFormat(tags[locale], { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${period}-01T00:00:00Z`),
  );

/** A moment with its offset: "01/03/2026, 16:00 GMT+7"; in UTC unless a zone is given. */
export const moment = (at: Date | string, locale: Locale, timeZone = "UTC"): string => {
  const format = new Intl.DateTimeFormat(tags[locale], {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZone,
  });
  const offset = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" })
    .formatToParts(new Date(at))
    .find(({ type }) => type === "timeZoneName")?.value;
  return `${format.format(new Date(at))} ${timeZone === "UTC" ? "UTC" : (offset ?? timeZone)}`;
};

export const countryName = (code: string, locale: Locale): string => {
  try {
    return new Intl.DisplayNames([tags[locale]], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
};
