import { day_ms, hour_ms, type Zone } from "@evx/kernel";
import { daysTo, isDate } from "./calendar.ts";
import { readUnusual } from "./written-times.ts";

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

/** In which order a date in numbers has its day, month and year. */
export type DateOrder = "ymd" | "dmy" | "mdy";

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
      const local = isoDays(text) * day_ms + hour * hour_ms + minute * 60_000 + second * 1000;
      return zulu || Number.isNaN(local) ? local : local - reading.zone.offsetAtLocal(local);
    }
  }
  return readUnusual(text.trim(), reading);
};
