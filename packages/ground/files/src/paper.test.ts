import { describe, expect, test } from "bun:test";
import * as paper from "./index.ts";

const at = new Date("2026-03-01T12:00:00Z");

describe("figures", () => {
  test("are written from whole numbers, exactly, as the reader does", () => {
    expect(paper.credits(1_525_000n, "en")).toBe("1.525000");
    expect(paper.credits(1_234_567_000_001n, "vi")).toBe("1.234.567,000001");
    expect(paper.kilograms(1_500n, "en")).toBe("1.5");
    expect(paper.kilograms(2_000n, "vi")).toBe("2");
    expect(paper.decimal(7n, 0, "en")).toBe("7");
    expect(paper.decimal(9_007_199_254_740_993n, 3, "en", 1)).toBe("9,007,199,254,740.993");
  });

  test("days, months and moments are UTC's, wherever the machine stands", () => {
    expect(paper.day("2026-02-28T23:59:59Z", "en")).toBe("28 February 2026");
    expect(paper.month("2026-02", "en")).toBe("February 2026");
    expect(paper.month("2026-02", "vi")).toContain("2026");
    expect(paper.moment(at, "en")).toBe("01/03/2026, 12:00 UTC");
  });

  test("a country is named in the reader's language; what is no country stays as it is", () => {
    expect(paper.countryName("VN", "en")).toBe("Vietnam");
    expect(paper.countryName("VN", "vi")).toBe("Việt Nam");
    expect(paper.countryName("nowhere", "en")).toBe("nowhere");
  });
});

describe("a sheet", () => {
  const drawn = async (rows: number) => {
    const doc = paper.newSheet("Chứng nhận", at, "vi");
    paper.letterhead(doc, "Chứng nhận", "EVXC-1");
    paper.section(doc, "Chủ sở hữu");
    paper.facts(doc, [
      ["Tên", "Nguyễn Thị Hồng Nhung ".repeat(8)],
      ["Trống", ""],
    ]);
    paper.table(
      doc,
      [
        { title: "Số", width: 1 },
        { title: "Tín chỉ", width: 1, align: "right" },
      ],
      Array.from({ length: rows }, (_, row) => [`EVX-${row}`, paper.credits(BigInt(row), "vi")]),
    );
    const { count } = doc.bufferedPageRange();
    paper.feet(doc, "EV Carbon Exchange", (page, pages) => `${page} / ${pages}`);
    return { pages: count, bytes: await paper.bytesOf(doc) };
  };

  test("the same content gives the same file, to the byte", async () => {
    const [one, again] = [await drawn(3), await drawn(3)];
    expect(Buffer.compare(one.bytes, again.bytes)).toBe(0);
    expect(Buffer.from(one.bytes.slice(0, 5)).toString()).toBe("%PDF-");
  });

  test("a long table goes on over pages instead of off the sheet", async () => {
    expect((await drawn(3)).pages).toBe(1);
    expect((await drawn(120)).pages).toBeGreaterThan(2);
  });
});
