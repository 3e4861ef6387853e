import { expect, test } from "bun:test";
import { csvFile, csvLines, csvPages } from "./csv.ts";

test("a text that a spreadsheet would run is made plain; numbers and quotes stay what they are", () => {
  expect(csvLines([["=1+1", "-5", "+84 90", -5, 5n, null, '@x "y"', "a,b"]])).toBe(
    `'=1+1,-5,'+84 90,-5,5,,"'@x ""y""","a,b"\r\n`,
  );
});

test("a file begins with a byte-order mark and its header, and Vietnamese survives", () => {
  expect(csvFile("trips.csv", ["Tên", "km"], [["Nguyễn Ường", 12]])).toEqual({
    contentType: "text/csv; charset=utf-8",
    fileName: "trips.csv",
    content: "\uFEFFTên,km\r\nNguyễn Ường,12\r\n",
  });
});

test("a file by pages has every row, however many there are, and refuses before it begins", async () => {
  const read = async (cursor: string | undefined) => {
    const first = Number(cursor ?? "0");
    const items = Array.from({ length: 1_000 }, (_, at) => first + at);
    return { items, nextCursor: first < 60_000 ? String(first + 1_000) : null };
  };
  const { content } = await csvPages("all.csv", ["number"], read, (items) => items.map((item) => [item]));
  const lines = (await new Response(content).text()).trim().split("\r\n");
  expect([lines[0], lines.length, lines.at(-1)]).toEqual(["number", 61_001, "60999"]);
  const refused = csvPages(
    "none.csv",
    ["number"],
    () => Promise.reject(new Error("not yours")),
    () => [],
  );
  expect(refused).rejects.toThrow("not yours");
});
