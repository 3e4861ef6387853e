import { isDateOnly, readMoment, readTimeOfDay } from "@evx/clocks";
import { type Columns, guessedRole, ownSynonyms } from "@evx/columns";
import { zoneOf } from "@evx/kernel";

type Sample = readonly (readonly string[])[];

/** So many cells tell what a column holds. */
const telling = 50;

const utc = zoneOf("UTC");
const isClock = (text: string): boolean => !Number.isNaN(readTimeOfDay(text));
const isMoment = (text: string): boolean =>
  /\d/.test(text) &&
  (isClock(text) ||
    (["dmy", "mdy"] as const).some((order) => !Number.isNaN(readMoment(text, { order, zone: utc }))));

const cellsOf = (sample: Sample, column: number): string[] =>
  sample
    .map((fields) => (fields[column] ?? "").trim())
    .filter((cell) => cell !== "")
    .slice(0, telling);

/** Headers of a time of day beside the day's own column. */
const clocks = ["time", "time_of_day", "clock", "uhrzeit", "gio", "heure", "hora", "ora"];

/** "16,4 kWh/100 km", "5.1 km/kWh": what was used over a distance, whatever the column is called. */
const isConsumption = (text: string): boolean =>
  /\d\s*(k?wh\s*\/\s*(100\s*)?(km|mi)|(km|mi)\s*\/\s*kwh)\b/i.test(text);

/** Makers' apps head such a column "Ø Verbrauch" and write the unit into each cell. */
const withConsumption = (names: readonly string[], known: Columns, sample: Sample): Columns => {
  if (known.consumption !== undefined) return { ...known };
  const at = names.findIndex((_, column) => {
    const cells = cellsOf(sample, column);
    return cells.length > 0 && cells.every(isConsumption);
  });
  if (at < 0) return { ...known };
  const columns: Columns = { ...known, consumption: at };
  if (columns.energy === at) delete columns.energy;
  return columns;
};

/**
 * "Start" is when in one file and where in another, and "Départ" too: where a column's cells all say the other thing, its role
 * is the other one's. A file whose cells say nothing is left as its header has it, so that its rows are refused by name.
 */
export const byContents = (names: readonly string[], known: Columns, sample: Sample): Columns => {
  const columns = withConsumption(names, known, sample);
  const all = (column: number, is: (text: string) => boolean): boolean => {
    const cells = cellsOf(sample, column);
    return cells.length > 0 && cells.every(is);
  };
  const free = (column: number): boolean => !Object.values(columns).includes(column);
  for (const role of ["start", "end"] as const) {
    const at = columns[role];
    const place = `${role}_location` as const;
    const where = columns[place];
    if (at === undefined && where !== undefined && all(where, isMoment)) {
      delete columns[place];
      columns[role] = where;
    }
    if (at === undefined || !all(at, (text) => !isMoment(text))) continue;
    const better = names.findIndex(
      (name, column) =>
        free(column) &&
        ((ownSynonyms[role] as readonly string[]).includes(name) || guessedRole(name) === role) &&
        all(column, isMoment),
    );
    const { date } = columns;
    if (better >= 0) columns[role] = better;
    else if (
      role === "start" &&
      date !== undefined &&
      all(date, (text) => isMoment(text) && !isDateOnly(text))
    ) {
      columns.start = date;
      delete columns.date;
    } else continue;
    columns[place] ??= at;
  }
  const lasts = columns.duration_min !== undefined || columns.duration_s !== undefined;
  if (columns.start !== undefined || columns.date === undefined || !lasts) return columns;
  const hour = names.findIndex(
    (name, column) => clocks.includes(name) && free(column) && all(column, isClock),
  );
  if (hour >= 0 && all(columns.date, isDateOnly)) columns.start = hour;
  return columns;
};
