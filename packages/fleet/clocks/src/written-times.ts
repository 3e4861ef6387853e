import { day_ms, hour_ms, isZone, type Zone, zoneOf } from "@evx/kernel";
import { daysTo, isDate } from "./calendar.ts";
import { type DateOrder, type MomentReading, readMoment } from "./times.ts";

/** Abbreviations that logs write, in minutes ahead of UTC. The American ones win over others of the same letters. */
const abbreviations: Readonly<Record<string, number>> = {
  ...{ Z: 0, UTC: 0, GMT: 0, WET: 0, WEST: 60, BST: 60, CET: 60, MEZ: 60, CEST: 120, MESZ: 120 },
  ...{ EET: 120, EEST: 180, MSK: 180, TRT: 180, GST: 240, PKT: 300, IST: 330, ICT: 420, WIB: 420 },
  ...{ SGT: 480, MYT: 480, HKT: 480, PHT: 480, AWST: 480, JST: 540, KST: 540, AEST: 600, AEDT: 660 },
  ...{ NZST: 720, NZDT: 780, BRT: -180, EDT: -240, EST: -300, CDT: -300, CST: -360, MDT: -360 },
  ...{ MST: -420, PDT: -420, PST: -480, AKDT: -480, AKST: -540, HST: -600 },
};

const zoneText = /(?:(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?|\b([A-Z]{1,5}))\s*$/;

/** How far a written zone is ahead of UTC, in milliseconds; NaN when it is none. */
export const aheadOf = (text: string): number => {
  const found = zoneText.exec(text);
  if (!found) return Number.NaN;
  const [, sign, hours, minutes, name] = found;
  if (sign) return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
  return (abbreviations[name ?? ""] ?? Number.NaN) * 60_000;
};

/** Morning or afternoon, as English and Vietnamese clocks write it. */
const half = "[AaPp]\\.?[Mm]\\.?|SA|CH|sa|ch|[Ss]áng|[Cc]hiều|[Tt]ối|[Tt]rưa";
const isAfternoon = (text: string): boolean => /^(p|ch|t)/i.test(text);

/** Hour of the day by a clock of twelve hours; NaN when there is no such hour. */
const hourOf = (hour: number, halfText: string | undefined): number => {
  if (!halfText) return hour <= 23 ? hour : Number.NaN;
  // 13:05 CH is written by programs that put the letters after a clock of 24 hours.
  if (hour > 12) return isAfternoon(halfText) && hour <= 23 ? hour : Number.NaN;
  return hour < 1 ? Number.NaN : (hour % 12) + (isAfternoon(halfText) ? 12 : 0);
};

const written = new RegExp(
  `^(\\d{1,4})([-./])(\\d{1,2})\\2(\\d{1,4})(?:(?:[T ]|,\\s*)\\s*(\\d{1,2})[:hg.](\\d{2})(?:[:.](\\d{2})(?:[.,](\\d{1,9}))?)?\\s*(${half})?\\s*((?:UTC|GMT)?\\s*[+-]\\d{1,2}(?::?\\d{2})?|[A-Z]{1,5})?)?$`,
);

/** Seconds since 1970 lie between 2000 and 2100; a thousand times that are milliseconds. */
const unix = (digits: string): number => {
  const value = Number(digits);
  if (value >= 946_684_800 && value < 4_102_444_800) return Math.round(value * 1000);
  if (value >= 946_684_800_000 && value < 4_102_444_800_000) return Math.round(value);
  return Number.NaN;
};

/** Days since 30 December 1899, as spreadsheets keep moments; local. */
const serial = (text: string): number => {
  const days = Number(text.replace(",", "."));
  return days >= 20_000 && days < 80_000 ? Math.round((days - 25_569) * 86_400) * 1000 : Number.NaN;
};

/** The day, month and year in three written numbers, by their order; a four-digit number is always the year. */
const dateFrom = (a: string, b: string, c: string, order: DateOrder): [number, number, number] => {
  const [first, second, third] = [Number(a), Number(b), Number(c)];
  if (a.length === 4) return [first, second, third];
  // Thailand counts 543 years more.
  const year = c.length === 2 ? 2000 + third : third > 2500 && third < 2600 ? third - 543 : third;
  return order === "mdy" ? [year, first, second] : [year, second, first];
};

const instant = (local: number, ahead: number, zone: Zone): number =>
  Number.isNaN(ahead) ? local - zone.offsetAtLocal(local) : local - ahead;

/** The name of a zone behind a moment: "2026-02-01T08:00Z[UTC]", "2026-02-01 08:00 Asia/Ho_Chi_Minh". */
const zoneBehind = /\[([\w/+-]{3,40})\]$|\s([A-Z]\w+\/[\w/+-]{2,40})$/;

/** The zone that the row before named too, nearly always. */
let lastZone: Zone | null = null;

const zoneWritten = (name: string): Zone | null => {
  if (lastZone?.name !== name) lastZone = isZone(name) ? zoneOf(name) : null;
  return lastZone;
};

/** Milliseconds since 1970 of a moment that is not written the common way, or NaN. */
export const readUnusual = (text: string, reading: MomentReading): number => {
  const { order, zone } = reading;
  const zoned = zoneBehind.exec(text);
  if (zoned) {
    const [whole, bracketed, named] = zoned;
    const rest = text.slice(0, -whole.length).trim();
    const other = bracketed ?? named ?? "";
    const there = zoneWritten(other);
    return there === null ? Number.NaN : readMoment(rest, { order, zone: there });
  }
  if (/\d年/.test(text)) return readUnusual(text.replace(/[年月]/g, "-").replace(/日/, ""), reading);
  if (/^\d{8}$/.test(text)) {
    const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6))];
    if (!isDate(year, month, day)) return Number.NaN;
    return instant(daysTo(year, month, day) * day_ms, Number.NaN, zone);
  }
  // "20250201T080000Z", the basic form of ISO 8601.
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (basic) {
    const [, y, m, d, hour, minute, second = "00", offset = ""] = basic;
    return readMoment(`${y}-${m}-${d} ${hour}:${minute}:${second}${offset}`, reading);
  }
  // "2025-02-01 20:00 (GMT+7)"
  if (/\((?:UTC|GMT)[^()]*\)$/.test(text))
    return readUnusual(text.replace(/\s*\(([^()]*)\)$/, " $1"), reading);
  if (/^\d{8} \d\d:\d\d/.test(text))
    return readUnusual(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`, reading);
  if (/^\d{9,13}(\.\d+)?$/.test(text)) return unix(text);
  // Microseconds, as Android and databases keep them.
  if (/^\d{16}$/.test(text)) return unix(text.slice(0, 13));
  if (/^\d{5}([.,]\d+)?$/.test(text)) {
    const local = serial(text);
    return Number.isNaN(local) ? local : instant(local, Number.NaN, zone);
  }
  // "08:00 01/02/2025", as Vietnam often writes it.
  const clockFirst = clockBeforeDate.exec(text);
  if (clockFirst) return readUnusual(`${clockFirst[2]} ${clockFirst[1]}`, reading);
  const parts = written.exec(text);
  if (!parts) {
    const bare = text.replace(weekday, "");
    return bare === text ? readNamedMonth(text, zone) : readUnusual(bare, reading);
  }
  const [, a = "", , b = "", c = "", hours, minutes, seconds, fraction, halfText, offset] = parts;
  const [year, month, day] = dateFrom(a, b, c, order);
  if (!isDate(year, month, day)) return Number.NaN;
  const hour = hourOf(Number(hours ?? 0), halfText);
  const minute = Number(minutes ?? 0);
  const second = Number(seconds ?? 0);
  if (Number.isNaN(hour) || minute > 59 || second > 60) return Number.NaN;
  const millis = fraction ? Number(fraction.slice(0, 3).padEnd(3, "0")) : 0;
  const local = daysTo(year, month, day) * day_ms + hour * hour_ms + minute * 60_000 + second * 1000 + millis;
  const ahead = offset ? aheadOf(offset) : Number.NaN;
  return offset && Number.isNaN(ahead) ? Number.NaN : instant(local, ahead, zone);
};

/** "Chủ Nhật, ", "CN ", "T2, ", "Thứ 2 ", "Mo ": a day of the week before a date in numbers. */
const weekday =
  /^(?:\p{L}[\p{L}\p{M}.]{0,11}(?: (?:\d|\p{L}[\p{L}\p{M}]{0,5}))?|T[2-7])(?:,\s*|\s+)(?=\d{1,4}[-./]\d)/u;

const clockBeforeDate = new RegExp(
  `^(\\d{1,2}[:h]\\d{2}(?::\\d{2})?\\s*(?:${half})?)[\\s,-]+(?:ngày\\s+)?(\\d{1,4}[-./]\\d{1,2}[-./]\\d{1,4})$`,
);

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** Months of other languages that do not begin as the English ones do, without accents. */
const otherMonths: Readonly<Record<string, number>> = {
  mai: 5,
  mrz: 3,
  okt: 10,
  dez: 12,
  fev: 2,
  avr: 4,
  aou: 8,
};

const monthNamed = (text: string): number => {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().slice(0, 3);
  return otherMonths[plain] ?? months.indexOf(plain) + 1;
};

/** "Mar 1, 2026 8:00 AM", "1 March 2026 08:00", "18-Feb-2022 17:07:00.743", "Fri Feb 18 17:07:00 EST 2022", "1 thg 3, 2026". */
const readNamedMonth = (text: string, zone: Zone): number => {
  if (text.length > 80 || !/\p{L}{3}/u.test(text)) return Number.NaN;
  let rest = text
    .replace(/\([^)]*\)/g, " ")
    .replace(/(?:tháng|thg)\s*(\d{1,2})/i, (_, n: string) => ` ${months[Number(n) - 1] ?? ""} `);
  let clock = { hour: 0, minute: 0, second: 0, millis: 0 };
  const time = new RegExp(`(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?\\s*(${half})?`).exec(rest);
  if (time) {
    clock = {
      hour: hourOf(Number(time[1]), time[5]),
      minute: Number(time[2]),
      second: Number(time[3] ?? 0),
      millis: Number((time[4] ?? "").slice(0, 3).padEnd(3, "0")),
    };
    rest = rest.replace(time[0], " @ ");
  }
  let ahead = Number.NaN;
  const offset = /@\s*((?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?|[A-Z]{1,5})\b/.exec(rest);
  if (offset) {
    ahead = aheadOf(offset[1] as string);
    if (Number.isNaN(ahead)) return Number.NaN;
    rest = rest.replace(offset[0], " ");
  }
  const names = rest.match(/\p{L}{3,}/gu) ?? [];
  const month = names.map(monthNamed).find((number) => number > 0) ?? 0;
  const year = Number(/\b(\d{4})\b/.exec(rest)?.[1] ?? Number.NaN);
  const day = Number(/(?:^|[^\d])(\d{1,2})(?:st|nd|rd|th)?(?![\d:])/.exec(rest)?.[1] ?? Number.NaN);
  if (names.length > 4 || !isDate(year, month, day) || clock.minute > 59 || clock.second > 60)
    return Number.NaN;
  const local =
    daysTo(year, month, day) * day_ms +
    clock.hour * hour_ms +
    clock.minute * 60_000 +
    clock.second * 1000 +
    clock.millis;
  return Number.isNaN(local) ? local : instant(local, ahead, zone);
};

/** Whether a written moment says its own zone, so that nobody need be asked. */
export const saysZone = (text: string): boolean => {
  const plain = text.replace(/\([^)]*\)/g, "").trim();
  if (/^\d{9,13}(\.\d+)?$/.test(plain)) return true;
  if (/\d(?::\d\d)(?:[.,]\d+)?\s*(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?$/.test(plain)) return true;
  const name = /(?:\d\s?|\s)([A-Z]{1,5})(?:\s\d{4})?$/.exec(plain)?.[1];
  return name !== undefined && name in abbreviations;
};

/** Whether a written moment has a date alone. */
export const isDateOnly = (text: string): boolean =>
  !/\d[:hg]\d\d/.test(text) && !/^\d{9,13}(\.\d+)?$/.test(text.trim()) && !/^\d{5}[.,]\d+$/.test(text.trim());

/** The order that one written date proves, or null. */
export const orderShown = (text: string): DateOrder | null => {
  const parts = /(?:^|\s)(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})/.exec(text);
  if (!parts) return null;
  const [, a = "", mark, b = ""] = parts;
  if (a.length === 4) return "ymd";
  if (Number(a) > 12 && Number(b) <= 12) return "dmy";
  if (Number(b) > 12 && Number(a) <= 12) return "mdy";
  // Points between the numbers are the German and Vietnamese way of writing the day first.
  return mark === "." ? "dmy" : null;
};

const timeOfDay = new RegExp(
  `^\\s*(\\d{1,2})[:hg.]?(\\d{2})?(?::?(\\d{2})(?:[.,]\\d+)?)?\\s*(${half})?\\s*$`,
);

/** A time of day ("08:05", "8h05", "5:05 CH", "080500", a spreadsheet's 0.3368) as milliseconds of a day, or NaN. */
export const readTimeOfDay = (text: string): number => {
  if (/^0?[.,]\d{3,}$/.test(text.trim()))
    return Math.round(Number(text.trim().replace(",", ".")) * 86_400) * 1000;
  const parts = timeOfDay.exec(text.length === 5 && !/[:h.]/.test(text) ? `0${text}` : text);
  if (!parts || (parts[2] === undefined && !parts[4] && !/[hg]/.test(text))) return Number.NaN;
  const hour = hourOf(Number(parts[1]), parts[4]);
  const [minute, second] = [Number(parts[2] ?? 0), Number(parts[3] ?? 0)];
  return Number.isNaN(hour) || minute > 59 || second > 59
    ? Number.NaN
    : hour * hour_ms + minute * 60_000 + second * 1000;
};

const units: readonly [RegExp, number][] = [
  [/^(d|day|days|tag|tage|ngay)$/, day_ms],
  [/^(h|hr|hrs|hour|hours|std|stunde|stunden|gio|g)$/, hour_ms],
  [/^(m|min|mins|minute|minutes|minuten|phut|p)$/, 60_000],
  [/^(s|sec|secs|second|seconds|sekunden|giay)$/, 1_000],
];

/** Milliseconds in one unit of a column of durations, as its plain header tells it: minutes where it tells nothing. */
export const durationUnitOf = (header: string): number => {
  const word = header.split("_").at(-1) ?? "";
  if (/^(ms|millis|milliseconds)$/.test(word)) return 1;
  return header === word ? 60_000 : (units.find(([names]) => names.test(word))?.[1] ?? 60_000);
};

/** A length of time with its units ("0:45:00", "45 min", "1 h 5 min", "1 giờ 5 phút", "PT45M") in milliseconds, or NaN. */
export const readDuration = (text: string): number => {
  const clock =
    /^\s*(?:(\d{1,2})[.\s])?(\d{1,3}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(?:h|std|hrs?)?\s*$/i.exec(text);
  if (clock) {
    const [, days, hours, minutes, seconds] = clock;
    return (
      Number(days ?? 0) * day_ms +
      Number(hours) * hour_ms +
      Number(minutes) * 60_000 +
      Number(seconds ?? 0) * 1000
    );
  }
  const plain = text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .trim()
    .replace(/^pt?(?=\d)/, "");
  if (!/^(?:\d+(?:[.,]\d+)?\s*[a-z]+\.?[\s,]*)+(?:\d{1,2})?$/.test(plain)) return Number.NaN;
  let total = 0;
  for (const [, number = "", name = ""] of plain.matchAll(/(\d+(?:[.,]\d+)?)\s*([a-z]*)/g)) {
    // The number after the hours of "1h30" counts minutes.
    const unit = name === "" ? 60_000 : (units.find(([names]) => names.test(name))?.[1] ?? Number.NaN);
    total += Math.round(Number(number.replace(",", ".")) * unit);
  }
  return total;
};
