/**
 * `bun run soak [--minutes M] [--streams N]`: everybody works on the real programs, nothing is killed, and many tabs only watch:
 * memory must be flat, and afterwards all that chaos asks must hold, too.
 */
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { runSeed } from "./chaos.ts";
import { flatness, type Sample } from "./memory.ts";
import { type Parts, type Program, programs } from "./parts.ts";

const usage = `Usage: bun run soak [--minutes M] [--streams N] [--seed N]

  --minutes 10    how long everybody works; 10 unless told
  --streams 500   how many tabs watch and do nothing; 500 unless told, at most 10000`;

const bad = (sentence: string): never => {
  console.error(`${sentence}\n\n${usage}`);
  process.exit(2);
};

const given = process.argv.slice(2);
const names = ["--minutes", "--streams", "--seed"];
const number = (name: string, otherwise: number): number => {
  const place = given.indexOf(name);
  return place < 0 ? otherwise : Number(given[place + 1]);
};
const strange = given.filter((one, n) => !names.includes(one) && !names.includes(given[n - 1] ?? ""));
if (strange.length > 0) bad(`There is no option ${strange.join(" ")}.`);
const [minutes, streams, seed] = [number("--minutes", 10), number("--streams", 500), number("--seed", 1)];
if (!(minutes >= 0.2 && minutes <= 600)) bad("--minutes is from 0.2 to 600.");
if (!(Number.isInteger(streams) && streams >= 0 && streams <= 10_000)) bad("--streams is from 0 to 10000.");
if (!(Number.isInteger(seed) && seed >= 0)) bad("--seed is a whole number.");

/** What a process holds of this machine's memory. */
const memoryOf = (pid: number): number | null => {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return found ? Number(found[1]) * 1_024 : null;
  } catch {
    return null;
  }
};

const tabs: Socket[] = [];
let open = 0;

/**
 * A tab that watches the order book and does nothing: a bare connection, of which there may be thousands. Its address stands
 * for one person's, since a server bounds what one may watch.
 */
const watch = (url: string, n: number): void => {
  const { hostname, port, host } = new URL(url);
  const from = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  const tab = connect({ host: hostname, port: Number(port) });
  tab.on("error", () => {});
  tab.once("data", (head) => {
    if (head.toString("latin1").startsWith("HTTP/1.1 200")) open++;
  });
  tab.on("data", () => {});
  tab.write(
    `GET /api/marketplace/book/stream HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\nx-forwarded-for: ${from}\r\n\r\n`,
  );
  tabs.push(tab);
};

const samples = new Map<Program, Sample[]>();
const begun = performance.now();
let begins = true;

const each = (parts: Parts): void => {
  if (begins) {
    begins = false;
    for (let n = 0; n < streams; n++) watch(parts.url, n);
  }
  for (const program of programs) {
    const pid = parts.pidOf(program);
    const bytes = pid === null ? null : memoryOf(pid);
    if (bytes === null) continue;
    const own = samples.get(program) ?? [];
    own.push({ at_ms: performance.now() - begun, bytes });
    samples.set(program, own);
  }
};

const outcome = await runSeed({ seed, run_ms: minutes * 60_000, undisturbed: { each } });
for (const tab of tabs) tab.destroy();
const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MB`;
let grew = 0;
for (const [program, own] of samples) {
  const verdict = flatness(own);
  if (!verdict) continue;
  if (!verdict.flat) grew++;
  console.log(
    `soak: ${program}, ${megabytes(verdict.last)} in the last third, ${megabytes(verdict.middle)} in the middle one, ${verdict.flat ? "flat" : "GREW"} ratio=${verdict.ratio.toFixed(2)}`,
  );
}
if (minutes < 1) console.log("soak: too short to say anything of memory; a minute is the least");
const written = Object.values(outcome.promised).reduce((sum, one) => sum + one, 0);
console.log(
  `soak: ${minutes} minutes, ${outcome.calls.asked} calls, ${written} writes acknowledged, ${open} of ${streams} tabs watched, ${outcome.faults.length} faults`,
);
for (const fault of outcome.faults.slice(0, 40)) console.log(`    ${fault}`);
process.exit(grew > 0 || outcome.faults.length > 0 || open < streams ? 1 : 0);
