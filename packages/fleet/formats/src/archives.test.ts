import { expect, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import { refusalCode } from "@evx/kernel/testing";
import { strToU8, zipSync } from "fflate";
import { readAll, workbookOf } from "./testing.ts";

const read = (bytes: Uint8Array) => readAll(chunksOf(bytes, 97), { zone: "UTC", battery_wh: null });
const rows = "start,end,km\n2026-01-02 08:00,2026-01-02 08:30,12\n";
const table = strToU8(rows);
const zipped = (files: Record<string, Uint8Array>) => zipSync(files);

test("a ZIP of one file is that file, whatever a Mac or a folder put beside it; a workbook in it too", async () => {
  const beside = {
    "__MACOSX/._trips.csv": strToU8("x"),
    "out/": new Uint8Array(0),
    "out/.DS_Store": strToU8("x"),
  };
  for (const archive of [
    zipped({ "trips.csv": table }),
    zipped({ ...beside, "out/trips.csv": table }),
    zipped({
      "trips.xlsx": workbookOf([
        [
          ["start", "end", "km"],
          ["2026-01-02 08:00", "2026-01-02 08:30", "12"],
        ],
      ]),
    }),
  ])
    expect((await read(archive)).trips.map((trip) => trip.distance_m)).toEqual([12_000]);
});

test("every other archive is refused by what it is", async () => {
  const one = zipped({ "trips.csv": table });
  const cases: [Uint8Array, string][] = [
    [zipped({ "a.csv": table, "b.csv": table }), "import_archive_several"],
    [zipped({ "in.zip": one }), "import_archive_nested"],
    // A name that hides it does not open it.
    [zipped({ "trips.csv": one }), "import_archive_nested"],
    [zipped({ "out/": new Uint8Array(0) }), "import_empty"],
    [zipped({ "word/document.xml": table, "[Content_Types].xml": table }), "import_not_text"],
    [zipped({ "content.xml": table, mimetype: table }), "import_not_text"],
    [zipped({ "doc.kml": table }), "import_not_text"],
    [
      zipped({ "trips.csv": Buffer.concat([table, Buffer.alloc(80 * 1024 * 1024, 65)]) }),
      "import_workbook_too_large",
    ],
    [Uint8Array.from(one, (byte, at) => (at === 6 ? 1 : byte)), "import_archive_locked"],
  ];
  for (const [archive, code] of cases) expect(await refusalCode(read(archive))).toBe(code);
}, 60_000);

test("what a name's ending hides is told by the bytes: pages, films, tapes", async () => {
  const padded = (mark: string, at: number) => {
    const bytes = new Uint8Array(600).fill(65);
    bytes.set(strToU8(mark), at);
    return bytes;
  };
  const cases: [Uint8Array, string][] = [
    [strToU8("<!DOCTYPE html><html><body>Sign in</body></html>"), "import_web_page"],
    [strToU8(" <!-- x -->\n<table><tr><td>start</td></tr></table>"), "import_web_page"],
    [padded("PAR1", 0), "import_not_text"],
    [padded("ftyp", 4), "import_not_text"],
    [padded(".FIT", 8), "import_not_text"],
    [padded("ustar", 257), "import_not_text"],
    [strToU8(rows.replaceAll(",", "\0".repeat(30))), "import_not_text"],
  ];
  for (const [bytes, code] of cases) expect(await refusalCode(read(bytes))).toBe(code);
});

test("zero bytes among the text are left out, at its beginning and behind it", async () => {
  const late = Array.from({ length: 400 }, (_, n) => {
    const day = new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);
    return `${day} 08:00,${day} 08:30,12\n`;
  }).join("");
  const text = `start,end,km\n2024-12-31 08:00,2024-12-31 08:30,1\0 2\n${late}\0\0\0\0\n${late.slice(0, 37).replaceAll("2025", "2027")}`;
  const reading = await read(strToU8(text.replace("1\0 2", "1\0" + "2")));
  expect([reading.trips.length, reading.rejections.length]).toEqual([402, 0]);
  expect(reading.trips[0]?.distance_m).toBe(12_000);
});
