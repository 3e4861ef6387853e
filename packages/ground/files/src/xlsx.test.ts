import { expect, test } from "bun:test";
import { Workbook } from "@cj-tech-master/excelts";
import { writeXlsx, xlsxFile } from "./xlsx.ts";

test("a spreadsheet reads back what was written: numbers as numbers, what looks like a formula as text", async () => {
  const { content } = await xlsxFile(
    "x.xlsx",
    "Doanh thu [2026]",
    ["Tên", "g", "Ghi chú"],
    [
      ["Nguyễn Thị Lan", 12_345n, "=1+1"],
      ["Đà Nẵng", 0.25, null],
    ],
  );
  const book = new Workbook();
  await book.xlsx.load(content);
  const sheet = book.worksheets[0];
  const rows = [1, 2, 3].map((row) => [1, 2, 3].map((column) => sheet?.getCell(row, column).value ?? null));
  expect(sheet?.name).toBe("Doanh thu  2026 ");
  expect(rows).toEqual([
    ["Tên", "g", "Ghi chú"],
    ["Nguyễn Thị Lan", 12_345, "=1+1"],
    ["Đà Nẵng", 0.25, null],
  ]);
});

test("two hundred thousand rows need no more memory than twenty thousand, and a slow reader slows the writer", async () => {
  let [bytes, together, most] = [0, 0, 0];
  const portions = async function* (count: number) {
    for (let at = 0; at < count; at += 1_000)
      yield Array.from({ length: 1_000 }, (_, place) => [
        `ord_${at + place}`,
        at + place,
        "Bến Thành Foods",
        12.5,
      ]);
  };
  const grown = async (count: number): Promise<number> => {
    Bun.gc(true);
    const before = process.memoryUsage().rss;
    let peak = before;
    await writeXlsx(
      async (part) => {
        most = Math.max(most, ++together);
        await Bun.sleep(1);
        together--;
        bytes += part.byteLength;
        peak = Math.max(peak, process.memoryUsage().rss);
      },
      { title: "Rows", header: ["a", "b", "c", "d"] },
      portions(count),
    );
    return peak - before;
  };
  await grown(20_000);
  const large = await grown(200_000);
  expect(bytes).toBeGreaterThan(500_000);
  expect(most).toBe(1);
  expect(large).toBeLessThan(120_000_000);
}, 120_000);

test("a sink that fails fails the file, at once", async () => {
  const many = async function* () {
    for (let portion = 0; portion < 500; portion++)
      yield Array.from({ length: 1_000 }, () => [crypto.randomUUID()]);
  };
  const broken = writeXlsx(
    () => Promise.reject(new Error("the disk is full")),
    { title: "Rows", header: ["a"] },
    many(),
  );
  await expect(broken).rejects.toThrow("the disk is full");
}, 30_000);
