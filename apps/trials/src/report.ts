/** Keeps what runs saw, one a line, and makes docs/survival.md of it. Nothing on that page is written by hand. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./chaos.ts";
import { faultKinds } from "./faults.ts";
import { found } from "./found.ts";
import { root } from "./parts.ts";

const lines = join(root, "docs/survival.jsonl");
const page = join(root, "docs/survival.md");

export type Kept =
  | (Outcome & { readonly trial: "chaos"; readonly commit: string })
  | {
      readonly trial: "soak";
      readonly commit: string;
      readonly name: string;
      readonly seen: string;
      readonly held: boolean;
    };

const isKept = (value: unknown): value is Kept =>
  typeof value === "object" &&
  value !== null &&
  ["chaos", "soak"].includes(String(Reflect.get(value, "trial")));

const nameOf = (kept: Kept): string =>
  kept.trial === "chaos" ? `chaos ${kept.seed} ${kept.seconds}` : `soak ${kept.name}`;

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

const chaosPart = (runs: readonly Extract<Kept, { trial: "chaos" }>[]): string => {
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

const soakPart = (seen: readonly Extract<Kept, { trial: "soak" }>[]): string =>
  seen.length === 0
    ? ""
    : `\n## Overload and soak

\`bun run soak\` does to one server what the internet does.

| what | seen | |
| --- | --- | --- |
${seen.map(({ name, seen: line, held }) => `| ${name} | ${line.replaceAll("|", "\\|")} | ${held ? "holds" : "**found**"} |`).join("\n")}
`;

/** The page of all that is kept. */
export const survivalPage = (kept: readonly Kept[]): string => {
  const chaos = kept.filter((one) => one.trial === "chaos");
  const soak = kept.filter((one) => one.trial === "soak");
  return `# Survival

Made by \`bun run chaos … --write\` and \`bun run soak --write\` from what they saw; no figure here is typed by hand.

${chaosPart(chaos)}
## What was found by them

${foundPart()}
${soakPart(soak)}`;
};

const order = (a: Kept, b: Kept): number => {
  if (a.trial === "chaos" && b.trial === "chaos") return a.seconds - b.seconds || a.seed - b.seed;
  return a.trial < b.trial ? -1 : a.trial > b.trial ? 1 : 0;
};

type Seen = Kept extends infer K ? (K extends Kept ? Omit<K, "commit"> : never) : never;

/** Keeps one, in the place of an earlier one of the same name, and writes the page anew. */
export const keep = (seen: Seen): void => {
  const commit = Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"], { cwd: root })
    .stdout.toString()
    .trim();
  const one: Kept = { ...seen, commit: commit || "an export" };
  const all = [...keptSoFar().filter((other) => nameOf(other) !== nameOf(one)), one].sort(order);
  writeFileSync(`${lines}.new`, `${all.map((line) => JSON.stringify(line)).join("\n")}\n`);
  renameSync(`${lines}.new`, lines);
  writeFileSync(page, survivalPage(all));
};
