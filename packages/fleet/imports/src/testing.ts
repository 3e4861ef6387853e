/** A file as an upload brings it. */
export const streamOf = (content: string | Uint8Array) =>
  new Blob([content as never]).stream() as ReadableStream<Uint8Array>;

type Counts = { imported: number; duplicates: number; flagged: number; rejectedCount: number };

/** What an import came to: new, known, flagged, broken. */
export const counts = ({ imported, duplicates, flagged, rejectedCount }: Counts) => [
  imported,
  duplicates,
  flagged,
  rejectedCount,
];

const at = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** A file of trips, an hour apart. */
export const fileOf = (
  rows: number,
  { from = Date.UTC(2020, 0, 1), everyMinutes = 60, header = true } = {},
) => {
  const lines = Array.from({ length: rows }, (_, n) => {
    const start = from + n * everyMinutes * 60_000;
    return `${at(start)},${at(start + 20 * 60_000)},${(10 + (n % 7)).toFixed(1)},1.9`;
  });
  return `${header ? "start_time,end_time,distance_km,energy_consumed\n" : ""}${lines.join("\n")}\n`;
};
