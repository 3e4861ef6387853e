/** Keeps what runs saw, one a line, and makes docs/survival.md of it. Nothing on that page is written by hand. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./chaos.ts";
import { faultKinds } from "./faults.ts";
import { found } from "./found.ts";
import { root } from "./parts.ts";

const lines = join(root, "docs/survival.jsonl");
const page = join(root, "docs/survival.md");

export type Kept = Outcome & { readonly trial: "chaos"; readonly commit: string };

const isKept = (value: unknown): value is Kept =>
  typeof value === "object" && value !== null && Reflect.get(value, "trial") === "chaos";

const nameOf = ({ seed, seconds }: Kept): string => `chaos ${seed} ${seconds}`;

const keptSoFar = (): Kept[] =>
  existsSync(lines)
    ? readFileSync(lines, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line))
        .filter(isKept)
    : [];

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0);

const total = (all: readonly Record<string, number>[]): [string, number][] => {
  const counts = new Map<string, number>();
  for (const one of all)
    for (const [name, count] of Object.entries(one)) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].sort(([, a], [, b]) => b - a);
};

const listed = (counts: readonly [string, number][]): string =>
  counts.map(([name, count]) => `${name} ${count}`).join(", ");

const chaosPart = (runs: readonly Kept[]): string => {
  const held = runs.filter(({ faults }) => faults.length === 0);
  const rows = runs.map(
    ({ seed, seconds, done, promised, calls, looks, drained_s, faults, commit }) =>
      `| ${seed} | ${seconds} | ${sum(done)} | ${calls.asked} | ${calls.unknown} | ${sum(promised)} | ${looks} | ${drained_s} | ${faults.length === 0 ? "holds" : `**${faults.length} found**`} | ${commit} |`,
  );
  const failed = runs.filter(({ faults }) => faults.length > 0);
  return `## Killed at random

\`bun run chaos --seed N --minutes M\` starts the real product (database, server, two workers with the log's sequencer, gateways,
witness), lets two owners, four buyers, two auditors, an operator, a forger and an onlooker work, and kills under them. Then
everything is started again, and once nothing waits any more it is checked that: the books balance; nothing was delivered unpaid or
paid undelivered; what each gateway's own book says was paid is in ours; every gram has one owner; the registry verifies from inside
and an outside monitor is content, also with what it remembered between the kills; no job failed for good; no call was answered 500;
no forged webhook was taken; and every write that was acknowledged is there, as it was said. A call without an answer is sent again
under its key, so what happened twice would be seen.

${held.length} of ${runs.length} seeds hold; ${runs.reduce((all, { seconds }) => all + seconds, 0)} seconds of load.

- Suffered: ${listed(total(runs.map(({ done }) => done)))}.
- Acknowledged, and found again: ${listed(total(runs.map(({ promised }) => promised)))}.
- Of ${sum(Object.fromEntries(runs.map(({ calls, seed, seconds }) => [`${seed} ${seconds}`, calls.asked])))} calls ${runs.reduce((all, { calls }) => all + calls.unknown, 0)} were left without an answer that says what became of them.
- Kinds of faults that a seed chooses from: ${faultKinds.join(", ")}.

| seed | seconds | faults suffered | calls | unanswered | writes acknowledged | outside looks | drained in s | | at |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
${failed
  .map(
    ({ seed, seconds, faults }) =>
      `\nSeed ${seed} of ${seconds} s, not mended yet:\n\n${faults
        .slice(0, 10)
        .map((fault) => `- ${fault.replaceAll("\n", " ").slice(0, 300)}`)
        .join("\n")}\n`,
  )
  .join("")}`;
};

const foundPart = (): string =>
  found.length === 0
    ? "No run has found a fault of the product so far."
    : found
        .map(
          ({ seed, minutes, seen, cause, mended }) =>
            `### Seed ${seed}, ${minutes} min\n\n- Seen: ${seen}\n- Cause: ${cause}\n- Mended: ${mended}`,
        )
        .join("\n\n");

/** The page of all that is kept. */
export const survivalPage = (kept: readonly Kept[]): string => `# Survival

Made by \`bun run chaos … --write\` from what it saw; no figure here is typed by hand.

${chaosPart(kept)}
## What was found by it

${foundPart()}
`;

const order = (a: Kept, b: Kept): number => a.seconds - b.seconds || a.seed - b.seed;

/** Keeps one, in the place of an earlier one of the same name, and writes the page anew. */
export const keep = (seen: Omit<Kept, "commit">): void => {
  const commit = Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"], { cwd: root })
    .stdout.toString()
    .trim();
  const one: Kept = { ...seen, commit: commit || "an export" };
  const all = [...keptSoFar().filter((other) => nameOf(other) !== nameOf(one)), one].sort(order);
  writeFileSync(`${lines}.new`, `${all.map((line) => JSON.stringify(line)).join("\n")}\n`);
  renameSync(`${lines}.new`, lines);
  writeFileSync(page, survivalPage(all));
};
