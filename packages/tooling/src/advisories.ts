/**
 * Known holes in what we depend on, from the npm registry alone. Fails where one of grave severity is told; where the registry
 * cannot be reached, or tells none at all, it says so and fails nobody: a mirror without advisories is no hole of ours.
 */
import { root } from "./rooms.ts";

type Advisory = { title: string; severity: string; url: string };

export type Told =
  | { state: "unreachable"; why: string }
  | { state: "told"; grave: string[]; lesser: string[] };

const grave = new Set(["high", "critical"]);

const isAdvisory = (value: unknown): value is Advisory =>
  typeof value === "object" && value !== null && "severity" in value && "title" in value;

/** Reads what `bun audit --json` wrote: an object of lists by package, or a sentence why there is none. */
export const readAudit = ({ out, err }: { out: string; err: string }): Told => {
  const start = out.indexOf("{");
  const unreachable = {
    state: "unreachable",
    why: (err || out).trim().split("\n")[0] || "no answer",
  } as const;
  if (start < 0) return unreachable;
  let answer: unknown;
  try {
    answer = JSON.parse(out.slice(start));
  } catch {
    return unreachable;
  }
  const told = { state: "told" as const, grave: [] as string[], lesser: [] as string[] };
  for (const [name, list] of Object.entries(answer ?? {}))
    for (const one of Array.isArray(list) ? list.filter(isAdvisory) : [])
      (grave.has(one.severity) ? told.grave : told.lesser).push(
        `${name}: ${one.severity}: ${one.title} (${one.url})`,
      );
  return told;
};

/** The sentence for a reader of the run, and whether it is a failure. */
export const verdictOf = (told: Told): { says: string; fails: boolean } => {
  if (told.state === "unreachable")
    return {
      says: `NOT CHECKED: the registry's advisories could not be read (${told.why}). Nothing is known to be wrong, and nothing to be right.`,
      fails: false,
    };
  const lines = [...told.grave, ...told.lesser].map((line) => `  ${line}`);
  const says = `${told.grave.length} grave and ${told.lesser.length} lesser advisories for what we depend on`;
  return { says: [says, ...lines].join("\n"), fails: told.grave.length > 0 };
};

if (import.meta.main) {
  const child = Bun.spawn([process.execPath, "audit", "--json"], {
    cwd: root,
    stdout: "pipe",
    stderr: "pipe",
  });
  const late = setTimeout(() => child.kill(), 60_000);
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  clearTimeout(late);
  // The address of a registry is the reader's own business.
  const { says, fails } = verdictOf(readAudit({ out, err: err.replace(/https?:\/\/\S+/g, "the registry") }));
  console.log(says);
  process.exit(fails ? 1 : 0);
}
