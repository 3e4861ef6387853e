import type { DateOrder } from "./candidate.ts";
import { refuse } from "./errors.ts";

const DAY = 86_400_000;

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar. */
const daysTo = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
};

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const isDate = (year: number, month: number, day: number): boolean =>
  year >= 1970 &&
  year <= 2199 &&
  month >= 1 &&
  month <= 12 &&
  day >= 1 &&
  day <= (month === 2 && isLeap(year) ? 29 : (lengths[month - 1] as number));

/** A zone, as far as local times need it: how far its clocks are ahead of UTC when they show this time. */
export type Zone = { readonly name: string; offsetAtLocal(local: number): number };

const utc: Zone = { name: "UTC", offsetAtLocal: () => 0 };

const offsetAt = (format: Intl.DateTimeFormat, instant: number): number => {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour % 24, minute, second) - instant;
};

/** Whether a name is a zone that this machine knows ("Asia/Ho_Chi_Minh"). */
export const isZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/**
 * A zone by its IANA name. Where clocks go back and a local time happens twice, the first one is meant; a local time
 * that clocks skip is read with the offset before the change. Offsets are looked up once for each day that has one.
 */
export const zoneOf = (name: string): Zone => {
  if (name === "UTC") return utc;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const days = new Map<number, number | null>();
  const exact = (local: number): number => {
    const early = offsetAt(format, local - 15 * 3_600_000);
    const first = offsetAt(format, local - early);
    return offsetAt(format, local - first) === first ? first : early;
  };
  return {
    name,
    offsetAtLocal(local) {
      const day = Math.floor(local / DAY);
      let offset = days.get(day);
      if (offset === undefined) {
        const before = exact(day * DAY - 1);
        offset = before === exact((day + 1) * DAY) ? before : null;
        days.set(day, offset);
      }
      return offset ?? exact(local);
    },
  };
};

const two = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
};

// Rows come sorted by time, so the date is nearly always that of the row before.
let lastDate = "";
let lastDays = 0;

/** Days since 1970 of "YYYY-MM-DD", or NaN. */
const isoDays = (text: string): number => {
  const date = text.slice(0, 10);
  if (date === lastDate) return lastDays;
  const century = two(text, 0);
  const year = century * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (century < 0 || !isDate(year, month, day)) return Number.NaN;
  lastDate = date;
  lastDays = daysTo(year, month, day);
  return lastDays;
};

export type MomentReading = { order: DateOrder; zone: Zone };

/** Milliseconds since 1970 of a written moment, or NaN. A moment without a zone is in the reading's zone. */
export const readMoment = (text: string, reading: MomentReading): number => {
  const size = text.length;
  // "2026-03-01T08:00:00Z" and "2026-03-01 08:00:00", which nearly every file has, without a regular expression.
  if (
    size >= 19 &&
    size <= 20 &&
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    text.charCodeAt(13) === 58
  ) {
    const separator = text.charCodeAt(10);
    const zulu = size === 20 && text.charCodeAt(19) === 90;
    if ((separator === 84 || separator === 32) && text.charCodeAt(16) === 58 && (size === 19 || zulu)) {
      const hour = two(text, 11);
      const minute = two(text, 14);
      const second = two(text, 17);
      if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return Number.NaN;
      const local = isoDays(text) * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000;
      return zulu || Number.isNaN(local) ? local : local - reading.zone.offsetAtLocal(local);
    }
  }
  return readUnusual(text.trim(), reading);
};

const written =
  /^(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?:(?:[T ]|,\s*)\s*(\d{1,2})[:h.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Seconds since 1970 lie between 2000 and 2100; a thousand times that are milliseconds. */
const unix = (digits: string): number => {
  const value = Number(digits);
  if (value >= 946_684_800 && value < 4_102_444_800) return Math.round(value * 1000);
  if (value >= 946_684_800_000 && value < 4_102_444_800_000) return Math.round(value);
  return Number.NaN;
};

/** The day, month and year in three written numbers, by their order; a four-digit number is always the year. */
const dateFrom = (a: string, b: string, c: string, order: DateOrder): [number, number, number] => {
  const [first, second, third] = [Number(a), Number(b), Number(c)];
  if (a.length === 4) return [first, second, third];
  const year = c.length === 2 ? 2000 + third : third;
  return order === "mdy" ? [year, first, second] : [year, second, first];
};

const readUnusual = (text: string, { order, zone }: MomentReading): number => {
  if (/^\d{8}$/.test(text)) {
    const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6))];
    if (!isDate(year, month, day)) return Number.NaN;
    const local = daysTo(year, month, day) * DAY;
    return local - zone.offsetAtLocal(local);
  }
  if (/^\d{8} \d\d:\d\d/.test(text)) {
    return readUnusual(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`, { order, zone });
  }
  if (/^\d{9,13}(\.\d+)?$/.test(text)) return unix(text);
  const parts = written.exec(text);
  if (!parts) return readNamedMonth(text, zone);
  const [, a = "", , b = "", c = "", hours, minutes, seconds, fraction, half, offset] = parts;
  const [year, month, day] = dateFrom(a, b, c, order);
  if (!isDate(year, month, day)) return Number.NaN;
  let hour = Number(hours ?? 0);
  if (half) {
    if (hour < 1 || hour > 12) return Number.NaN;
    hour = (hour % 12) + (/^p/i.test(half) ? 12 : 0);
  }
  const minute = Number(minutes ?? 0);
  const second = Number(seconds ?? 0);
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const millis = fraction ? Number(fraction.slice(0, 3).padEnd(3, "0")) : 0;
  const local = daysTo(year, month, day) * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + millis;
  if (!offset) return local - zone.offsetAtLocal(local);
  if (/^[A-Z]/.test(offset)) return local;
  const ahead = Number(offset.slice(1, 3)) * 60 + Number(offset.replace(":", "").slice(3) || 0);
  return local - (offset.startsWith("-") ? -ahead : ahead) * 60_000;
};

/** "Mar 1, 2026 8:00 AM" and "1 March 2026 08:00": the engine's own parser, told to use UTC, then our zone. */
const readNamedMonth = (text: string, zone: Zone): number => {
  if (
    text.length > 60 ||
    !/^(?:[A-Za-z]{3,9},?\s+)?(?:[A-Za-z]{3,9}\.?\s+\d{1,2}|\d{1,2}\s+[A-Za-z]{3,9})/.test(text)
  ) {
    return Number.NaN;
  }
  if (/(?:Z|GMT|UTC|[+-]\d{4})\s*$/.test(text)) return Date.parse(text);
  const local = Date.parse(`${text} UTC`);
  return local - zone.offsetAtLocal(local);
};

/** Whether a written moment says its own zone, so that nobody need be asked. */
export const saysZone = (text: string): boolean =>
  /(?:Z|UTC|GMT|\d[+-]\d{2}:?\d{2})\s*$/.test(text) || /^\d{9,13}(\.\d+)?$/.test(text.trim());

/** Whether a written moment has a date alone. */
export const isDateOnly = (text: string): boolean =>
  !/\d[:h]\d\d/.test(text) && !/^\d{9,13}(\.\d+)?$/.test(text.trim());

/** The order of day and month that written dates show. `certain` when some number is above 12 or the year leads. */
export const orderOf = (
  texts: Iterable<string>,
  fallback: DateOrder,
): { order: DateOrder; certain: boolean } => {
  for (const text of texts) {
    const parts = /^\s*(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})/.exec(text);
    if (!parts) continue;
    const [, a = "", b = ""] = parts;
    if (a.length === 4) return { order: "ymd", certain: true };
    if (Number(a) > 12) return { order: "dmy", certain: true };
    if (Number(b) > 12) return { order: "mdy", certain: true };
    // Points between the numbers are the German and Vietnamese way of writing the day first.
    if (text.trim()[a.length] === ".") return { order: "dmy", certain: true };
  }
  return { order: fallback, certain: false };
};

/** "HH:MM" or "HHMMSS" as milliseconds of a day, or NaN. */
export const readTimeOfDay = (text: string): number => {
  const parts = /^\s*(\d{1,2}):?(\d{2})(?::?(\d{2}))?\s*$/.exec(
    text.length === 5 && !text.includes(":") ? `0${text}` : text,
  );
  if (!parts) return Number.NaN;
  const [hour, minute, second] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  return hour > 23 || minute > 59 || second > 59
    ? Number.NaN
    : hour * 3_600_000 + minute * 60_000 + second * 1000;
};

/** Refuses what is no IANA name of a zone. */
export const requireZone = (zone: string): void => {
  if (!isZone(zone)) throw refuse("import_zone_unknown", { zone: zone.slice(0, 60) });
};
