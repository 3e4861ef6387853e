/** `bun run trace ID [FILE]`: follows one request through log lines, audit trail, outbox, jobs and notifications. */
import { readScriptSettings } from "@evx/runtime";
import { openVenue, type Venue } from "./venues.ts";

type Line = { at: string; where: string; what: string; state: string };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const textOf = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** The log lines of a request. Lines that are no JSON, or another request's, are passed over. */
export const logLines = (text: string, requestId: string): Line[] =>
  text.split("\n").flatMap((line) => {
    if (!line.includes(requestId)) return [];
    const said = parsed(line.slice(Math.max(0, line.indexOf("{"))));
    if (!isRecord(said) || said.requestId !== requestId) return [];
    const { time, service, level, msg, method, path, queue, status, ms, error } = said;
    const about = [method, path, queue].map(textOf).filter(Boolean).join(" ");
    const fault = isRecord(error) ? textOf(error.message) : "";
    return [
      {
        at: textOf(time),
        where: `log ${textOf(service)}`,
        what: [textOf(msg), about].filter(Boolean).join(": "),
        state: [textOf(level), textOf(status), ms === undefined ? "" : `${textOf(ms)} ms`, fault]
          .filter(Boolean)
          .join(", "),
      },
    ];
  });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

type Step = { at: Date | string } & Readonly<
  Record<"where" | "what" | "object" | "userId" | "kind" | "state" | "error", string | null>
> & { attempts: number | null };

const tries = (attempts: number | null): string => `${attempts ?? 0} ${attempts === 1 ? "try" : "tries"}`;

/** A step by its codes, as logs have them. */
const wordsOf = (step: Step): Pick<Line, "what" | "state"> => {
  const error = step.error ? `: ${step.error}` : "";
  switch (step.where) {
    case "audit":
      return { what: `${step.what} ${step.object}`, state: `by ${step.userId ?? "the venue"}` };
    case "outbox":
      return { what: `${step.kind} ${step.what}`, state: "waits to be taken over" };
    case "job":
      return {
        what: step.what ?? "",
        state: `${(step.state ?? "").replaceAll("_", " ")}, ${tries(step.attempts)}${error}`,
      };
    default:
      return {
        what: `${step.what ?? "by hand"} to ${step.userId}, ${step.kind}`,
        state: `${step.state}${error}`,
      };
  }
};

/** What the venue's database still knows of a request. */
export const knownSteps = async (venue: Venue, requestId: string): Promise<Line[]> => {
  const { steps } = (await venue.invoke("jobs.trace", "query", { requestId })) as { steps: Step[] };
  return steps.map((step) => ({
    at: new Date(step.at).toISOString(),
    where: step.where ?? "",
    ...wordsOf(step),
  }));
};

/** All lines by time, one a line: `time  where  what  (state)`. */
export const story = (lines: readonly Line[]): string =>
  [...lines]
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ at, where, what, state }) => `${at}  ${where.padEnd(14)}${what}${state ? `  (${state})` : ""}`)
    .join("\n");

const usage = `bun run trace ID [FILE]
Follows a request by its id (the x-request-id of its answer) through the log, the audit trail, the outbox, the jobs
and the notifications. FILE holds log lines; "-" reads them from standard input.`;

if (import.meta.main) {
  const [requestId, file] = Bun.argv.slice(2);
  if (!requestId || requestId.startsWith("--")) {
    console.error(usage);
    process.exit(1);
  }
  try {
    const log = file === "-" ? await Bun.stdin.text() : file ? await Bun.file(file).text() : "";
    const venue = await openVenue(readScriptSettings());
    const steps = await knownSteps(venue, requestId).finally(() => venue.close());
    const lines = [...logLines(log, requestId), ...steps];
    if (lines.length === 0) console.error(`Nothing is known of ${requestId}. Done jobs are kept for 7 days.`);
    else console.log(story(lines));
    process.exit(lines.length === 0 ? 1 : 0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
