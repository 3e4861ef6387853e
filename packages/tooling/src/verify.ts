/**
 * Everything that must hold, in one command: dependencies as locked, style, boundaries, generated files, types,
 * and the tests of all packages on throw-away databases. Its last line counts the tests of everything.
 */
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { type Done, inLanes, type Work } from "./lanes.ts";
import { domainGroups, packages, root } from "./rooms.ts";

/** Each group of rooms must cover at least this share of its lines: a room is also tried from the one above it. */
const floor = 0.85;
const covered = new Set([...domainGroups, "ledger"]);

const environment = { ...process.env, FORCE_COLOR: "0", TURBO_TELEMETRY_DISABLED: "1", NODE_ENV: "test" };

const run = async (title: string, command: string[]): Promise<boolean> => {
  const start = performance.now();
  console.log(`\n── ${title}`);
  const child = Bun.spawn(command, {
    cwd: root,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    env: environment,
  });
  const ok = (await child.exited) === 0;
  console.log(`── ${title}: ${ok ? "ok" : "FAILED"} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return ok;
};

type Counts = { passed: number; failed: number; skipped: number };

/** The counts of one package's runs, read from the reports that the runner wrote. */
const countsOf = (folder: string): Counts | null => {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let found = false;
  for (const report of ["junit.xml", "junit-e2e.xml"]) {
    const file = join(root, folder, "coverage", report);
    if (!existsSync(file)) continue;
    found = true;
    const head = /<testsuites[^>]*>/.exec(readFileSync(file, "utf8"))?.[0] ?? "";
    const number = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
    counts.failed += number("failures") + number("errors");
    counts.skipped += number("skipped");
    counts.passed += number("tests") - number("failures") - number("errors") - number("skipped");
  }
  return found ? counts : null;
};

type Lines = { found: number; hit: number };

/** A package's own lines, and those of them that its own tests ran. */
const coverageOf = (folder: string): Lines | null => {
  const file = join(root, folder, "coverage/lcov.info");
  if (!existsSync(file)) return null;
  let found = 0;
  let hit = 0;
  for (const record of readFileSync(file, "utf8").split("end_of_record")) {
    const source = /^SF:(.*)$/m.exec(record)?.[1];
    if (!source?.startsWith("src/") || /\.(test|gen)\.tsx?$/.test(source)) continue;
    found += Number(/^LF:(\d+)$/m.exec(record)?.[1] ?? 0);
    hit += Number(/^LH:(\d+)$/m.exec(record)?.[1] ?? 0);
  }
  return found > 0 ? { found, hit } : null;
};

for (const { folder } of packages) rmSync(join(root, folder, "coverage"), { recursive: true, force: true });

const withReports = [
  // Two packages share the machine with their databases: what takes a second alone may take ten here.
  "--timeout=30000",
  "--coverage",
  "--coverage-reporter=lcov",
  "--coverage-dir=coverage",
  "--reporter=junit",
  "--reporter-outfile=coverage/junit.xml",
];

/** About how long a package's tests take: by their characters, and a program's fourfold, since they start whole products. */
const weightOf = (folder: string): number =>
  (folder.startsWith("apps/") ? 4 : 1) *
  [...new Glob("src/**/*.test.{ts,tsx}").scanSync(join(root, folder))].reduce(
    (sum, file) => sum + statSync(join(root, folder, file)).size,
    0,
  );

/** The tests of each package, the heaviest first. Two at a time: each has its databases and programs beside it. */
const ofPackages = (): Work[] =>
  packages
    .map(({ folder, name }) => ({ folder, name, weight: weightOf(folder) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ folder, name }) => ({
      title: `tests of ${name}`,
      folder: join(root, folder),
      command: ["bun", "run", "test", ...withReports],
    }));

/** They have the machine to themselves: a browser and the whole product fill both cores, and a page is timed by them. */
const inBrowser: Work = {
  title: "browser tests",
  folder: join(root, "apps/web"),
  command: ["bun", "run", "e2e", "--reporter=junit", "--reporter-outfile=coverage/junit-e2e.xml"],
};

const tellTests = ({ title, ok, said, seconds }: Done): void => {
  console.log(`${said.trimEnd()}\n── ${title}: ${ok ? "ok" : "FAILED"} (${seconds.toFixed(1)} s)\n`);
};

const steps: [string, string[]][] = [
  ["dependencies as locked", ["bun", "install", "--frozen-lockfile"]],
  ["known holes in dependencies", ["bun", "packages/tooling/src/advisories.ts"]],
  ["style", ["bunx", "biome", "check", "--error-on-warnings", "."]],
  ["unused files, dependencies and exports", ["bun", "run", "--cwd", "packages/tooling", "knip"]],
  ["boundaries", ["bunx", "turbo", "boundaries", "--no-color"]],
  ["generated files", ["bun", "run", "--cwd", "db", "check-generated"]],
  // One program over all that runs on Bun: package by package, each would check all the packages below it again.
  ["types", ["bunx", "tsc", "-p", "packages/tooling/tsconfig.house.json"]],
  [
    "types in the browser",
    [
      "bunx",
      "turbo",
      "types",
      "--only",
      "--filter=@evx/web",
      "--filter=@evx/ui",
      "--output-logs=errors-only",
    ],
  ],
  ["the web as it is served", ["bunx", "turbo", "build", "--filter=@evx/web", "--output-logs=errors-only"]],
];

const failed: string[] = [];
for (const [title, command] of steps) if (!(await run(title, command))) failed.push(title);

const start = performance.now();
console.log("\n── tests");
const done = await inLanes(ofPackages(), 2, environment, tellTests);
done.push(...(await inLanes([inBrowser], 1, environment, tellTests)));
for (const { title, ok } of done) if (!ok) failed.push(title);
console.log(`── tests: ${((performance.now() - start) / 1000).toFixed(1)} s`);

console.log("\n── coverage of lines, by package");
const groups = new Map<string, Lines>();
const percent = (lines: Lines | null): string =>
  lines ? `${((100 * lines.hit) / lines.found).toFixed(1).padStart(5)} %` : "     –";
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const { folder, name, group } of packages) {
  const counts = countsOf(folder);
  if (!counts) continue;
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const lines = coverageOf(folder);
  const sum = groups.get(group) ?? { found: 0, hit: 0 };
  if (lines) groups.set(group, { found: sum.found + lines.found, hit: sum.hit + lines.hit });
  console.log(`${name.padEnd(16)} ${percent(lines)}  ${String(counts.passed).padStart(5)} tests`);
}

for (const [group, lines] of groups) {
  if (!covered.has(group) || lines.hit / lines.found >= floor) continue;
  failed.push(`coverage of ${group}`);
  console.log(`${group} as a whole covers ${percent(lines)}, below ${floor * 100} %`);
}

if (failed.length > 0) console.log(`\nNot in order: ${failed.join(", ")}`);
if (failed.length > 0 && total.failed === 0) total.failed = failed.length;
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(failed.length > 0 ? 1 : 0);
