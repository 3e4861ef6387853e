import * as v from "valibot";
import { creditsFromGrams, gramsFromCredits } from "./grams.ts";
import { type Id, type IdKind, idPattern, isId } from "./ids.ts";
import { isZone } from "./local-times.ts";
import { type Currency, currencies } from "./money.ts";
import { hour_ms } from "./time.ts";
import { todaysZone } from "./zones.ts";

/** An id of one kind, as text on the wire. */
export const idOf = <K extends IdKind>(kind: K) =>
  v.pipe(
    v.string(),
    v.check((text) => isId(kind, text), `Not the id of a ${kind}.`),
    v.metadata({ pattern: idPattern(kind) }),
    v.transform((text) => text as Id<K>),
  );

/** An id on its way out: typed, not checked again. */
export const idOut = <K extends IdKind>(kind: K) =>
  v.pipe(
    v.custom<Id<K>>((value) => typeof value === "string"),
    v.metadata({ type: "string", pattern: idPattern(kind) }),
  );

/** Credits on their way in: "0.1" or 0.1 → 100000n grams. More than zero, at most six decimals. */
export const creditsIn = v.pipe(
  v.union([v.string(), v.number()], "Enter the credits as a decimal number, such as 0.25."),
  v.transform(String),
  v.check(
    (text) => gramsFromCredits(text) !== null,
    "Enter credits as a decimal number with at most six decimals.",
  ),
  v.transform((text) => gramsFromCredits(text) as bigint),
  v.check((grams) => grams > 0n, "Must be more than zero."),
);

/** Credits on their way out: grams → "0.100000". */
export const creditsOut = v.pipe(
  v.bigint(),
  v.transform(creditsFromGrams),
  v.string(),
  v.metadata({ pattern: "^-?\\d+\\.\\d{6}$", examples: ["0.100000"] }),
);

/** A decimal amount of money as text; the verb reads it in the platform's currency (`minorFromText`). */
export const moneyText = v.pipe(
  v.union([v.string(), v.number()], "Enter the amount as a decimal number, such as 12.34."),
  v.transform(String),
  v.regex(/^\d{1,15}(\.\d{1,6})?$/, "Enter the amount as a decimal number, such as 12.34."),
);

/** The currency that an amount was meant in, where its sender says so. */
export const currencyIn = v.picklist(Object.keys(currencies) as Currency[], "Name a currency of this venue.");

/**
 * What is not seen but changes what is: overrides of direction, joiners of no width, fillers, tags that spell unseen text (all
 * that Unicode lets a reader ignore), odd line ends, controls of the second set, pieces of ruby, the blank of Braille.
 */
const unseen = /[\p{Default_Ignorable_Code_Point}\u0080-\u009f\u2028\u2029\u2800\ufff9-\ufffb]/gu;
/** Marks over and under one letter; no language heaps up more, and heaps cover the lines around. */
const heaped = /(\p{M}{8})\p{M}+/gu;

const cleaned = (text: string): string => text.replace(unseen, "").normalize("NFC").replace(heaped, "$1");

/**
 * Text that a person typed: trimmed, without what nobody sees, in the one composed form of Unicode (NFC) that is left then,
 * and without control characters, of a bounded length.
 */
export const textOf = (max: number, min = 1) =>
  v.pipe(
    v.string(),
    v.transform(cleaned),
    v.trim(),
    v.minLength(min, min === 1 ? "Must not be empty." : `Needs at least ${min} characters.`),
    v.maxLength(max, `At most ${max} characters.`),
    v.check(
      (text) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text),
      "Has characters that cannot be stored.",
    ),
  );

const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/;

/** A time that is written as it should be, and no venue has seen or will: whoever sent it reads that, not how to write it. */
const inItsTime = v.check(
  (text: string) => !iso.test(text) || /^(19|20|21)/.test(text),
  "Enter a time in the years 1900 to 2199.",
);

/** A moment as ISO 8601 with a zone, or a plain date (midnight UTC). Years 1900 to 2199. */
export const momentIn = v.pipe(
  v.string(),
  v.check(
    (text) => iso.test(text) && !Number.isNaN(Date.parse(text)),
    "Enter the time as ISO 8601, such as 2026-03-01T08:00:00Z.",
  ),
  inItsTime,
  v.transform((text) => new Date(text)),
);

/** A plain date, "2026-03-01": which moments it is depends on where. */
export type LocalDay = { readonly day: string };

/** An end of a period: a moment, or the whole of a day in the zone of what is asked about. */
export type Bound = Date | LocalDay;

const isDay = (text: string): boolean => {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
};

/** As `momentIn`, but a plain date stays one until the zone is known. Both ends of a period of days are part of it. */
export const boundIn = v.pipe(
  v.string(),
  v.check(
    (text) => iso.test(text) && (text.length === 10 ? isDay(text) : !Number.isNaN(Date.parse(text))),
    "Enter a day such as 2026-03-01, or the time as ISO 8601, such as 2026-03-01T08:00:00Z.",
  ),
  inItsTime,
  v.transform((text): Bound => (text.length === 10 ? { day: text } : new Date(text))),
);

/** A year of the calendar, as a number or as a query's text. */
export const yearIn = v.pipe(
  v.union([
    v.number(),
    v.pipe(v.string(), v.regex(/^\d{4}$/, "Enter the year as four digits."), v.transform(Number)),
  ]),
  v.integer("Enter the year as four digits."),
  v.minValue(1990, "At least 1990."),
  v.maxValue(2199, "At most 2199."),
);

/** A month of the calendar: "2026-03". */
export const monthIn = v.pipe(
  v.string(),
  v.regex(/^\d{4}-(0[1-9]|1[0-2])$/, "Enter the month as 2026-03."),
  v.check(
    (text) => !/^\d{4}-/.test(text) || /^(19|20|21)/.test(text),
    "Enter a month in the years 1900 to 2199.",
  ),
);

/** The earliest moment that an end of a period can be, and the latest: which a day is, is told by a zone, from UTC+14 to UTC−12. */
const within = (end: unknown): { earliest: number; latest: number } | null => {
  if (end instanceof Date) return { earliest: end.getTime(), latest: end.getTime() };
  const day = typeof end === "string" ? end : (end as Partial<LocalDay> | null | undefined)?.day;
  const midnight = Date.parse(day ?? "");
  return Number.isNaN(midnight)
    ? null
    : { earliest: midnight - 14 * hour_ms, latest: midnight + 36 * hour_ms };
};

const isBackwards = (from: unknown, to: unknown): boolean => {
  const [begin, end] = [within(from), within(to)];
  if (!begin || !end) return false;
  // Two days are of one zone, whichever it is; a day and a moment are backwards where they are so in every zone.
  const isOfDays = !(from instanceof Date) && !(to instanceof Date);
  return isOfDays ? begin.earliest > end.earliest : begin.earliest > end.latest;
};

/**
 * What no period may be. Every input that has both ends of one carries this check, so that one that ends before it begins
 * is refused in one way, where it is read, and never answered as if nothing had happened in it.
 */
export const inOrder = <I>(from: string, to: string) =>
  v.rawCheck<I>(({ dataset, addIssue }) => {
    // An end that cannot be read has its own sentence.
    if (dataset.issues?.some(({ path }) => path?.[0]?.key === from || path?.[0]?.key === to)) return;
    const input = (dataset.value ?? {}) as Record<string, unknown>;
    if (!isBackwards(input[from], input[to])) return;
    addIssue({
      message: "The period ends before it begins. Swap its two ends.",
      path: [{ type: "object", origin: "value", input, key: to, value: input[to] }],
    });
  });

/** An IANA name that this machine knows, as it is called today: "Asia/Ho_Chi_Minh", also of "Asia/Saigon". */
export const zoneIn = v.pipe(
  textOf(64),
  v.check(isZone, "There is no such time zone."),
  v.transform(todaysZone),
);

/** A moment on its way out: ISO 8601 in UTC. */
export const momentOut = v.pipe(
  v.date(),
  v.transform((at) => at.toISOString()),
  v.string(),
  v.metadata({ format: "date-time" }),
);

/** Two letters of ISO 3166-1, upper case. */
export const countryCode = v.pipe(
  v.string(),
  v.toUpperCase(),
  v.regex(/^[A-Z]{2}$/, "Enter the country as two letters, such as VN."),
);

/**
 * A document of its own format on its way out, typed and not checked again; `description` says in OpenAPI which format it
 * is and where that is written down.
 */
export const documentOut = <T extends object>(description: string) =>
  v.pipe(
    v.custom<T>((value) => typeof value === "object" && value !== null),
    v.metadata({ type: "object", additionalProperties: true, description }),
  );

/** A long file that may be asked for from a byte on, by whoever was cut off. */
export type Resumable = {
  readonly bytes: number;
  /** Tells this content from any other, earlier or later, of the same name. */
  readonly tag: string;
  /** From a byte to another, both included. */
  slice(from: number, to: number): ReadableStream<Uint8Array>;
};

/** A file that is sent as it is, whole or as a stream. */
export const fileAnswer = v.object({
  contentType: v.string(),
  fileName: v.string(),
  content: v.pipe(
    v.custom<Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array>>(
      (value) => typeof value === "string" || value instanceof Uint8Array || value instanceof ReadableStream,
    ),
    v.metadata({ type: "string", format: "binary" }),
  ),
  resumable: v.optional(v.custom<Resumable>((value) => typeof value === "object" && value !== null)),
});

export type FileAnswer = v.InferOutput<typeof fileAnswer>;

/** Whether a text is a Legal Entity Identifier (ISO 17442): eighteen places and two check digits, 1 modulo 97. */
export const isLei = (text: string): boolean => {
  if (!/^[0-9A-Z]{18}[0-9]{2}$/.test(text)) return false;
  let rest = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
  }
  return rest === 1;
};

/** A company's LEI as somebody types it: spaces are dropped, letters made large. */
export const leiIn = v.pipe(
  v.string(),
  v.transform((text) => text.replace(/\s/g, "").toUpperCase()),
  v.check(isLei, "Not an LEI: twenty places whose check digits fit, such as 5493001KJTIIGC8Y1R12."),
);
