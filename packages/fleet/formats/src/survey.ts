import { type DateOrder, orderShown } from "@evx/clocks";
import type { Columns } from "@evx/columns";

/** The mark of a column's numbers, and how many have it. */
export type Parting = { mark: "." | ","; rows: number };

/** What the cells of a whole file say where one cell alone could be read in two ways. */
export type Survey = {
  rows: number;
  /** Encoding, where bytes beyond the file's beginning showed another one. */
  encoding: string | null;
  /** Numbers that prove a decimal comma, that prove a point, and that could be read with either. */
  decimal: { comma: number; point: number; eitherComma: number; eitherPoint: number };
  /**
   * The mark that every number of a column has that has one, always with three digits behind: in a small unit it parts
   * thousands. A survey that a release before kept has none.
   */
  small?: { distance?: Parting; energy?: Parting; odometer?: Parting };
  order: Record<DateOrder, number>;
  /** Rows whose energy is 0, and rows that have any. */
  energy: { zero: number; given: number };
  /** The names of cars in each column that names one: at most fifty a column; last those of lines between the rows. */
  vehicles: string[][];
  /** The car that a line above the rows names first. A survey that a release before kept has none. */
  heading?: string | null;
};

/** What the cells of a larger file say, of which a file is one part: marks and dates are judged on all of it. */
export type WholeSurvey = Pick<Survey, "decimal" | "small" | "order">;

/** How many cars of one file are told apart and named. */
const mostVehicles = 50;
/** Lines between the rows that are asked for a car's name. */
const mostHeard = 10_000;

const measures = ["distance", "energy", "consumption", "speed", "duration_min"] as const;
/** Odometers are long enough for thousands separators, so that "12,345" says nothing there. */
const counters = ["odometer", "start_odometer", "end_odometer"] as const;

const spaces = /[\s'’]/g;

/** What one number proves of the file's decimal mark. */
const markShown = (cell: string): keyof Survey["decimal"] | null => {
  const number = /^[\s+-]*([\d.,'’\u00a0\u202f ]*\d)/.exec(cell)?.[1]?.replace(spaces, "");
  if (!number) return null;
  const comma = number.lastIndexOf(",");
  const point = number.lastIndexOf(".");
  if (comma < 0 && point < 0) return null;
  if (comma >= 0 && point >= 0) return comma > point ? "comma" : "point";
  const mark = comma >= 0 ? "," : ".";
  const [before = "", after = "", ...more] = number.split(mark);
  if (more.length > 0) return mark === "," ? "point" : "comma";
  const grouped = after.length === 3 && before.length >= 1 && before.length <= 3 && !before.startsWith("0");
  if (mark === ",") return grouped ? "eitherComma" : "comma";
  return grouped ? "eitherPoint" : "point";
};

/** A car's name as it is compared: case and spaces do not tell two cars apart. */
export const vehicleKey = (name: string): string => name.trim().replace(/\s+/g, " ").toUpperCase();

/** Gathers a survey, row by row. Its memory does not grow with the file. */
export class Gatherer {
  readonly survey: Survey;
  readonly #names: Map<string, string>[];
  readonly #headings = new Map<string, string>();
  #heard = 0;
  /** How many numbers of a column could be read with either mark, and how many not. */
  readonly #marks = {
    distance: { eitherComma: 0, eitherPoint: 0, other: 0 },
    energy: { eitherComma: 0, eitherPoint: 0, other: 0 },
    odometer: { eitherComma: 0, eitherPoint: 0, other: 0 },
  };

  constructor(
    private readonly columns: Columns,
    private readonly vehicleColumns: readonly number[],
    private readonly headingOf: (fields: readonly string[]) => string | null,
  ) {
    this.#names = vehicleColumns.map(() => new Map());
    this.survey = {
      rows: 0,
      encoding: null,
      decimal: { comma: 0, point: 0, eitherComma: 0, eitherPoint: 0 },
      small: {},
      order: { ymd: 0, dmy: 0, mdy: 0 },
      energy: { zero: 0, given: 0 },
      vehicles: [],
    };
  }

  row(fields: readonly string[]): void {
    const { survey, columns } = this;
    survey.rows++;
    for (const role of measures) this.#mark(columns[role], fields, true, role);
    for (const role of counters) this.#mark(columns[role], fields, false, "odometer");
    const dated = columns.date ?? columns.start ?? columns.end;
    const order = dated === undefined ? null : orderShown(fields[dated] ?? "");
    if (order) survey.order[order]++;
    const energy = columns.energy === undefined ? "" : (fields[columns.energy] ?? "").trim();
    if (energy !== "") {
      survey.energy.given++;
      if (/^0*[.,]?0*(\s*k?wh)?$/i.test(energy)) survey.energy.zero++;
    }
    for (const [at, column] of this.vehicleColumns.entries()) keepName(this.#names[at], fields[column] ?? "");
    // What is to be a time and has no digit in front begins a line that is none of the rows.
    if (dated !== undefined && !/^\s*["']?\d/.test(fields[dated] ?? "")) this.heading(fields);
  }

  /** A line above the rows or between them. */
  heading(fields: readonly string[]): void {
    if (this.#heard++ >= mostHeard) return;
    const named = this.headingOf(fields);
    if (named !== null) keepName(this.#headings, named);
  }

  end(): Survey {
    const small: NonNullable<Survey["small"]> = {};
    for (const role of ["distance", "energy", "odometer"] as const) {
      const { eitherComma, eitherPoint, other } = this.#marks[role];
      if (other === 0 && eitherPoint > 0 && eitherComma === 0) small[role] = { mark: ".", rows: eitherPoint };
      if (other === 0 && eitherComma > 0 && eitherPoint === 0) small[role] = { mark: ",", rows: eitherComma };
    }
    const headings = [...this.#headings.values()];
    const vehicles = this.#names.map((names) => [...names.values()]);
    if (headings.length > 1) vehicles.push(headings);
    return { ...this.survey, small, vehicles, heading: headings[0] ?? null };
  }

  #mark(
    column: number | undefined,
    fields: readonly string[],
    ambiguous: boolean,
    role: (typeof measures)[number] | "odometer",
  ): void {
    const cell = column === undefined ? undefined : fields[column];
    if (!cell) return;
    const shown = markShown(cell);
    if (shown === null) return;
    if (ambiguous || !shown.startsWith("either")) this.survey.decimal[shown]++;
    if (role !== "distance" && role !== "energy" && role !== "odometer") return;
    this.#marks[role][shown === "eitherComma" || shown === "eitherPoint" ? shown : "other"]++;
  }
}

const keepName = (names: Map<string, string> | undefined, name: string): void => {
  const key = vehicleKey(name);
  if (!names || ["", "NONE", "NULL"].includes(key) || names.has(key) || names.size >= mostVehicles) return;
  names.set(key, name.trim().slice(0, 100));
};

/** The decimal mark that a file's numbers show, and whether that is a guess. */
export const decimalShown = ({
  decimal,
}: Pick<Survey, "decimal">): { decimal: "." | ","; uncertain: boolean } => {
  const { comma, point, eitherComma, eitherPoint } = decimal;
  if (comma !== point) return { decimal: comma > point ? "," : ".", uncertain: false };
  // A trip of "12,345" km is rather twelve kilometres than twelve thousand.
  return {
    decimal: eitherComma > eitherPoint ? "," : ".",
    uncertain: eitherComma + eitherPoint > 0 || comma > 0,
  };
};

/** The order of day and month that a file's dates show: what nine of ten say that can say it. */
export const orderSurveyed = ({ order }: Survey): { order: DateOrder; certain: boolean } | null => {
  const total = order.ymd + order.dmy + order.mdy;
  if (total === 0) return null;
  const [most, votes] = (Object.entries(order) as [DateOrder, number][]).reduce((a, b) =>
    b[1] > a[1] ? b : a,
  );
  return { order: most, certain: votes >= total * 0.9 };
};
