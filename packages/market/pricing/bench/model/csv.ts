import { day_ms } from "@evx/kernel";
import { walkSeries } from "../../src/model/series.ts";
import { mean } from "../../src/model/stats.ts";
import type { Sale } from "../../src/model/trade.ts";
import { walk } from "../../src/model/walk.ts";
import { rungs } from "../../src/schema.ts";
import { chance } from "./simulate.ts";

type Print = (line: string) => void;
type PriceRow = { day: number; price: number; quantity: number };

const WORST = 250;
const LEAK = 0.95;

const numberOf = (text: string | undefined, decimalComma: boolean): number => {
  const plain = (text ?? "").trim().replace(/^"|"$/g, "");
  return plain === "" ? Number.NaN : Number(decimalComma ? plain.replace(",", ".") : plain);
};

/**
 * Reads `date,price[,quantity]`, by commas or semicolons (then a decimal comma may stand), in any order of dates. Rows
 * without a date or with a price or quantity that is not above zero are refused, each with its line. A header is passed over.
 */
export const readPrices = (text: string): { rows: PriceRow[]; refused: string[] } => {
  const rows: PriceRow[] = [];
  const refused: string[] = [];
  for (const [i, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const semicolons = line.includes(";");
    const [date = "", priceText, quantityText] = line.split(semicolons ? ";" : ",");
    const day = Date.parse(date.trim().replace(/^"|"$/g, "").replace(" ", "T")) / day_ms;
    const price = numberOf(priceText, semicolons);
    const quantity = (quantityText ?? "").trim() === "" ? 1 : numberOf(quantityText, semicolons);
    if (i === 0 && Number.isNaN(day) && Number.isNaN(price)) continue;
    if (!Number.isFinite(day)) refused.push(`line ${i + 1}: no date`);
    else if (!(Number.isFinite(price) && price > 0)) refused.push(`line ${i + 1}: no price above zero`);
    else if (!(Number.isFinite(quantity) && quantity > 0))
      refused.push(`line ${i + 1}: no quantity above zero`);
    else rows.push({ day, price, quantity });
  }
  return { rows: rows.sort((a, b) => a.day - b.day), refused };
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

/** Error against the last price's; null where the last price never erred or nothing was said. */
const ratioOf = (scored: readonly { log: number; naive: number; actual: number }[]): number | null => {
  const error = (of: (one: (typeof scored)[number]) => number) =>
    mean(scored.map((one) => Math.abs(Math.exp(of(one)) - Math.exp(one.actual))));
  const naive = scored.length === 0 ? 0 : error(({ naive }) => naive);
  return naive > 0 ? error(({ log }) => log) / naive : null;
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

const report = (print: Print, what: string, scored: readonly Scored[]): void => {
  const ratio = ratioOf(scored);
  print(`price: ${what}, error against the last price ${figure(ratio)} over ${scored.length}`);
  const hits = held(scored);
  if (hits.length > 0) {
    const widths = scored.flatMap(({ reach }) =>
      reach === null ? [] : [Math.exp(reach) - Math.exp(-reach)],
    );
    const worst = hits.length >= WORST ? figure(worstOf(hits)) : "not enough data";
    print(
      `price: ${what}, coverage ${figure(mean(hits))}, worst ${WORST} ${worst}, mean width ${(100 * mean(widths)).toFixed(1)} %`,
    );
  }
  if (ratio !== null && ratio < LEAK)
    print(`price: ALARM, ${what}: ${figure(ratio)} is below ${LEAK}. Does something read the future?`);
};

/** Measures the models on any file of prices; ours 1, 5 and 20 steps ahead, the ladder's rungs one sale ahead. */
export const measureFile = (print: Print, text: string): void => {
  const { rows, refused } = readPrices(text);
  print(`price: ${rows.length} rows read, ${refused.length} refused`);
  for (const reason of refused.slice(0, 20)) print(`price: refused ${reason}`);
  const logs = rows.map(({ price }) => Math.log(price));
  for (const horizon of [1, 5, 20]) {
    const { said } = walkSeries(logs, horizon);
    const scored = said.map((one) => ({ ...one, actual: logs[one.index] as number }));
    report(print, `ours, ${horizon} ahead`, scored);
  }
  if (rows.length <= 5) return;
  const { said } = walk(salesOf(rows), { traderCap: 0.05, fewestTrades: 5 });
  report(print, "the hint as served, 1 ahead", said);
  for (const rung of rungs) {
    const ratio = ratioOf(said.map(({ by, naive, actual }) => ({ log: by[rung], naive, actual })));
    print(`price: rung ${rung}, 1 ahead, error against the last price ${figure(ratio)}`);
  }
};
