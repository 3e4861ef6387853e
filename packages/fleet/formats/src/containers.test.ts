import { describe, expect, test } from "bun:test";
import { chunksOf, unpacked } from "@evx/containers";
import { refusalCode } from "@evx/kernel/testing";
import { strToU8, zipSync } from "fflate";
import { readAll, workbook } from "./testing.ts";

const options = { zone: "UTC", battery_wh: null };
const read = (bytes: Uint8Array, more = {}) => readAll(chunksOf(bytes, 4_096), { ...options, ...more });
const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
const inline = (texts: string[]) =>
  texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join("");
const header = `<row r="1">${inline(["Ngày đi", "start", "end", "km", "kWh"])}</row>`;
const tripRow = (row: number, day: number) =>
  `<row r="${row}"><c r="B${row}" s="1"><v>${day}.333333333</v></c><c r="C${row}" s="1"><v>${day}.354166667</v></c><c r="D${row}"><v>12.345</v></c><c r="E${row}"><v>2.1</v></c></row>`;

describe("a workbook", () => {
  test("its sheet of trips is found behind others, with dates, shared strings and rows as on the sheet", async () => {
    const strings = ["start", "end", "km", "Ghi chú", "về &amp; quê"];
    const shared = `<row r="3">${strings
      .slice(0, 4)
      .map((_, n) => `<c t="s"><v>${n}</v></c>`)
      .join("")}</row>`;
    const trips = `<row r="7"><c r="A7" s="1"><v>46054.333333333</v></c><c r="B7" s="1"><v>46054.354166667</v></c><c r="C7"><v>12.345</v></c><c r="D7" t="s"><v>4</v></c></row>`;
    const reading = await read(workbook([`<row r="1">${inline(["Hello"])}</row>`, shared + trips], strings));
    expect(reading.rejections).toEqual([]);
    expect(reading.trips).toMatchObject([
      {
        row: 7,
        start: Date.UTC(2026, 1, 1, 8),
        end: Date.UTC(2026, 1, 1, 8, 30),
        distance_m: 12_345,
        notes: "về & quê",
      },
    ]);
  });

  test("clocks and durations of a sheet are read as they show", async () => {
    const rows =
      `<row r="1">${inline(["date", "start_time", "duration", "km"])}</row>` +
      '<row r="2"><c s="1"><v>46054</v></c><c s="2"><v>0.333333333</v></c><c s="3"><v>0.03125</v></c><c><v>20</v></c></row>';
    expect((await read(workbook([rows]))).trips).toMatchObject([
      { start: Date.UTC(2026, 1, 1, 8), end: Date.UTC(2026, 1, 1, 8, 45) },
    ]);
  });

  test("a formula is refused by its row, not calculated and not believed", async () => {
    const formula =
      '<row r="3"><c r="B3" s="1"><v>46055.333333</v></c><c r="C3" s="1"><v>46055.354167</v></c><c r="D3"><f>1000*9</f><v>9000</v></c></row>';
    const reading = await read(workbook([header + tripRow(2, 46_054) + formula]));
    expect(reading.trips.length).toBe(1);
    expect(reading.rejections).toMatchObject([
      { row: 3, code: "distance_unreadable", values: { text: "=1000*9" } },
    ]);
  });

  test("1,048,575 empty rows cost nothing; alone they are no trips", async () => {
    const empty = Array.from({ length: 1_048_574 }, (_, n) => `<row r="${n + 3}"/>`).join("");
    expect((await read(workbook([header + tripRow(2, 46_054) + empty]))).trips.length).toBe(1);
    expect(await refusalCode(read(workbook([header + empty])))).toBe("import_no_rows");
  }, 60_000);

  test("too many sheets, forged rows, entities and what is no workbook are refused by name", async () => {
    expect(await refusalCode(read(workbook(Array.from({ length: 200 }, () => header))))).toBe(
      "import_sheets_too_many",
    );
    expect(
      await refusalCode(read(workbook([`${header}<row r="999999999"><c r="A1"><v>1</v></c></row>`]))),
    ).toBe("import_workbook_broken");
    const entities = strToU8(
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>',
    );
    expect(await refusalCode(read(workbook([header], [], { "xl/sharedStrings.xml": entities })))).toBe(
      "import_xml_entities",
    );
    expect(await refusalCode(read(zipSync({ "a.txt": strToU8("hello") })))).toBe("import_format_unknown");
    expect(await refusalCode(read(workbook([header]).subarray(0, 300)))).toMatch(/^import_/);
  });

  test("a zip bomb is refused before it has unpacked, in bounded memory", async () => {
    const bomb = new Uint8Array(80 * 1024 * 1024).fill(32);
    const packed = workbook([header], [], { "xl/sharedStrings.xml": bomb });
    expect(packed.length).toBeLessThan(200 * 1024);
    expect(await refusalCode(read(packed))).toBe("import_workbook_too_large");
  }, 60_000);

  test("a few bytes that stand for a long shared string come to no more than a row may have", async () => {
    const cells = '<c t="s"><v>0</v></c>'.repeat(2_000);
    const packed = workbook([`${header}<row>${cells}</row>${tripRow(3, 46_054)}`], ["x".repeat(32_000)]);
    expect(packed.length).toBeLessThan(8_000);
    let longest = 0;
    for await (const chunk of await unpacked(chunksOf(packed))) longest = Math.max(longest, chunk.length);
    expect(longest).toBeLessThan(2 * 1024 * 1024);
    const reading = await read(packed);
    expect(reading.trips.map((trip) => trip.row)).toEqual([3]);
    expect(reading.rejections).toMatchObject([{ row: 2, code: "row_too_long" }]);
  });

  test("what many such cells, or rows that jump back and forth, come to is refused before it is written", async () => {
    const long = `<row>${'<c t="s"><v>0</v></c>'.repeat(30)}</row>`.repeat(100);
    const strings = workbook([header + long], ["x".repeat(32_000)]);
    expect(await refusalCode(read(strings))).toBe("import_workbook_too_large");
    const jumps = `<row r="1048576"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>`.repeat(70);
    expect(await refusalCode(read(workbook([header + jumps])))).toBe("none");
    const parts = `<row>${Array.from({ length: 3_000 }, () => "<c><v>1</v></c>").join("")}</row>`;
    expect((await read(workbook([header + parts + tripRow(3, 46_054)]))).trips.length).toBe(1);
    const shared = strToU8(`<sst><si>${`<t>${"x".repeat(30_000)}</t>`.repeat(1_000)}</si></sst>`);
    const one = workbook([`${header}<row><c t="s"><v>0</v></c></row>`], [], {
      "xl/sharedStrings.xml": shared,
    });
    let size = 0;
    for await (const chunk of await unpacked(chunksOf(one))) size += chunk.length;
    expect(size).toBeLessThan(100_000);
  }, 60_000);

  test("others get their turn while a small file unfolds to much", async () => {
    const packed = workbook([header + '<row r="2"><c r="A2"><v>0</v></c></row>'.repeat(400_000)]);
    expect(packed.length).toBeLessThan(80 * 1024);
    let [turns, done] = [0, false];
    const others = () => {
      turns++;
      if (!done) setImmediate(others);
    };
    setImmediate(others);
    await refusalCode(read(packed));
    done = true;
    // A turn for each 32 kB of XML, not for each few kB of the file.
    expect(turns).toBeGreaterThan(400);
  }, 60_000);
});

describe("a track", () => {
  const point = (n: number) =>
    `<trkpt lat="${(48.1 + n * 0.005).toFixed(3)}" lon="11.5"><ele>500</ele><time>2026-02-01T08:${String(n).padStart(2, "0")}:00Z</time></trkpt>`;
  const track = (points: string) => xml(`<gpx><trk><trkseg>${points}</trkseg></trk></gpx>`);

  test("its points with times are a drive; broken XML and points without times are named", async () => {
    const points = Array.from({ length: 11 }, (_, n) => point(n)).join("");
    expect((await read(track(points))).trips).toMatchObject([
      { start: Date.UTC(2026, 1, 1, 8), end: Date.UTC(2026, 1, 1, 8, 10), distance_m: 5_560 },
    ]);
    expect(await refusalCode(read(track('<trkpt lat="48" lon="11"/>')))).toBe("import_track_without_times");
    expect(await refusalCode(read(xml("<gpx><trk><trkseg></trk></gpx>")))).toBe("import_xml_broken");
    expect(await refusalCode(read(xml("<gpx></gpx>")))).toBe("import_no_rows");
  });

  test("KML and other XML are refused by what they are", async () => {
    expect(await refusalCode(read(xml("<kml><coordinates>1,2</coordinates></kml>")))).toBe(
      "import_track_without_times",
    );
    expect(await refusalCode(read(xml("<html><p/></html>")))).toBe("import_xml_unknown");
  });

  test("an entity bomb and endless nesting are refused; nothing is expanded", async () => {
    const levels = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
      "",
    );
    const bomb = strToU8(
      `<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY l0 "lol">${levels}]><gpx><name>&l9;</name></gpx>`,
    );
    expect(await refusalCode(read(bomb))).toBe("import_xml_entities");
    expect(await refusalCode(read(xml(`<gpx>${"<a>".repeat(100_000)}`)))).toBe("import_xml_broken");
  });
});
