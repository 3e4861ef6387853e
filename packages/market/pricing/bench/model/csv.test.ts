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
    expect(lines.length).toBeGreaterThan(3);
  }
});
