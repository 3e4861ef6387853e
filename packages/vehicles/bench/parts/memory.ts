/** The most memory that importing a file of so many rows takes, in a process of its own. Prints bytes. */
import { testDatabase } from "@evx/db/testing";
import { fileOf } from "./file.ts";
import { importAll } from "./world.ts";

const rows = Number(process.argv[2]);
const t = await testDatabase();
await importAll(t, fileOf(20_000, 6), 20_000);
Bun.gc(true);
let most = 0;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 20);
const { millis } = await importAll(t, fileOf(rows, 6), rows);
clearInterval(watch);
await t.close();
console.log(JSON.stringify({ most, millis }));
process.exit(0);
