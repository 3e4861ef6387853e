import { useText } from "../i18n/index.ts";
import { currentLocale, formatLocale } from "./locale.ts";
import { serverNow } from "./time.ts";

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

const cached = <F extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  kind: string,
  options: object,
  make: (locale: string) => F,
): F => {
  const name = `${kind}/${formatLocale()}/${JSON.stringify(options)}`;
  const found = cache.get(name) as F | undefined;
  if (found) return found;
  const made = make(formatLocale());
  cache.set(name, made);
  return made;
};

const numbers = (options: Intl.NumberFormatOptions) =>
  cached("number", options, (locale) => new Intl.NumberFormat(locale, options));

const dates = (options: Intl.DateTimeFormatOptions) =>
  cached("date", options, (locale) => new Intl.DateTimeFormat(locale, options));

/** Decimal text is given to Intl as text: no digit of a credit or a price passes through a float. */
const exact = (text: string) => text as `${number}`;

const isDecimal = (text: string) => /^-?\d+(\.\d+)?$/.test(text);

/** Grams in a decimal number of credits, without floats: "0.1" → 100000n. */
export const gramsOf = (credits: string): bigint => {
  const [whole = "0", fraction = ""] = credits.replace("-", "").split(".");
  const grams = BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0") || "0");
  return credits.startsWith("-") ? -grams : grams;
};

/** Grams as a decimal number of credits: 100000n → "0.100000". */
export const creditsOf = (grams: bigint): string =>
  `${grams / 1_000_000n}.${String(grams % 1_000_000n).padStart(6, "0")}`;

const relativeSteps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** As print has it: a minus as wide as a digit, not a hyphen. */
const minus = (text: string) => text.replace("-", "\u2212");

const number = (value: number | bigint | string, options: Intl.NumberFormatOptions = {}) =>
  typeof value === "string"
    ? isDecimal(value)
      ? minus(numbers({ maximumFractionDigits: 20, ...options }).format(exact(value)))
      : value
    : minus(numbers(options).format(value));

const unit =
  (name: string, digits: number) =>
  (value: number, options: Intl.NumberFormatOptions = {}) =>
    `${number(value, { maximumFractionDigits: digits, ...options })}\u00a0${name}`;

const kg = unit("kg", 1);
const tonnes = unit("t", 2);
const grams = unit("g", 0);

/** The bare figure, for a column whose header names the unit: six places, so that digits line up; nothing is "0". */
const creditsFigure = (text: string) =>
  number(text, { minimumFractionDigits: Number(text) === 0 ? 0 : 6, maximumFractionDigits: 6 });

/** Kilograms at the size a person reads: 0.4 → "400 g", 1489 → "1.49 t". */
const mass = (kilograms: number) => {
  const size = Math.abs(kilograms);
  if (size >= 1000) return tonnes(kilograms / 1000);
  if (size < 1 && size > 0) return grams(kilograms * 1000);
  return kg(kilograms);
};

/** What credits weigh: "0.1" → "100 kg". */
const creditsMass = (text: string) => mass(Number(gramsOf(text)) / 1000);

/** "12.34", "USD" → "$12.34"; "1200000", "VND" → "1.200.000 ₫" in Vietnamese. */
const money = (text: string, currency: string, options: Intl.NumberFormatOptions = {}) =>
  isDecimal(text) ? minus(numbers({ style: "currency", currency, ...options }).format(exact(text))) : text;

const percent = (share: number, digits = 1) =>
  number(share, { style: "percent", maximumFractionDigits: digits });

const signed = (value: number, options: Intl.NumberFormatOptions = {}) =>
  number(value, { signDisplay: "exceptZero", ...options });

/** A country's name by its two letters: "VN" → "Vietnam". */
const country = (code: string) =>
  new Intl.DisplayNames(formatLocale(), { type: "region", fallback: "code" }).of(code) ?? code;

const at = (moment: string | Date) => new Date(moment);
/** "29 Nov 2026" is "29/11/2026" in Vietnamese: months have no short names there, and "thg 11" is nobody's. */
export const calendar = () =>
  currentLocale() === "vi"
    ? ({ day: "2-digit", month: "2-digit", year: "numeric" } as const)
    : ({ day: "numeric", month: "short", year: "numeric" } as const);
const shortMonth = () => (currentLocale() === "vi" ? "numeric" : "short");
/** In the reader's zone, or in that of the place where it was. */
const inZone = (timeZone: string | undefined): Intl.DateTimeFormatOptions => (timeZone ? { timeZone } : {});
/** "5:11 PM" in English, "17:11" in Vietnamese: a clock of twelve hours has no leading nought. */
const clock = () => ({ hour: currentLocale() === "vi" ? "2-digit" : "numeric", minute: "2-digit" }) as const;
const date = (moment: string | Date, zone?: string) =>
  dates({ ...calendar(), ...inZone(zone) }).format(at(moment));
const dateTime = (moment: string | Date, zone?: string) =>
  dates({ ...calendar(), ...clock(), ...inZone(zone) }).format(at(moment));
/** Days that are the same for every reader, as a vintage's: "2025-12-31", "2026-01-04" → "31 Dec 2025 – 4 Jan 2026". */
const days = (from: string, to: string) =>
  from === to ? date(from, "UTC") : `${date(from, "UTC")} – ${date(to, "UTC")}`;
const dateTimes = (from: string | Date, to: string | Date, zone?: string) =>
  dates({ ...calendar(), ...clock(), ...inZone(zone) }).formatRange(at(from), at(to));
const time = (moment: string | Date) => dates({ ...clock(), second: "2-digit" }).format(at(moment));
const month = (moment: string | Date, length: "short" | "long" = "short") =>
  dates({ month: length === "short" ? shortMonth() : length, year: "numeric", timeZone: "UTC" }).format(
    at(moment),
  );

/** A period of a report ("2026", "2026-03", "2026-03-09") as people name it. */
const period = (text: string, length: "short" | "long" = "short") => {
  const parts = text.split("-").length;
  if (parts === 1) return text;
  const moment = new Date(`${text}${parts === 2 ? "-01" : ""}T00:00:00Z`);
  // A Vietnamese list of days or months has them in figures, and begins each with a capital.
  if (length === "long" && currentLocale() === "vi") {
    const [year, monthOf] = text.split("-");
    return parts === 2 ? `Tháng ${Number(monthOf)}/${year}` : date(moment, "UTC");
  }
  const long: Intl.DateTimeFormatOptions = length === "long" ? { year: "numeric" } : {};
  const options: Intl.DateTimeFormatOptions =
    parts === 2
      ? { month: length, ...long }
      : { day: "numeric", month: length === "short" ? shortMonth() : length, ...long };
  return dates({ ...options, timeZone: "UTC" }).format(moment);
};

/** "3 minutes ago", "in 2 days", by the server's clock. */
const relative = (moment: string | Date) => {
  const seconds = Math.round((at(moment).getTime() - serverNow()) / 1000);
  const format = cached("relative", {}, (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  const [name, size] =
    relativeSteps.find(([, step]) => Math.abs(seconds) >= step) ?? (["second", 1] as const);
  const said =
    name === "second" ? format.format(0, "second") : format.format(Math.trunc(seconds / size), name);
  // Vietnamese writes its "yesterday" with a capital even within a sentence; nobody else does.
  return said.charAt(0).toLowerCase() + said.slice(1);
};

/**
 * Figures and moments in the reader's format, with their units. Reactive to the language.
 * Credits and money are decimal text from the wire, and every digit is kept.
 */
export const useFormat = () => {
  const t = useText("frame");

  /** "0.100000" → "0.1 credits". `all` keeps six places, for columns and certificates. */
  const credits = (text: string, options: { all?: boolean } = {}) => {
    const amount = number(text, { minimumFractionDigits: options.all ? 6 : 0, maximumFractionDigits: 6 });
    return t(Number(text) === 1 ? "unit.credits_one" : "unit.credits_other", { amount });
  };

  return {
    number,
    credits,
    creditsFigure,
    creditsMass,
    mass,
    kg,
    tonnes,
    km: unit("km", 1),
    kWh: unit("kWh", 1),
    money,
    percent,
    signed,
    date,
    dateTime,
    dateTimes,
    days,
    time,
    month,
    period,
    relative,
    country,
    locale: currentLocale,
  };
};

export type Format = ReturnType<typeof useFormat>;
