import { expect, test } from "bun:test";
import { measureFile, readPrices, textOf } from "./csv.ts";
import { seriesReadsFuture } from "./leak.ts";
import { chance, normals } from "./simulate.ts";

const linesOf = (text: string): string[] => {
  const lines: string[] = [];
  measureFile((line) => lines.push(line), text);
  return lines;
};
const day = (i: number) => new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10);

test("commas, semicolons, disorder and duplicates are read; zero, negative and broken rows are refused by line", () => {
  const { rows, refused } = readPrices(
    "date,price\n2025-01-03,12\n2025-01-01,10\n2025-01-01,11\n2025-01-04,0\n2025-01-05,-3\nnever,4\n2025-01-06,x\n",
  );
  expect(rows.map(({ price }) => price)).toEqual([10, 11, 12]);
  expect(refused.map((reason) => reason.split(":")[0])).toEqual(["line 5", "line 6", "line 7", "line 8"]);
  expect(readPrices("2025-01-01;10,5;2\r\n").rows[0]).toMatchObject({ price: 10.5, quantity: 2 });
});

test("ten rows, equal prices, an outlier and nothing at all never print NaN", () => {
  const prices = (count: number, of: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => `${day(i)},${of(i)}`).join("\n");
  for (const text of [
    "",
    prices(1, () => 5),
    prices(10, (i) => 10 + i),
    prices(60, () => 15),
    prices(80, (i) => (i === 40 ? 15_000 : 15 + (i % 7))),
  ]) {
    const lines = linesOf(text);
    expect(lines.join("\n")).not.toMatch(/NaN|Infinity|undefined/);
    expect(lines.length).toBeGreaterThan(1);
  }
});

test("headers, quotes, thousands, tabs, days first and other columns are read as they are meant", () => {
  const priceOf = (text: string) => readPrices(text).rows.map(({ price, quantity }) => [price, quantity]);
  expect(priceOf('Name,Date,Close,Volume\nx,2025-01-01,"1,234.50",10\ny,2025-01-02,1240,20\n')).toEqual([
    [1234.5, 10],
    [1240, 20],
  ]);
  expect(priceOf("Ngày;Giá;Volume\r\n31.12.2024;1.234,5;2\r\n01.01.2025;€ 12,5;\r\n")).toEqual([
    [1234.5, 2],
    [12.5, 1],
  ]);
  expect(priceOf("20250101\t10.5\r20250102\t11\r")).toEqual([
    [10.5, 1],
    [11, 1],
  ]);
  expect(readPrices("1/31/2025,10\n2025-02-01T10:00:00Z,11").rows).toHaveLength(2);
  expect(readPrices("date,price\n2025-13-45,10\n2025-01-01,1e999\n2025-01-01,--5\n").rows).toEqual([]);
});

test("days without trade are quotes, numbers that are no dates are none, and exchanges' own columns are found", () => {
  const { rows, refused } = readPrices("date;price;volume\n2025-01-01;10,5;0\n2025-01-02;11;-2\n9744;12;1\n");
  expect(rows).toMatchObject([{ price: 10.5, quantity: 1 }]);
  expect(refused).toEqual(["line 3: no quantity", "line 4: no date"]);
  const own = readPrices(
    "trade_id,traded_at_local,quantity_t,unit_price_nzd\n9744,2021-02-17 09:56:00,100,40\n",
  );
  expect(own.rows).toMatchObject([{ price: 40, quantity: 100 }]);
  expect(own.rows[0]?.day).toBeCloseTo(Date.UTC(2021, 1, 17, 9, 56) / 86_400_000, 6);
  expect(readPrices("31-12-2024,10\n1735689600,11\n1735689600000,12\n").rows).toHaveLength(3);
});

test("a file's days are read in one way: months first, short years, a spreadsheet's days, seconds with a fraction", () => {
  const daysOf = (text: string) => {
    const { rows, refused } = readPrices(text);
    expect(refused).toEqual([]);
    return rows.map(({ day }) => new Date(Math.floor(day) * 86_400_000).toISOString().slice(0, 10));
  };
  expect(daysOf("date,price\n01/30/2025,1\n01/31/2025,2\n02/03/2025,3\n")).toEqual([
    "2025-01-30",
    "2025-01-31",
    "2025-02-03",
  ]);
  expect(daysOf("date,price\n30/01/25,1\n31/01/25,2\n03/02/25,3\n")).toEqual([
    "2025-01-30",
    "2025-01-31",
    "2025-02-03",
  ]);
  expect(daysOf("date,price\n45658,10\n45659.5,11\n")).toEqual(["2025-01-01", "2025-01-02"]);
  expect(daysOf("t,price\n1735689600.5,10\n")).toEqual(["2025-01-01"]);
  expect(readPrices("45658,10\n45659,11\n").refused).toHaveLength(2);
  expect(readPrices("date,price\n45658,10\n99999,11\n").rows).toEqual([]);
});

test("swapped columns, bars, names of currencies and two-byte letters are read, and what has no date is refused by line", () => {
  expect(readPrices("10.5,2025-01-01\n11,2025-01-02\n").rows).toMatchObject([{ price: 10.5 }, { price: 11 }]);
  expect(readPrices("date|price\n2025-01-01|USD 10.50\n2025-01-02|11 EUR\n").rows).toMatchObject([
    { price: 10.5 },
    { price: 11 },
  ]);
  const wide = new Uint8Array(Buffer.from("\uFEFFdate,price\n2025-01-01,10.5\n", "utf16le"));
  expect(readPrices(textOf(wide)).rows).toMatchObject([{ price: 10.5 }]);
  expect(readPrices("Prices\nof somebody\n\ndate,price\n2025-01-01,10.5\n")).toMatchObject({
    rows: [{ price: 10.5 }],
    refused: [],
  });
  expect(readPrices("a,b\nnever,ten\nalso,none\n1,2\n").refused.length).toBeGreaterThan(0);
});

test("one huge price among many is no leak, and prices that swing to and fro are said to be one", () => {
  const of = (price: (i: number) => number) =>
    linesOf(Array.from({ length: 400 }, (_, i) => `${day(i)},${price(i)}`).join("\n")).join("\n");
  const wander = normals(chance(4));
  let level = 3;
  const prices = Array.from({ length: 400 }, () => {
    level += 0.02 * wander();
    return Math.exp(level);
  });
  expect(of((i) => (i === 200 ? 1e12 : (prices[i] ?? 1)))).not.toContain("ALARM");
  expect(of((i) => (i % 2 ? 10 : 11))).toContain("ALARM");
});

test("a million rows are answered, by the newest of them", () => {
  const lines = Array.from(
    { length: 1_000_000 },
    (_, i) => `${day(Math.floor(i / 300))},${(15 + (i % 7) / 10).toFixed(1)}`,
  );
  const { rows, refused } = readPrices(lines.join("\n"));
  expect([rows.length, refused.length]).toEqual([1_000_000, 0]);
});

test("columns are found by what they hold where the header's words are another language's, and days to come are said", () => {
  expect(readPrices("Preis;Datum;MENGE\n12,50;01.03.2024;3,5\n12,75;02.03.2024;4\n").rows).toMatchObject([
    { price: 12.5, quantity: 3.5 },
    { price: 12.75, quantity: 4 },
  ]);
  const lines: string[] = [];
  measureFile((line) => lines.push(line), "date,price\n2025-01-01,10\n2099-01-01,11\n");
  expect(lines.filter((line) => line.includes("1 of them are of days that have not come"))).toHaveLength(1);
});

test("each kind of problem is named once with its lines, and a line's problems all together", () => {
  const lines: string[] = [];
  const bad = Array.from({ length: 30 }, (_, i) => `${day(i)},0`);
  measureFile((line) => lines.push(line), ["date,price", ...bad, "never,-1", "never,5"].join("\n"));
  expect(lines.filter((line) => line.includes("refused for"))).toEqual([
    "price: refused for no price above zero: lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 20 more",
    "price: refused for no date, no price above zero: line 32",
    "price: refused for no date: line 33",
  ]);
});

test("a header above months first and thousands between quotes is none of the rows", () => {
  const days = ["01/30/2025", "01/31/2025", "02/01/2025"];
  const { rows, refused } = readPrices(`Date,Price\n${days.map((one) => `${one},"20,123.00"`).join("\n")}`);
  expect([rows.map(({ price }) => price), refused]).toEqual([[20_123, 20_123, 20_123], []]);
});

test("a price with thousands that lost its quotes is refused, not read as one", () => {
  const { rows, refused } = readPrices("date,price\n2025-01-01,1,150.50\n2025-01-02,990.5\n2025-01-03,12,\n");
  expect(rows.map(({ price }) => price)).toEqual([990.5, 12]);
  expect(refused).toEqual(["line 2: more cells than the header has"]);
});

test("times of day are read as spreadsheets write them", () => {
  const { rows } = readPrices(
    "date,price\n1/31/2025 9:05,1\n1/31/2025 1:05 PM,2\n1/31/2025 12:10:30 am,3\n1/31/2025 12:00 PM,4\n",
  );
  const hours = rows.map(({ day, price }) => [price, Math.round(((day * 24) % 24) * 3_600)]);
  expect(hours).toEqual([
    [3, 630],
    [1, 9 * 3_600 + 300],
    [4, 12 * 3_600],
    [2, 13 * 3_600 + 300],
  ]);
});

test("an alarm says whether anything reads the future, by changing it", () => {
  const lines = (of: (i: number) => number) =>
    linesOf(Array.from({ length: 400 }, (_, i) => `${day(i)},${of(i)}`).join("\n")).join("\n");
  expect(lines((i) => (i % 2 ? 10 : 11))).toMatch(/ALARM.*No: with other prices/);
  expect(lines(() => 15)).toContain("none, as the last price never erred over 399");
  const logs = Array.from({ length: 100 }, (_, i) => i % 7);
  const peeks = (prices: readonly number[]) =>
    prices.slice(1).map((log, i) => ({ index: i, log, reach: null }));
  expect(seriesReadsFuture(logs, peeks)).toBe(true);
  expect(seriesReadsFuture(logs, (prices) => peeks(prices).slice(0, 40))).toBe(false);
});

test("many prices within weeks are judged by people who are known, as those of years are", () => {
  const normal = normals(chance(5));
  let log = 4;
  const rows = Array.from({ length: 1_500 }, (_, i) => {
    log += 0.002 * normal();
    return `${new Date(Date.UTC(2025, 0, 1) + i * 300_000).toISOString()},${Math.exp(log).toFixed(4)}`;
  });
  const line = linesOf(`date,price\n${rows.join("\n")}`).find((one) =>
    one.includes("as served, 1 ahead, error"),
  );
  expect(Number(/price (\d+\.\d+) over/.exec(line ?? "")?.[1])).toBeLessThan(1.2);
});
