import { day_ms } from "@evx/kernel";

/** "1,234.5", "1.234,5", "12,5", "€ 12.50" and "USD 12.50" as numbers; NaN for anything else. */
export const numberOf = (text: string | undefined, decimalComma: boolean): number => {
  const plain = (text ?? "").replaceAll(/[\s'"€$£¥₫\u00A0]|^[A-Z]{3}(?=[\s\d])|(?<=[\s\d])[A-Z]{3}$/g, "");
  if (plain === "") return Number.NaN;
  const decimal = decimalComma || /^[+-]?\d+,\d{1,2}$/.test(plain) ? "," : ".";
  const [whole = "", ...fraction] = plain.split(decimal);
  return Number([whole.replaceAll(decimal === "," ? "." : ",", ""), ...fraction].join("."));
};

const LOCAL = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[ T](.*))?$/;

/** How a file writes its days where they are neither ISO nor names of months. */
export type DateStyle = { readonly monthFirst: boolean; readonly serial: boolean };

/** Days since 1970 of a spreadsheet's day 0, 1899-12-30, and the span of its days that are taken for such: 1954 to 2091. */
const SHEET_BEGIN = -25_569;
const SHEET_DAYS: readonly [first: number, last: number] = [20_000, 70_000];

/**
 * How the days of a file are written, from all of them together: one row alone cannot say whether 03/04 is in April. The month is first
 * where some day could not be otherwise and none contradicts it. `named`: the header calls the column a date.
 */
export const dateStyle = (dates: Iterable<string>, named: boolean): DateStyle => {
  let [monthFirst, dayFirst] = [false, false];
  let serial = named;
  for (const date of dates) {
    const [, one = "", two = ""] = LOCAL.exec(date) ?? [];
    if (Number(two) > 12) monthFirst = true;
    if (Number(one) > 12) dayFirst = true;
    serial &&= date === "" || isSerial(date);
  }
  return { monthFirst: monthFirst && !dayFirst, serial };
};

const isSerial = (date: string): boolean =>
  /^\d{5}(\.\d+)?$/.test(date) && Number(date) >= SHEET_DAYS[0] && Number(date) <= SHEET_DAYS[1];

/** Two digits are of the years 1970 to 2069. */
const yearOf = (year: string): string => (year.length === 4 ? year : `${Number(year) < 70 ? 20 : 19}${year}`);

/** A time of day as ISO has it: "9:05", "9:05:30" and "1:05 PM" too; what is none stays as it is. */
const timeOf = (time: string): string => {
  const found = /^(\d{1,2}):(\d{2})(:\d{2}(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?$/i.exec(time);
  if (!found) return time;
  const [, hour = "", minute = "", second = ":00", half] = found;
  const [hours, pm] = [Number(hour), half?.toLowerCase() === "p"];
  const of24 = half && hours <= 12 ? (hours % 12) + (pm ? 12 : 0) : hours;
  return `${String(of24).padStart(2, "0")}:${minute}${second}`;
};

/**
 * A moment as days since 1970: ISO, with or without time, day.month.year or month/day/year, seconds or milliseconds since
 * 1970, a spreadsheet's days; NaN otherwise.
 */
export const dayOf = (text: string, { monthFirst, serial }: DateStyle): number => {
  const local = LOCAL.exec(text);
  if (local) {
    const [, one = "", two = "", year = "", time = ""] = local;
    const [day, month] = monthFirst ? [two, one] : [one, two];
    const iso = `${yearOf(year)}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    return Date.parse(time.trim() === "" ? iso : `${iso}T${timeOf(time.trim())}Z`) / day_ms;
  }
  if (serial && isSerial(text)) return Number(text) + SHEET_BEGIN;
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (compact) return Date.parse(compact.slice(1).join("-")) / day_ms;
  if (/^\d{10}(\.\d+)?$/.test(text)) return (Number(text) * 1_000) / day_ms;
  if (/^\d{13}$/.test(text)) return Number(text) / day_ms;
  // Any other bare number is a name or a count: JavaScript would read 9744 as a year.
  if (/^[+-]?[\d.,]+$/.test(text) && !/^(19|20)\d\d$/.test(text)) return Number.NaN;
  return Date.parse(text.replace(/^(\d{4}-\d\d?-\d\d?) /, "$1T")) / day_ms;
};
