import { expect, test } from "bun:test";
import { measureFile, readPrices } from "./csv.ts";

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

test("a million rows are answered, by the newest of them", () => {
  const lines = Array.from(
    { length: 1_000_000 },
    (_, i) => `${day(Math.floor(i / 300))},${(15 + (i % 7) / 10).toFixed(1)}`,
  );
  const { rows, refused } = readPrices(lines.join("\n"));
  expect([rows.length, refused.length]).toEqual([1_000_000, 0]);
});
