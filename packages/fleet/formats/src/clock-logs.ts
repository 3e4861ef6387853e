import { readMoment, readTimeOfDay } from "@evx/clocks";
import { moments, ownSynonyms, plainHeader, words } from "@evx/columns";
import { day_ms, hour_ms, zoneOf } from "@evx/kernel";
import { refuse } from "./errors.ts";
import type { Widen } from "./long.ts";

/**
 * Logs that show hours, or count seconds, and name no day. Nobody but the owner can tell it, who is asked; what is told is
 * kept with that import alone, and every trip of it says so.
 */
export type ClockColumn = { column: number; counts: "hours" | "seconds" | "milliseconds" };

type Table = { header: readonly string[]; sample: readonly (readonly string[])[] };

const names = new Set(
  words(`
  time time_of_day clock timestamp uhrzeit zeit gio thoi_gian heure hora seconds second sec secs s elapsed elapsed_time
  elapsed_s elapsed_sec elapsed_seconds time_s time_sec time_secs time_seconds time_ms elapsed_ms ms millis milliseconds
  offset runtime run_time giay so_giay thoi_gian_giay thoi_gian_s zeit_s`),
);
const days = new Set<string>([...ownSynonyms.date, ...moments]);
/** What a log of a drive has beside its time. */
const measured =
  /(^|_)(speed\w*|velocity|toc_do|van_toc|geschwindigkeit|vitesse|odometer|odo|latitude|lat|pid|sensor|value|gia_tri|wert)(_|$)/;

const utc = zoneOf("UTC");
const longest_s = 7 * 86_400;

const cellsOf = ({ sample }: Table, column: number): string[] =>
  sample
    .map((fields) => (fields[column] ?? "").trim())
    .filter((cell) => cell !== "")
    .slice(0, 50);

const isCount = (cell: string): boolean =>
  /^\d{1,9}([.,]\d+)?$/.test(cell) && Number(cell.replace(",", ".")) < longest_s * 1000;
const isHour = (cell: string): boolean => /^\d{1,2}:\d{2}/.test(cell) && !Number.isNaN(readTimeOfDay(cell));
const isMoment = (cell: string): boolean =>
  /\d[-/.]\d/.test(cell) &&
  (["dmy", "mdy"] as const).some((order) => !Number.isNaN(readMoment(cell, { order, zone: utc })));

/** The column of hours or seconds of a log that names no day anywhere; null of every other table. */
export const clockColumnOf = (table: Table): ClockColumn | null => {
  const plain = table.header.map(plainHeader);
  if (!plain.some((name) => measured.test(name))) return null;
  const column = plain.findIndex((name) => names.has(name));
  if (column < 0) return null;
  const cells = cellsOf(table, column);
  const hours = cells.length > 1 && cells.every(isHour);
  if (!hours && !(cells.length > 1 && cells.every(isCount))) return null;
  // A day in any other column makes it a log like others; trips have ends, and are none.
  const dated = plain.some((name, place) => {
    if (place === column) return false;
    if (/(^|_)(distance|quang_duong|end|arrival|duration|ket_thuc)(_|$)/.test(name) && !/speed/.test(name))
      return true;
    const others = cellsOf(table, place);
    if (days.has(name)) return others.length > 0;
    return others.filter(isMoment).length * 2 > others.length;
  });
  if (dated) return null;
  if (hours) return { column, counts: "hours" };
  const thousandths = /(^|_)(ms|millis|milliseconds)$/.test(plain[column] as string);
  return { column, counts: thousandths ? "milliseconds" : "seconds" };
};

/** Local milliseconds of the day, and of the hour where one was told, at which a log begins. */
const told = (began: string): { day: number; clock: number | null } => {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}:\d{2}(?::\d{2})?))?$/.exec(began.trim());
  const day = parts ? readMoment(`${parts[1]} 00:00:00`, { order: "ymd", zone: utc }) : Number.NaN;
  const clock = parts?.[2] === undefined ? null : readTimeOfDay(parts[2]);
  if (Number.isNaN(day) || Number.isNaN(clock))
    throw refuse("import_began_unknown", { text: began.slice(0, 40) });
  return { day, clock };
};

const written = (local: number): string => new Date(local).toISOString().slice(0, 23).replace("T", " ");

const countOf = (cell: string, counts: ClockColumn["counts"]): number =>
  Math.round(Number(cell.trim().replace(",", ".")) * (counts === "seconds" ? 1000 : 1));

/**
 * Writes a day in front of each hour, or a moment in place of each count, from the day on that was told. Hours that fall
 * back are past midnight. Counts begin at the hour that was told; without one they count from midnight, as programs do
 * whose first count is large. Refuses `import_log_without_hour` for counts that begin near zero.
 */
export const dayed = ({ header, sample }: Table, { column, counts }: ClockColumn, began: string) => {
  const { day, clock } = told(began);
  const first = counts === "hours" ? 0 : countOf(cellsOf({ header, sample }, column)[0] as string, counts);
  if (counts !== "hours" && clock === null && first < hour_ms / 6) throw refuse("import_log_without_hour");
  const reader = (): Widen => {
    let last = Number.NEGATIVE_INFINITY;
    let midnights = 0;
    const at = (cell: string): string => {
      if (counts !== "hours") {
        const count = isCount(cell.trim()) ? countOf(cell, counts) : Number.NaN;
        const local = clock === null ? day + count : day + clock + count - first;
        return Number.isNaN(local) ? cell : written(local);
      }
      const ofDay = readTimeOfDay(cell);
      if (Number.isNaN(ofDay)) return cell;
      const millis = Math.round(Number(`0.${/:\d\d[.,](\d{1,9})/.exec(cell)?.[1] ?? "0"}`) * 1000);
      // Lines of a log swap places by seconds, never by half a day.
      if (ofDay < last - day_ms / 2) midnights++;
      last = ofDay;
      return written(day + midnights * day_ms + ofDay + millis);
    };
    return (fields) =>
      fields.map((cell, place) => (place === column && cell.trim() !== "" ? at(cell) : cell));
  };
  return { header: header.map((name, place) => (place === column ? "timestamp" : name)), reader };
};
