import { isZone, type Zone, zoneOf } from "@evx/kernel";
import { aheadOf } from "./written-times.ts";

const minute_ms = 60_000;

/** Clocks that are the same time ahead of UTC all year. */
const fixed = (name: string, ahead: number): Zone => ({
  name,
  offsetAtLocal: () => ahead,
  again: (instant) => instant,
  changes: () => false,
});

/** How far a bare number says that clocks are ahead: hours up to 14, minutes up to 840, else seconds. */
const aheadOfNumber = (value: number): number => {
  const size = Math.abs(value);
  if (size <= 14) return Math.round(value * 60) * minute_ms;
  if (!Number.isInteger(value)) return Number.NaN;
  if (size <= 840) return value * minute_ms;
  return size <= 50_400 ? value * 1_000 : Number.NaN;
};

const zoneOfText = (text: string): Zone | null => {
  // "(UTC+07:00) Bangkok, Hanoi, Jakarta", as Windows lists them.
  const listed = /^\((?:UTC|GMT)\s*([+-]\s*\d{1,2}(?::?\d{2})?)?\)/i.exec(text);
  const plain = listed ? `UTC${(listed[1] ?? "").replace(/\s/g, "")}` : text;
  if (/^[A-Za-z]+\/[\w/+-]+$/.test(plain)) return isZone(plain) ? zoneOf(plain) : null;
  const bare = /^[+-]?\d{1,5}(?:[.,]\d+)?$/.test(plain) && !/^[+-]\d{4}$/.test(plain);
  const clock = /^\d{1,2}:\d{2}$/.test(plain) ? `+${plain}` : plain.toUpperCase();
  const whole = /^(?:(?:UTC|GMT)?\s*[+-]\s*\d{1,2}(?::?\d{2})?|[A-Z]{1,5})$/.test(clock);
  const ahead = bare
    ? aheadOfNumber(Number(plain.replace(",", ".")))
    : whole
      ? aheadOf(clock.replace(/\s/g, ""))
      : Number.NaN;
  return Number.isNaN(ahead) || Math.abs(ahead) > 14 * 60 * minute_ms ? null : fixed(plain, ahead);
};

/** A file has few zones; what it writes is looked up once. */
const known = new Map<string, Zone | null>();
const mostKnown = 1_000;

/** The zone that a cell names ("Asia/Tokyo", "UTC+7", "-05:00", "420", "ICT"), or null. */
export const zoneWritten = (text: string): Zone | null => {
  const name = text.trim().slice(0, 80);
  let zone = known.get(name);
  if (zone === undefined) {
    zone = zoneOfText(name);
    if (known.size < mostKnown) known.set(name, zone);
  }
  return zone;
};
