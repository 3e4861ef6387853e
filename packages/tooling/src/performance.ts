/** The table of docs/performance.md: what the benchmarks printed in one run, beside what is wanted of them. */

/** What is wanted of a line: its ratio lies between these, both included. */
type Goal = {
  readonly bench: string;
  /** Which of the benchmark's lines, by its words; every one that says no goal itself where left out. */
  readonly line?: RegExp;
  readonly least?: number;
  readonly most?: number;
};

/** The first that fits a line counts. */
export const goals: readonly Goal[] = [
  { bench: "settle", line: /in a transaction/, least: 0.9 },
  { bench: "settle", line: /hand-written function/, least: 0.9 },
  { bench: "ledger", line: /function in a transaction/, least: 0.95 },
  { bench: "ledger", line: /committing by itself/, least: 0.95 },
  { bench: "sweep", most: 0.1 },
  { bench: "bids", line: /watched live/, least: 0.95 },
  { bench: "bids", least: 0.9 },
  { bench: "import", line: /^import/, least: 0.6 },
  { bench: "import", line: /second million/, most: 1.1 },
  { bench: "checkout", least: 0.5 },
  { bench: "search", most: 1.5 },
  { bench: "read", line: /by (cookie|token)/, least: 0.95 },
  { bench: "fanout", most: 1.5 },
  { bench: "reports", most: 1.3 },
  { bench: "log", line: /sequenced/, least: 0.5 },
  { bench: "log", line: /inclusion proof/, least: 1 },
  { bench: "log", line: /monitored/, least: 1 },
];

export type Line = {
  readonly bench: string;
  readonly what: string;
  readonly figure: string;
  readonly floor: string;
  readonly ratio: number;
  /** As a reader sees it: `≥ 0.9`; nothing where none is set. */
  readonly goal: string;
  /** Null where there is no goal. */
  readonly met: boolean | null;
};

const within = (ratio: number, { least, most }: Pick<Goal, "least" | "most">): boolean =>
  (least === undefined || ratio >= least) && (most === undefined || ratio <= most);

const shown = ({ least, most }: Pick<Goal, "least" | "most">): string => {
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  return least !== undefined ? `≥ ${least}` : `≤ ${most}`;
};

/** The goal that a line says itself: `(goal 1.005)` is the most, `(goal 0.88 to 0.92)` a range. */
const saidIn = (text: string): Pick<Goal, "least" | "most"> | null => {
  const said = /\(goal ([\d.]+)(?: to ([\d.]+))?\)/.exec(text);
  if (!said) return null;
  return said[2] ? { least: Number(said[1]), most: Number(said[2]) } : { most: Number(said[1]) };
};

/** Reads a line that a benchmark printed; null for one that has no ratio. */
export const readLine = (bench: string, printed: string): Line | null => {
  const found = /^(.*?),?\s*ratio=(-?[\d.]+|NaN)$/.exec(printed.trim());
  if (!found) return null;
  const [, text = "", number = ""] = found;
  const ratio = Number(number);
  // A goal in a line that bounds something else than its ratio is told by the table above.
  const goal =
    goals.find((one) => one.bench === bench && (one.line === undefined || one.line.test(text))) ??
    saidIn(text);
  const plain = text.replace(/ ?\(goal [^)]*\)/, "").replace(new RegExp(`^${bench}: `), "");
  const place = plain.indexOf(": ");
  const head = place < 0 ? "" : plain.slice(0, place);
  const parts = (place < 0 ? plain : plain.slice(place + 2)).split(", ");
  const floor = parts.length > 1 ? (parts.pop() ?? "") : "";
  const figure = head || parts.length > 1 ? (parts.pop() ?? "") : "";
  return {
    bench,
    what: [head, ...parts].filter(Boolean).join(", "),
    figure,
    floor,
    ratio,
    goal: goal ? shown(goal) : "",
    met: goal ? within(ratio, goal) : null,
  };
};

export type Ran = {
  readonly bench: string;
  readonly seconds: number;
  readonly lines: readonly string[];
  /** Why there is nothing, or not everything. */
  readonly failed: string | null;
};

export type Machine = {
  readonly at: string;
  readonly commit: string;
  readonly cores: number;
  /** How many programs wanted a core when the run began and when it ended. */
  readonly load: readonly [number, number];
};

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** docs/performance.md of one run. */
export const performancePage = (ran: readonly Ran[], machine: Machine): string => {
  const lines = ran.flatMap(({ bench, lines }) => lines.map((line) => readLine(bench, line) ?? line));
  const table = lines.filter((line) => typeof line !== "string");
  const notes = lines.filter((line) => typeof line === "string");
  const wanted = table.filter(({ met }) => met !== null);
  const missed = wanted.filter(({ met }) => met === false);
  const rows = table.map(({ bench, what, figure, floor, ratio, goal, met }) =>
    [
      bench,
      what,
      figure,
      floor,
      Number.isNaN(ratio) ? "–" : String(ratio),
      goal || "–",
      met === null ? "" : met ? "yes" : "**no**",
    ]
      .map(cell)
      .join(" | "),
  );
  const failed = ran.filter((one) => one.failed);
  const [before, after] = machine.load.map((one) => one.toFixed(1));
  return `# Performance

Made by \`bun run bench --all\` on ${machine.at} at ${machine.commit}, ${machine.cores} cores, load ${before} when it began and ${after} when it
ended; no figure here is typed by hand. Each ratio is taken side by side in one run, ours against the floor that the same engine
reaches on the same machine. A load above the cores means that others worked too: then only ratios say anything, and less.

${wanted.length - missed.length} of ${wanted.length} goals are met.

| bench | what | ours | floor or peer | ratio | goal | met |
| --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join("\n")}
${notes.length > 0 ? `\nWithout a ratio:\n\n${notes.map((line) => `- ${line}`).join("\n")}\n` : ""}${
  failed.length > 0
    ? `\nNot measured:\n\n${failed.map(({ bench, failed: why }) => `- ${bench}: ${why}`).join("\n")}\n`
    : ""
}
Seconds that each took: ${ran.map(({ bench, seconds }) => `${bench} ${seconds}`).join(", ")}.
`;
};
