import { expect, test } from "bun:test";
import { csvFile, csvLines } from "./csv.ts";

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
