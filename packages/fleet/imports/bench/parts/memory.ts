/**
 * The most memory that importing a file of so many rows takes, in a process of its own: in all, and in the first and the
 * second half of the time. Prints bytes.
 */
import { testDatabase } from "@evx/db/testing";
import { fileOf } from "./file.ts";
import { importAll } from "./world.ts";

const rows = Number(process.argv[2]);
const t = await testDatabase();
await importAll(t, fileOf(20_000, 6), 20_000);
Bun.gc(true);
const seen: number[] = [];
const watch = setInterval(() => seen.push(process.memoryUsage.rss()), 20);
const { millis } = await importAll(t, fileOf(rows, 6), rows);
clearInterval(watch);
await t.close();
const most = (samples: number[]) => samples.reduce((max, bytes) => Math.max(max, bytes), 0);
const half = seen.length >> 1;
console.log(
  JSON.stringify({
    most: most(seen),
    early: most(seen.slice(0, half)),
    late: most(seen.slice(half)),
    millis,
  }),
);
process.exit(0);
