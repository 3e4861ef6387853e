/**
 * `bun run bench NAME... | --all [--table FILE] [--json]`: runs the benchmarks that live in the packages' `bench/` folders.
 * With `--all`, or with a file, what they print becomes a table.
 */
import { availableParallelism, loadavg } from "node:os";
import { basename, join, resolve } from "node:path";
import { Glob } from "bun";
import { performancePage, type Ran, readLine } from "./performance.ts";

const root = join(import.meta.dir, "../../..");

const benches = new Map(
  [...new Glob("{apps,packages,db}/**/bench/*.ts").scanSync(root)]
    .filter((file) => !file.includes("node_modules"))
    .map((file) => [basename(file, ".ts"), join(root, file)] as const)
    .sort(),
);

/** What none of them may take longer than. */
const patience_ms = 6 * 60_000;

const given = process.argv.slice(2);
const all = given.includes("--all");
const json = given.includes("--json");
const place = given.indexOf("--table");
const table = place >= 0 ? resolve(given[place + 1] ?? "") : all ? join(root, "docs/performance.md") : null;
const words = given.filter((word, n) => !word.startsWith("--") && (place < 0 || n !== place + 1));
const isFile = (name: string) => name.toLowerCase().endsWith(".csv");
const files = words.filter(isFile).map((file) => resolve(file));
const asked = words.filter((name) => !isFile(name));
const names = all && asked.length === 0 ? [...benches.keys()] : asked;
const strange = given.filter(
  (word) => word.startsWith("--") && !["--all", "--json", "--table"].includes(word),
);
const unknown = [...strange, ...names.filter((name) => !benches.has(name))];
if (names.length === 0 || unknown.length > 0 || (place >= 0 && !given[place + 1])) {
  if (unknown.length > 0) console.error(`There is no benchmark named ${unknown.join(", ")}.`);
  console.error(
    `Usage: bun run bench NAME... | --all [--table FILE] [--json] [FILE.csv...]   (${[...benches.keys()].join(", ")})`,
  );
  process.exit(2);
}

/** Runs one in a process of its own: what one leaves in memory must not colour the next. */
const run = async (name: string): Promise<Ran> => {
  const begun = performance.now();
  const file = benches.get(name) ?? "";
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "run-bench.ts"), file, ...files], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const late = setTimeout(() => child.kill(), patience_ms);
  const lines: string[] = [];
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    rest += decoder.decode(chunk, { stream: true });
    const whole = rest.split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) {
      if (!json) console.log(line);
      lines.push(line);
    }
  }
  const code = await child.exited;
  clearTimeout(late);
  const failed = child.signalCode
    ? "it took longer than six minutes"
    : code === 0
      ? null
      : `it ended with ${code}`;
  return { bench: name, seconds: Math.round((performance.now() - begun) / 1000), lines, failed };
};

const load = () => loadavg()[0] ?? 0;
const before = load();
const ran: Ran[] = [];
for (const name of names) {
  const one = await run(name);
  ran.push(one);
  if (one.failed && !table) process.exit(1);
}
if (json)
  console.log(
    JSON.stringify(
      ran.map((one) => ({ ...one, lines: one.lines.map((line) => readLine(one.bench, line) ?? line) })),
    ),
  );
if (table) {
  const commit = Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"], { cwd: root })
    .stdout.toString()
    .trim();
  const at = new Date().toISOString().slice(0, 10);
  await Bun.write(
    table,
    performancePage(ran, {
      at,
      commit: commit || "an export",
      cores: availableParallelism(),
      load: [before, load()],
    }),
  );
}
process.exit(ran.some(({ failed }) => failed) ? 1 : 0);
