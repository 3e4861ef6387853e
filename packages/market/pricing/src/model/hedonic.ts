import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { clamp, decay, effectiveCount, weightedMedian } from "./stats.ts";
import { capTraders, type Offering, type Sale, type Sides } from "./trade.ts";

/**
 * A robust regression of ln price on what an offering is and when it was sold. Plain numbers and texts, so it can be stored.
 * Column order: one, countries, methods, vintage, size, auction, time pieces.
 */
export type Hedonic = {
  readonly countries: readonly string[];
  readonly methods: readonly string[];
  readonly vintages: readonly [low: number, high: number];
  readonly sizes: readonly [low: number, high: number];
  /** Days at which the time line may bend; it is flat outside of the first and the last sale. */
  readonly knots: readonly number[];
  readonly until: number;
  /** Weighted mean of each column: what stands in for a trait nobody asked for. */
  readonly means: readonly number[];
  readonly coefficients: readonly number[];
};

const RIDGE = 1;
const HUBER = 1.345;
const REWEIGHTINGS = 8;
const HALF_LIFE_DAYS = 180;
const MONTH_DAYS = 30;
/** In a quiet month somebody's sales say no more than so many. */
const MOST_A_MONTH = 3;
const MOST_KNOTS = 12;
/** Traits rarer than these share one coefficient: none, the market's average. */
const MOST_COUNTRIES = 30;
const MOST_METHODS = 10;
/** Slopes are per this many days, vintages in this many years, so that one ridge fits all columns. */
const TIME_UNIT = 60;
const VINTAGE_UNIT = 3;

const commonest = (names: readonly string[], most: number): string[] => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
};

type Shape = Omit<Hedonic, "means" | "coefficients">;

const widthOf = (shape: Shape): number =>
  1 + shape.countries.length + shape.methods.length + 3 + shape.knots.length;

const shapeOf = (sales: readonly Sale[]): Shape => {
  const first = (sales[0] as Sale).day;
  const until = (sales.at(-1) as Sale).day;
  const pieces = clamp(Math.floor(sales.length / 12), 1, MOST_KNOTS);
  let [oldest, newest, least, most] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { vintage, size } of sales) {
    oldest = Math.min(oldest, vintage);
    newest = Math.max(newest, vintage);
    least = Math.min(least, size);
    most = Math.max(most, size);
  }
  return {
    countries: commonest(
      sales.map(({ country }) => country),
      MOST_COUNTRIES,
    ),
    methods: commonest(
      sales.map(({ method }) => method),
      MOST_METHODS,
    ),
    vintages: [oldest, newest],
    sizes: [least, most],
    knots: Array.from({ length: pieces }, (_, piece) => first + ((until - first) * piece) / pieces),
    until,
  };
};

/** Writes an offering's row; NaN where the offering does not say, for `means` to fill. */
const rowOf = (shape: Shape, offering: Offering, day: number, row: Float64Array): void => {
  let column = 0;
  row[column++] = 1;
  for (const name of shape.countries)
    row[column++] = offering.country === null ? Number.NaN : offering.country === name ? 1 : 0;
  for (const name of shape.methods)
    row[column++] = offering.method === null ? Number.NaN : offering.method === name ? 1 : 0;
  const [oldest, newest] = shape.vintages;
  const [least, most] = shape.sizes;
  row[column++] =
    offering.vintage === null
      ? Number.NaN
      : (clamp(offering.vintage, oldest, newest) - newest) / VINTAGE_UNIT;
  row[column++] = clamp(offering.size, least, most);
  row[column++] = offering.auction ? 1 : 0;
  const when = Math.min(day, shape.until);
  for (const knot of shape.knots) row[column++] = Math.max(0, when - knot) / TIME_UNIT;
};

/** The columns of a row that are not zero: of some fifty one-hot columns a dozen. */
const filledOf = (row: Float64Array): Int16Array => {
  const filled: number[] = [];
  for (let column = 0; column < row.length; column++) if (row[column] !== 0) filled.push(column);
  return Int16Array.from(filled);
};

type Rows = { readonly rows: readonly Float64Array[]; readonly filled: readonly Int16Array[] };

/** β of the weighted ridge: (XᵀWX + λ)β = XᵀWy, the first column and nothing else unpenalised. */
const solve = ({ rows, filled }: Rows, logs: readonly number[], weights: readonly number[]): Float64Array => {
  const width = (rows[0] as Float64Array).length;
  // By hand, one half and what is not zero: many times as fast as multiplying matrices, which is what the time goes into.
  const normal = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as Float64Array;
    const columns = filled[i] as Int16Array;
    const weight = weights[i] as number;
    if (weight === 0) continue;
    const log = logs[i] as number;
    for (let p = 0; p < columns.length; p++) {
      const a = columns[p] as number;
      const left = (row[a] as number) * weight;
      right[a] = (right[a] as number) + left * log;
      for (let q = 0; q <= p; q++) {
        const b = columns[q] as number;
        const cell = a * width + b;
        normal[cell] = (normal[cell] as number) + left * (row[b] as number);
      }
    }
  }
  const matrix = new Matrix(width, width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b <= a; b++) {
      const value = (normal[a * width + b] as number) + (a === b ? (a === 0 ? 1e-9 : RIDGE) : 0);
      matrix.set(a, b, value);
      matrix.set(b, a, value);
    }
  }
  const solved = new CholeskyDecomposition(matrix).solve(Matrix.columnVector(right));
  return Float64Array.from({ length: width }, (_, column) => solved.get(column, 0));
};

const dot = (row: Float64Array, filled: Int16Array, coefficients: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < filled.length; at++) {
    const column = filled[at] as number;
    sum += (row[column] as number) * (coefficients[column] as number);
  }
  return sum;
};

/** Weights by age (days), no trader's above the cap, neither in the whole nor in any month: who trades much in a week must not bend the line there. */
const capInTime = (sides: Sides, ages: readonly number[], cap: number): number[] => {
  const weights = ages.map((age) => decay(age, HALF_LIFE_DAYS));
  const months = Map.groupBy(ages.keys(), (i) => Math.floor((ages[i] as number) / MONTH_DAYS));
  for (const places of months.values()) {
    const capped = capTraders(
      {
        buyers: places.map((i) => sides.buyers[i] as number),
        sellers: places.map((i) => sides.sellers[i] as number),
      },
      places.map((i) => weights[i] as number),
      cap,
      Math.max(MOST_A_MONTH, cap * places.length),
    );
    for (const [i, place] of places.entries()) weights[place] = capped[i] as number;
  }
  return capTraders(sides, weights, cap);
};

/**
 * Fits sales in order of time; `weights` (1 each unless given) multiply the age's decay and are capped by trader.
 * `logs` are the prices as accepted, which may differ from the sales' own.
 */
export const fitHedonic = (
  sales: readonly Sale[],
  sides: Sides,
  logs: readonly number[],
  traderCap: number,
): Hedonic => {
  const shape = shapeOf(sales);
  const width = widthOf(shape);
  const rows = sales.map((sale) => {
    const row = new Float64Array(width);
    rowOf(shape, sale, sale.day, row);
    return row;
  });
  const all: Rows = { rows, filled: rows.map(filledOf) };
  const base = capInTime(
    sides,
    sales.map(({ day }) => shape.until - day),
    traderCap,
  );
  let weights = base;
  let coefficients = solve(all, logs, weights);
  for (let round = 0; round < REWEIGHTINGS; round++) {
    const residuals = rows.map(
      (row, i) => (logs[i] as number) - dot(row, all.filled[i] as Int16Array, coefficients),
    );
    const scale = 1.4826 * weightedMedian(residuals.map(Math.abs), base);
    if (!(scale > 1e-9)) break;
    weights = residuals.map((residual, i) => {
      const size = Math.abs(residual) / scale;
      return (base[i] as number) * (size <= HUBER ? 1 : HUBER / size);
    });
    coefficients = solve(all, logs, weights);
  }
  const whole = base.reduce((sum, weight) => sum + weight, 0);
  const means = new Array<number>(width).fill(0);
  for (const [i, row] of rows.entries())
    for (const column of all.filled[i] as Int16Array)
      means[column] = (means[column] as number) + ((row[column] as number) * (base[i] as number)) / whole;
  return { ...shape, means, coefficients: [...coefficients] };
};

/** ln price of an offering as the regression sees it at a moment, without the newest sales' level. */
export const hedonicLog = (model: Hedonic, offering: Offering, day: number): number => {
  const row = new Float64Array(model.coefficients.length);
  rowOf(model, offering, day, row);
  let sum = 0;
  for (let column = 0; column < row.length; column++) {
    const value = row[column] as number;
    sum +=
      (Number.isNaN(value) ? (model.means[column] as number) : value) *
      (model.coefficients[column] as number);
  }
  return sum;
};

type Part = {
  readonly what: "country" | "method" | "vintage" | "size" | "auction";
  readonly log: number;
};

/** By how much each trait that an offering states moves its ln price away from the average offering's. */
export const partsOf = (model: Hedonic, offering: Offering): Part[] => {
  const row = new Float64Array(model.coefficients.length);
  rowOf(model, offering, model.until, row);
  const { countries, methods } = model;
  const groups: [Part["what"], number, number][] = [
    ["country", 1, countries.length],
    ["method", 1 + countries.length, methods.length],
    ...(["vintage", "size", "auction"] as const).map((what, i): [Part["what"], number, number] => [
      what,
      1 + countries.length + methods.length + i,
      1,
    ]),
  ];
  return groups.map(([what, from, count]) => {
    let log = 0;
    for (let column = from; column < from + count; column++) {
      const value = row[column] as number;
      if (Number.isNaN(value)) continue;
      log += (value - (model.means[column] as number)) * (model.coefficients[column] as number);
    }
    return { what, log };
  });
};

/** ln of the market's level along the time line, up to a constant: what a past price is moved by. */
export const timeLine = (model: Hedonic, day: number): number => {
  const offset = model.coefficients.length - model.knots.length;
  const when = Math.min(day, model.until);
  return model.knots.reduce(
    (sum, knot, piece) =>
      sum + (Math.max(0, when - knot) / TIME_UNIT) * (model.coefficients[offset + piece] as number),
    0,
  );
};

const HALF_LIVES = [3, 5, 8, 13, 20, 32, 50, 80, 126, 200, 400];
const LEVEL_NEEDS = 6;

/**
 * What the newest sales say that the regression does not yet: the weighted median of their residuals, with the
 * shortest half-life under which at least six equal sales speak after `weigh` has capped the traders.
 */
export const levelOf = (
  residuals: readonly number[],
  days: readonly number[],
  now: number,
  weigh: (weights: readonly number[]) => readonly number[],
): number => {
  let weighed: readonly number[] = [];
  for (const halfLife of HALF_LIVES) {
    const decayed = days.map((day) => decay(now - day, halfLife));
    // Capping can only lower the count, so where it is too low already the next half-life is tried at once.
    if (effectiveCount(decayed) < LEVEL_NEEDS && halfLife !== HALF_LIVES.at(-1)) continue;
    weighed = weigh(decayed);
    if (effectiveCount(weighed) >= LEVEL_NEEDS) break;
  }
  return weightedMedian(residuals, weighed);
};
