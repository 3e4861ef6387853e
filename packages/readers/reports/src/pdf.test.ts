import { expect, test } from "bun:test";
import { daysShown } from "./pdf.ts";

test("a period stands on paper in words, also one that is open at an end or at both", () => {
  const zone = "Asia/Ho_Chi_Minh";
  const said = (from: string | null, to: string | null) =>
    (["en", "vi"] as const).map((locale) => daysShown({ from, to, zone }, locale));
  expect(said(null, null)).toEqual([`all time (${zone})`, `toàn bộ thời gian (${zone})`]);
  expect(said("2026-03-01", null)).toEqual([`from 1 March 2026 (${zone})`, `từ 1 tháng 3, 2026 (${zone})`]);
  expect(said(null, "2026-03-31")).toEqual([
    `until the end of 31 March 2026 (${zone})`,
    `đến hết 31 tháng 3, 2026 (${zone})`,
  ]);
  expect(said("2026-03-01", "2026-03-31")[0]).toBe(`1 March 2026 – 31 March 2026 (${zone})`);
});
