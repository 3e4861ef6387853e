const MINUTE = 60_000;

/** The same as a stream of chunks that are there already: what making them costs is no part of reading them. */
export const heldFileOf = async (rows: number, everyMinutes: number): Promise<ReadableStream<Uint8Array>> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of fileOf(rows, everyMinutes)) chunks.push(chunk);
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
};

/** A trip file of so many rows as a stream of 64 kB chunks, made while it is read: it never exists as a whole. */
export const fileOf = (rows: number, everyMinutes: number): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  const first = Date.UTC(2026, 0, 1) - rows * everyMinutes * MINUTE;
  let n = -1;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const lines: string[] = [];
      let size = 0;
      if (n < 0) {
        lines.push(
          "start_time,end_time,distance_km,start_lat,start_long,end_lat,end_long,energy_consumed,notes",
        );
        n = 0;
      }
      while (size < 64 * 1024 && n < rows) {
        const start = first + n * everyMinutes * MINUTE;
        const minutes = 4 + (n % 3);
        const km = (minutes * 0.62 + (n % 10) * 0.03).toFixed(2);
        const line =
          `${new Date(start).toISOString().slice(0, 19)}Z,${new Date(start + minutes * MINUTE).toISOString().slice(0, 19)}Z,${km},` +
          `10.${762600 + (n % 1000)},106.${660200 + (n % 1000)},10.${774600 + (n % 1000)},106.${672200 + (n % 1000)},${(Number(km) * 0.17).toFixed(2)},` +
          (n % 20 === 0 ? '"Commute, morning"' : "");
        lines.push(line);
        size += line.length + 1;
        n++;
      }
      controller.enqueue(encoder.encode(`${lines.join("\n")}\n`));
      if (n >= rows) controller.close();
    },
  });
};
