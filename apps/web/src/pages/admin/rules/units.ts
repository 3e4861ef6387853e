/**
 * What a rule's numbers are for people. A rule keeps whole seconds, minor units and grams; people read and type minutes,
 * dollars and credits. Nothing passes through a float: digits are moved, and what would not fit is refused.
 */
export const spans = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;

export type Span = keyof typeof spans;

const spanNames = Object.keys(spans) as Span[];

export const isSpan = (text: string): text is Span => Object.hasOwn(spans, text);

export type Unit =
  /** Typed with the point so many places further left; `whole` where what is kept has no fraction. */
  | { kind: "scaled"; sign: "percent" | "money" | "credits" | "g/km"; places: number; whole: boolean }
  /** Kept in a span of time; typed in it or a longer one. */
  | { kind: "span"; kept: Span }
  | { kind: "plain" };

const percent: Unit = { kind: "scaled", sign: "percent", places: 2, whole: true };

const byName: Readonly<Record<string, Unit>> = {
  connected: percent,
  export: percent,
  manual: percent,
  // A share of one.
  traderCap: { kind: "scaled", sign: "percent", places: -2, whole: false },
  days: { kind: "span", kept: "days" },
  longestDays: { kind: "span", kept: "days" },
  pauseDays: { kind: "span", kept: "days" },
  holding_days: { kind: "span", kept: "days" },
};

/** Units that a field's name ends with. */
const byEnd: readonly (readonly [end: RegExp, unit: (currencyPlaces: number) => Unit])[] = [
  [/(Bps|_bps)$/, () => percent],
  [/(Minor|_minor)$/, (places) => ({ kind: "scaled", sign: "money", places, whole: true })],
  [/_g$/, () => ({ kind: "scaled", sign: "credits", places: 6, whole: true })],
  [/_mg_per_km$/, () => ({ kind: "scaled", sign: "g/km", places: 3, whole: true })],
  [/_s$/, () => ({ kind: "span", kept: "seconds" })],
  [/_min$/, () => ({ kind: "span", kept: "minutes" })],
  [/_h$/, () => ({ kind: "span", kept: "hours" })],
];

/** How many decimals a currency's amounts have: 2 for USD, 0 for VND. */
const placesOf = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** A field's unit by its name. */
export const unitOf = (field: string, currency: string): Unit =>
  byName[field] ?? byEnd.find(([end]) => end.test(field))?.[1](placesOf(currency)) ?? { kind: "plain" };

/** Moves the decimal point to the left (to the right below zero), digit by digit: "275" by 2 is "2.75". */
export const moved = (text: string, places: number): string | null => {
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!parts) return null;
  const [, whole = "", fraction = ""] = parts;
  const point = whole.length - places;
  const digits = point <= 0 ? "0".repeat(1 - point) + whole + fraction : whole + fraction;
  const at = Math.max(point, 1);
  const padded = digits.padEnd(at, "0");
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const right = padded.slice(at).replace(/0+$/, "");
  return right ? `${left}.${right}` : left;
};

/** So many of a span as the longest span that says it in whole numbers: 300 seconds are 5 minutes. */
export const inLongest = (count: number, kept: Span): { count: number; span: Span } => {
  const seconds = count * spans[kept];
  const span = spanNames.findLast(
    (one) => spans[one] >= spans[kept] && (seconds === 0 ? one === kept : seconds % spans[one] === 0),
  );
  return span ? { count: seconds / spans[span], span } : { count, span: kept };
};

/** Spans in which such a field may be typed. */
export const spansFor = (kept: Span): Span[] => spanNames.filter((one) => spans[one] >= spans[kept]);

/** "1.5" hours as minutes: 90. Undefined where it is no whole number of them. */
export const fromSpan = (text: string, span: Span, kept: Span): number | undefined => {
  const parts = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (!parts) return undefined;
  const [, whole = "", fraction = ""] = parts;
  const scaled = BigInt(whole + fraction) * BigInt(spans[span]);
  const divisor = BigInt(10 ** fraction.length) * BigInt(spans[kept]);
  return scaled % divisor === 0n ? Number(scaled / divisor) : undefined;
};
