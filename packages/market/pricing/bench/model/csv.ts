import { day_ms } from "@evx/kernel";
import { seriesRungs, walkSeries } from "../../src/model/series.ts";
import { mean, quantile } from "../../src/model/stats.ts";
import type { Sale } from "../../src/model/trade.ts";
import { walk } from "../../src/model/walk.ts";
import { rungs } from "../../src/schema.ts";
import { type DateStyle, dateStyle, dayOf, numberOf } from "./csv-cells.ts";
import { salesReadFuture, seriesReadsFuture } from "./leak.ts";
import { chance } from "./simulate.ts";

type Print = (line: string) => void;
type PriceRow = { day: number; price: number; quantity: number };

const WORST = 250;
const LEAK = 0.95;
/** The share of errors that a leak would show in. */
const BULK = 0.98;
/** With fewer errors a fiftieth of them is none. */
const FEWEST_CUT = 50;

/** The cells of a line; a delimiter between quotes belongs to its cell. */
const cellsOf = (line: string, delimiter: string): string[] => {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let [cell, quoted] = ["", false];
  for (const sign of line) {
    if (sign === '"') quoted = !quoted;
    else if (sign === delimiter && !quoted) {
      cells.push(cell);
      cell = "";
    } else cell += sign;
  }
  return [...cells, cell];
};

/** What stands between the cells of a file: whatever its first lines have most of. */
const delimiterOf = (lines: readonly string[]): string => {
  const first = lines.slice(0, 20).join("\n");
  if (first.includes(";")) return ";";
  if (first.includes("|")) return "|";
  return first.includes("\t") && !first.includes(",") ? "\t" : ",";
};

type Columns = { date: number; price: number; quantity: number };

const NONE = -1;
const dateWords = [
  /^(date|day|time|timestamp|datetime|when|ng\u00e0y)$/,
  /(^|_)(at|date|time)(_|$)/,
  /date|time/,
];
const priceWords = [/^(price|close|settle|settlement|spot|last|gi\u00e1)/, /price/, /^value/];
const quantityWords = [/^(quantity|qty|volume|vol|amount|size|units)/, /quantity|volume/];

/** Which column is what, by the header's words; where it has none of ours, by what the first row below it holds. */
const columnsOf = (header: readonly string[], first: readonly string[]): Columns => {
  const names = header.map((name) => name.replaceAll('"', "").trim().toLowerCase());
  const named = (words: readonly RegExp[]): number =>
    words.map((word) => names.findIndex((name) => word.test(name))).find((place) => place >= 0) ?? NONE;
  const [price, quantity] = [named(priceWords), named(quantityWords)];
  const date = named(dateWords) === NONE ? columnsWithout(first).date : named(dateWords);
  const others = names.keys().filter((place) => ![date, price, quantity].includes(place));
  const numbers = [...others].filter((place) => Number.isFinite(numberOf(first[place], true)));
  const found = price === NONE ? (numbers.shift() ?? NONE) : price;
  // Of many columns without a name of ours one is no quantity merely for being a number.
  const few = names.length <= 3 ? (numbers[0] ?? NONE) : NONE;
  return { date, price: found, quantity: quantity === NONE ? few : quantity };
};

/** A line of names has neither a day nor a price; a preamble before it is passed over with it. */
const HEADER_WITHIN = 20;
const isHeader = (cells: readonly string[]): boolean =>
  !cells.some((cell) =>
    [
      numberOf(cell, true),
      numberOf(cell, false),
      dayOf(cell.trim(), ISO),
      dayOf(cell.trim(), MONTH_FIRST),
    ].some(Number.isFinite),
  );
const ISO: DateStyle = { monthFirst: false, serial: false };
const MONTH_FIRST: DateStyle = { monthFirst: true, serial: false };

/** Where nothing is named: the first column that is a day, and the first two others. */
const columnsWithout = (first: readonly string[]): Columns => {
  const isDay = (cell: string) => Number.isFinite(dayOf(cell.trim(), ISO)) && !/^\d{1,4}$/.test(cell.trim());
  const date = Math.max(0, first.findIndex(isDay));
  const [price = 1, quantity = 2] = [0, 1, 2].filter((place) => place !== date);
  return { date, price, quantity };
};

type Row = { line: number; cells: string[] };

/** The rows that are not empty from a line on. Never all at once: of a million lines the cells alone would fill a gigabyte. */
function* rowsFrom(lines: readonly string[], delimiter: string, from = 0): Generator<Row> {
  for (let i = from; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.trim() !== "") yield { line: i + 1, cells: cellsOf(line, delimiter) };
  }
}

/** What a file's lines are: the cells of each row with its number, and which column is what. */
const rowsOf = (text: string) => {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const delimiter = delimiterOf(lines);
  const top = [...rowsFrom(lines, delimiter).take(HEADER_WITHIN + 1)];
  const header = top
    .slice(0, HEADER_WITHIN)
    .findLastIndex(({ cells }) => cells.length > 1 && isHeader(cells));
  const named =
    header >= 0 && top.slice(0, header).every(({ cells }) => cells.length === 1 || isHeader(cells));
  const names = named ? top[header] : undefined;
  const first = top[named ? header + 1 : 0]?.cells ?? [];
  const columns = names ? columnsOf(names.cells, first) : columnsWithout(first);
  const body = () => rowsFrom(lines, delimiter, names?.line ?? 0);
  return { body, columns, named, most: names?.cells.length ?? Infinity, decimalComma: delimiter === ";" };
};

/**
 * Reads `date,price[,quantity]`, by commas, semicolons, bars or tabs (with semicolons a decimal comma may stand), in any order of dates.
 * Rows without a date, with a price that is not above zero or a quantity below zero are refused, each with its line and all that it lacks; without a
 * quantity, or with none traded, a row counts as one. A header is passed over, and says which column is what where it uses usual names. A row
 * with more cells than it is refused: "1,150.50" without its quotes would be read as a price of one.
 */
export const readPrices = (text: string): { rows: PriceRow[]; refused: string[] } => {
  const rows: PriceRow[] = [];
  const refused: string[] = [];
  const { body, columns, named, most, decimalComma } = rowsOf(text);
  const dateIn = (cells: readonly string[]) => (cells[columns.date] ?? "").trim();
  const style = dateStyle(
    body().map(({ cells }) => dateIn(cells)),
    named,
  );
  for (const { line, cells } of body()) {
    const day = dayOf(dateIn(cells), style);
    const price = numberOf(cells[columns.price], decimalComma);
    const quantityText = (cells[columns.quantity] ?? "").trim();
    const stated = numberOf(quantityText, decimalComma);
    // A quote of a day without trade has a price all the same.
    const quantity = quantityText === "" || stated === 0 ? 1 : stated;
    const lacks = [
      ...(cells.findLastIndex((cell) => cell.trim() !== "") < most ? [] : ["more cells than the header has"]),
      ...(Number.isFinite(day) ? [] : ["no date"]),
      ...(Number.isFinite(price) && price > 0 ? [] : ["no price above zero"]),
      ...(Number.isFinite(quantity) && quantity > 0 ? [] : ["no quantity"]),
    ];
    if (lacks.length > 0) refused.push(`line ${line}: ${lacks.join(", ")}`);
    else rows.push({ day, price, quantity });
  }
  return { rows: rows.sort((a, b) => a.day - b.day), refused };
};

/** A file's text: UTF-8, or UTF-16 where its first two bytes say so, as spreadsheets save "Unicode text". */
export const textOf = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder().decode(bytes);
};

const TRADERS = 60;

/** A file names nobody, so chance does, the same each time: sixty buyers and sixty sellers, as a venue may have. */
const salesOf = (rows: readonly PriceRow[]): Sale[] => {
  const random = chance(9);
  return rows.map(({ day, price, quantity }) => ({
    day,
    log: Math.log(price),
    size: Math.log(quantity),
    country: "XX",
    method: "file",
    vintage: 2000,
    auction: false,
    buyer: `buyer ${Math.floor(random() * TRADERS)}`,
    seller: `seller ${Math.floor(random() * TRADERS)}`,
  }));
};

type Scored = { log: number; naive: number; actual: number; reach: number | null };

/**
 * Error against the last price's; null where the last price never erred or nothing was said. `most`: the share of the last
 * price's errors beyond which all count alike.
 */
const ratioOf = (
  scored: readonly { log: number; naive: number; actual: number }[],
  most = 1,
): number | null => {
  const errors = (of: (one: (typeof scored)[number]) => number) =>
    scored.map((one) => Math.abs(Math.exp(of(one)) - Math.exp(one.actual)));
  const naive = errors((one) => one.naive);
  const cap = quantile(naive, most);
  const whole = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + Math.min(size, cap), 0);
  const ours = most === 1 ? mean(errors((one) => one.log)) * naive.length : whole(errors((one) => one.log));
  const ratio = ours / whole(naive);
  return Number.isFinite(ratio) ? ratio : null;
};

const held = (scored: readonly Scored[]): number[] =>
  scored.flatMap(({ log, actual, reach }) =>
    reach === null ? [] : [Math.abs(actual - log) <= reach ? 1 : 0],
  );

const worstOf = (hits: readonly number[]): number => {
  let worst = 1;
  for (let from = 0; from + WORST <= hits.length; from++)
    worst = Math.min(worst, mean(hits.slice(from, from + WORST)));
  return worst;
};

const figure = (value: number | null): string => (value === null ? "not enough data" : value.toFixed(3));
/** A ratio there is none of where nothing was said, or where the last price was always right. */
const ratioText = (ratio: number | null, count: number): string =>
  ratio === null && count > 0 ? "none, as the last price never erred" : figure(ratio);

/** As it is shown: an interval that is empty, or whose high is over three times its low, is none. */
const WIDEST = 3;
const shownReach = (reach: number | null): number | null =>
  reach !== null && reach > 1e-6 && Math.exp(2 * reach) <= WIDEST ? reach : null;

const report = (print: Print, what: string, scored: readonly Scored[], readsFuture: () => boolean): void => {
  const ratio = ratioOf(scored);
  print(
    `price: ${what}, error against the last price ${ratioText(ratio, scored.length)} over ${scored.length}`,
  );
  const bulk = scored.length < FEWEST_CUT ? null : ratioOf(scored, BULK);
  if (ratio !== null && bulk !== null && Math.abs(bulk - ratio) > 0.005)
    print(`price: ${what}, the same with its largest fiftieth of errors cut ${figure(bulk)}`);
  const said = scored.map((one) => ({ ...one, reach: shownReach(one.reach) }));
  const without = said.filter(({ reach }, i) => reach === null && scored[i]?.reach !== null).length;
  if (without > 0)
    print(`price: ${what}, no interval as it would be too wide or empty ${without} of ${said.length}`);
  const hits = held(said);
  if (hits.length > 0) {
    const widths = said.flatMap(({ reach }) => (reach === null ? [] : [Math.exp(reach) - Math.exp(-reach)]));
    const worst = hits.length >= WORST ? figure(worstOf(hits)) : "not enough data";
    print(
      `price: ${what}, coverage ${figure(mean(hits))}, worst ${WORST} ${worst}, mean width ${(100 * mean(widths)).toFixed(1)} %`,
    );
  }
  // One price a million times the others is missed twice by the last price and once by ours: that is no leak.
  if (ratio !== null && ratio < LEAK && (ratioOf(scored, BULK) ?? 1) < LEAK) {
    const reads = readsFuture();
    print(
      `price: ALARM, ${what}: ${figure(ratio)} is below ${LEAK}. Does something read the future? ${reads ? "Yes" : "No"}: with other prices in the second half its words of the first ${reads ? "change" : "are the same, so these prices can be foretold"}`,
    );
  }
};

/** More rows than this are measured by the newest so many: what is older says nothing else, and takes minutes. */
const MOST_STEPS = 20_000;
const MOST_SALES = 5_000;

type Rows = readonly PriceRow[];

const measureSteps = (print: Print, rows: Rows, horizon: number): void => {
  const logs = rows.map(({ price }) => Math.log(price));
  const { said } = walkSeries(logs, horizon);
  const actual = (index: number) => logs[index] as number;
  report(
    print,
    `ours, ${horizon} ahead`,
    said.map((one) => ({ ...one, actual: actual(one.index) })),
    () => seriesReadsFuture(logs, (other) => walkSeries(other, horizon).said),
  );
  if (horizon === 20)
    print(
      "price: 20 ahead is made a fifth wider, to hold four of five in the worst 250 steps, and shown to nobody",
    );
  for (const [name, place] of seriesRungs.entries()) {
    const ratio = ratioOf(
      said.map(({ index, naive, by }) => ({ log: by[name] as number, naive, actual: actual(index) })),
    );
    print(`price: rung ${place}, ${horizon} ahead, error against the last price ${figure(ratio)}`);
  }
};

/** The hint is judged after so many sales, whose people are known: a file names nobody, and newcomers would be all that it measures. */
const WARM = 300;

const measureSales = (print: Print, rows: Rows): void => {
  const sales = salesOf(rows);
  const sayOf = (of: readonly Sale[]) =>
    walk(of, { traderCap: 0.05, fewestTrades: 5, founders: Math.min(WARM, of.length) }).said;
  const all = sayOf(sales);
  const said = all.slice(Math.min(WARM, Math.floor(all.length / 3)));
  print(`price: the hint is judged by the last ${said.length} of ${all.length} sales that it spoke of`);
  const told = said.filter(({ unsettled }) => !unsettled);
  const silent = said.length - told.length;
  print(`price: the hint, 1 ahead, silent as prices had not settled ${silent} of ${said.length}`);
  report(print, "the hint as served, 1 ahead", told, () => salesReadFuture(sales, sayOf));
  const whole = ratioOf(said);
  print(
    `price: the hint with what it kept to itself, 1 ahead, error against the last price ${figure(whole)}`,
  );
  const ratiosOf = (some: typeof said) =>
    rungs.map((rung) => ratioOf(some.map(({ by, naive, actual }) => ({ log: by[rung], naive, actual }))));
  for (const [i, ratio] of ratiosOf(said).entries())
    print(`price: rung ${rungs[i]}, 1 ahead, error against the last price ${ratioText(ratio, said.length)}`);
  for (const [what, some] of [
    ["as served", told],
    ["with what it kept to itself", said],
  ] as const) {
    const best = Math.min(...ratiosOf(some).flatMap((ratio) => (ratio === null ? [] : [ratio])));
    const ours = ratioOf(some);
    if (ours !== null && Number.isFinite(best) && best > 0)
      print(
        `price: the ladder ${what} against its best rung on the same sales (goal 1.03) ${(ours / best).toFixed(3)}`,
      );
  }
};

/** So many lines are named of each kind of problem. */
const NAMED = 10;

/** Each kind of problem once, however many lines have it: twenty lines of one kind must not hide another. */
const reportRefused = (print: Print, refused: readonly string[]): void => {
  const kinds = Map.groupBy(refused, (reason) => reason.slice(reason.indexOf(": ") + 2));
  for (const [kind, all] of kinds) {
    const lines = all.slice(0, NAMED).map((reason) => reason.slice("line ".length, reason.indexOf(":")));
    const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : "";
    print(`price: refused for ${kind}: line${all.length > 1 ? "s" : ""} ${lines.join(", ")}${more}`);
  }
};

/** Measures the models on any file of prices; ours and each rung 1, 5 and 20 steps ahead, the hint's one sale ahead. */
export const measureFile = (print: Print, text: string): void => {
  const { rows, refused } = readPrices(text);
  print(`price: ${rows.length} rows read, ${refused.length} refused`);
  reportRefused(print, refused);
  const tomorrow = Date.now() / day_ms + 1;
  const ahead = rows.filter(({ day }) => day > tomorrow).length;
  if (ahead > 0)
    print(`price: ${ahead} of them are of days that have not come, and are measured as the others`);
  if (rows.length === 0) {
    print("price: nothing to measure: no row has a date and a price above zero");
    return;
  }
  const steps = rows.slice(-MOST_STEPS);
  if (steps.length < rows.length) print(`price: steps are measured on the newest ${steps.length} rows`);
  for (const horizon of [1, 5, 20]) measureSteps(print, steps, horizon);
  if (rows.length <= 5) return;
  const sales = rows.slice(-MOST_SALES);
  if (sales.length < rows.length) print(`price: hints are measured on the newest ${sales.length} rows`);
  measureSales(print, sales);
};
