/**
 * A file of a million rows, written as an export is: rows in portions, parts of 256 kB into the database. The figure is the peak of
 * memory beyond that of ten thousand rows, as a ratio: flat is 1.
 */
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { csvLines, csvStart, writeXlsx } from "@evx/files";

const columns = ["orderId", "at", "buyer", "credits", "total"];
const portion = 2_000;

async function* rowsOf(count: number) {
  for (let at = 0; at < count; at += portion)
    yield Array.from({ length: Math.min(portion, count - at) }, (_, place) => [
      `ord_${String(at + place).padStart(26, "0")}`,
      "2026-02-01T08:00:00.000Z",
      "Bến Thành Foods",
      0.05 + place / 1_000_000,
      (at + place) / 100,
    ]);
}

const encoder = new TextEncoder();

const written = async (
  t: TestDatabase,
  format: "csv" | "xlsx",
  count: number,
): Promise<{ peak: number; ms: number; bytes: number }> => {
  Bun.gc(true);
  const begun = performance.now();
  let [peak, bytes] = [0, 0];
  const keep = async (part: Uint8Array): Promise<void> => {
    bytes += part.byteLength;
    await t.pool.query("select length($1::bytea)", [Buffer.from(part)]);
    peak = Math.max(peak, process.memoryUsage().rss);
  };
  if (format === "xlsx") await writeXlsx(keep, { title: "Sales", header: columns }, rowsOf(count));
  else {
    await keep(encoder.encode(csvStart(columns)));
    for await (const rows of rowsOf(count)) await keep(encoder.encode(csvLines(rows)));
  }
  return { peak, bytes, ms: performance.now() - begun };
};

/** Writes both kinds of file at ten thousand and at a million rows. */
export default async function bench(print: (line: string) => void): Promise<void> {
  const t = await testDatabase();
  try {
    for (const format of ["csv", "xlsx"] as const) {
      const small = await written(t, format, 10_000);
      const large = await written(t, format, 1_000_000);
      print(
        `export ${format}: 1,000,000 rows in ${(large.ms / 1_000).toFixed(1)} s, ${(large.bytes / 1e6).toFixed(0)} MB, ` +
          `memory ${(large.peak / 1e6).toFixed(0)} MB against ${(small.peak / 1e6).toFixed(0)} MB ratio=${(large.peak / small.peak).toFixed(2)}`,
      );
    }
  } finally {
    await t.close();
  }
}
