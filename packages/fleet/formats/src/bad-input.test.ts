import { describe, expect, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import { refusalCode } from "@evx/kernel/testing";
import fc from "@evx/tooling/properties";
import { openFile } from "./files.ts";
import { readAll } from "./testing.ts";

const options = { zone: "UTC", battery_wh: null };
const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array, size = 1000) =>
  readAll(chunksOf(typeof text === "string" ? encode(text) : text, size), options);
const header = "start,end,km,kwh,start_lat,start_lon\n";
const good = "2026-01-02T08:00Z,2026-01-02T08:30Z,12,2,10,106\n";

describe("broken rows are named, good ones kept", () => {
  const cases: [string, string, string][] = [
    [",2026-01-02T09:30Z,12,2,10,106", "start", "start_missing"],
    ["soon,2026-01-02T09:30Z,12,2,10,106", "start", "start_unreadable"],
    ["2026-02-30T08:00:00Z,2026-01-02T09:30Z,12,2,10,106", "start", "start_unreadable"],
    ["2026-01-02T08:00Z,,12,2,10,106", "end", "end_missing"],
    ["2026-01-02T08:00Z,later,12,2,10,106", "end", "end_unreadable"],
    ["2026-01-02T09:00Z,2026-01-02T08:30Z,12,2,10,106", "end", "end_before_start"],
    ["2026-01-02T09:00:30Z,2026-01-02T09:00:30Z,12,2,10,106", "end", "trip_without_duration"],
    ["2026-01-02T09:00Z,2026-01-02T09:30Z,,2,10,106", "distance", "distance_missing"],
    ["2026-01-02T09:00Z,2026-01-02T09:30Z,NaN,2,10,106", "distance", "distance_unreadable"],
    ["2026-01-02T09:00Z,2026-01-02T09:30Z,Infinity,2,10,106", "distance", "distance_unreadable"],
    ["2026-01-02T09:00Z,2026-01-02T09:30Z,-5,2,10,106", "distance", "distance_negative"],
    ["2026-01-02T09:00Z,2026-01-02T09:30Z,0,2,10,106", "distance", "distance_zero"],
    ["2026-01-02T09:00Z,2026-01-02T09:30Z,12,lots,10,106", "energy", "energy_unreadable"],
    ["2026-01-02T09:00Z,2026-01-02T09:30Z,12,-2,10,106", "energy", "energy_negative"],
    ["2026-01-02T09:00Z,2026-01-02T09:30Z,12,2,95,106", "start_location", "position_unreadable"],
    ["just one cell", "start", "start_unreadable"],
  ];
  for (const [row, field, code] of cases) {
    test(`${code}: ${row}`, async () => {
      const reading = await read(`${header + good}${row}\n${good.replaceAll("-02T", "-03T")}`);
      expect(reading.trips.map((trip) => trip.row)).toEqual([2, 4]);
      expect(reading.rejections.map((rejection) => [rejection.row, rejection.field, rejection.code])).toEqual(
        [[3, field, code]],
      );
    });
  }

  test("one broken byte of UTF-8 costs its own row at most", async () => {
    const bytes = encode(header + good + good.replaceAll("-02T", "-03T") + good.replaceAll("-02T", "-04T"));
    for (let at = header.length; at < bytes.length; at++) {
      const broken = Uint8Array.from(bytes);
      broken[at] = 0xff;
      const reading = await read(broken);
      expect(reading.trips.length + reading.rejections.length).toBeGreaterThanOrEqual(2);
      expect(reading.trips.length).toBeGreaterThanOrEqual(1);
    }
  });

  test("a quotation mark that never closes costs its own row", async () => {
    const rows = Array.from({ length: 300 }, (_, day) =>
      good.replaceAll("2026-01-02", new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10)),
    );
    const reading = await read(`${header}"${good}${rows.join("")}`);
    expect(reading.rejections.map((rejection) => [rejection.row, rejection.code])).toEqual([
      [2, "quote_not_closed"],
    ]);
    expect(reading.trips.length).toBe(300);
  });

  test("a line of ten megabytes is named and dropped as it arrives", async () => {
    const reading = await read(
      `${header}${good}${"x".repeat(10_000_000)}\n${good.replaceAll("-02T", "-03T")}`,
      65_536,
    );
    expect(reading.trips.map((trip) => trip.row)).toEqual([2, 4]);
    expect(reading.rejections).toEqual([
      { row: 3, field: "row", code: "row_too_long", values: { limit: 1_048_576 } },
    ]);
  });

  test("a JSON element that is broken, too long, or cut off costs itself", async () => {
    const one = '{"start":"2026-01-02T08:00:00Z","end":"2026-01-02T08:30:00Z","km":1.5}';
    const reading = await read(
      `[${one},{"start":nope},${one.replaceAll("-02T", "-03T")},{"notes":"${"y".repeat(2_000_000)}"},${one.replaceAll("-02T", "-04T")},{"start":"2026`,
      65_536,
    );
    expect(reading.trips.length).toBe(3);
    expect(reading.rejections.map((rejection) => [rejection.row, rejection.code])).toEqual([
      [2, "json_unreadable"],
      [4, "row_too_long"],
      [6, "json_unreadable"],
    ]);
  });
});

describe("files that hold no trips get one clear answer", () => {
  const cases: [string, string | Uint8Array, string][] = [
    ["an empty file", "", "import_empty"],
    ["white space", "\n\n  \n", "import_empty"],
    ["a header only", header, "import_no_rows"],
    ["an empty JSON array", "[]", "import_no_rows"],
    ["a ZIP", Uint8Array.from([0x50, 0x4b, 3, 4, 1, 2, 3]), "import_archive_locked"],
    ["a PNG", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), "import_not_text"],
    ["a JPEG", Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), "import_not_text"],
    ["random bytes", crypto.getRandomValues(new Uint8Array(5000)), "import_not_text"],
    ["a letter", "Dear Sir or Madam,\nI drove a lot.\n", "import_format_unknown"],
    ["a table of something else", "name,price\napple,3\n", "import_format_unknown"],
    ["JSON of something else", '[{"name":"apple"}]', "import_format_unknown"],
    [
      "a hundred columns of nothing we know",
      `${Array.from({ length: 100 }, (_, n) => `c${n}`).join(",")}\n${"1,".repeat(99)}1\n`,
      "import_format_unknown",
    ],
  ];
  for (const [name, content, code] of cases) {
    test(`${name}: ${code}`, async () => expect(await refusalCode(read(content))).toBe(code));
  }

  test("a hundred columns with ours among them are read", async () => {
    const extra = Array.from({ length: 100 }, (_, n) => `c${n}`).join(",");
    const reading = await read(
      `${extra},start,end,km\n${"1,".repeat(100)}2026-01-02T08:00Z,2026-01-02T08:30Z,12\n`,
    );
    expect(reading.trips.length).toBe(1);
  });

  test("an unknown zone is refused by name", async () => {
    expect(
      await refusalCode(openFile(chunksOf(encode(header + good)), { zone: "Mars/Base", battery_wh: null })),
    ).toBe("import_zone_unknown");
  });

  test("any bytes at all end in trips, reasons or a refusal, never in a crash", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        async (noise, size, headed) => {
          const bytes = headed ? Buffer.concat([encode(header), noise]) : noise;
          const outcome = await refusalCode(readAll(chunksOf(bytes, size), options));
          return outcome === "none" || outcome.startsWith("import_");
        },
      ),
      { numRuns: 300 },
    );
  });
});
