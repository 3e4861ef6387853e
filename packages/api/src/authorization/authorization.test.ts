/**
 * Every procedure × everybody × one's own object and another's, asserted from one readable table: authorization.md.
 * A procedure without a row fails, and so does a row without a procedure. After a change, `WRITE_TABLE=1 bun test`
 * writes the table anew; read its difference before it is committed, since it is what the venue allows.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { testDatabase } from "@evx/db/testing";
import { type Meta, refusalOf, summaryOf } from "@evx/rpc";
import { inputs, lasting, objects } from "./objects.ts";
import { aLife, type Composed, compose, type Life, people, type Who } from "./world.ts";

setDefaultTimeout(120_000);

const file = join(import.meta.dir, "authorization.md");

type Cell = "yes" | "pwd" | "no" | "hid";
type Row = { procedure: string; own: Cell[]; other: Cell[] | null };

const heading = `# Who may call what

\`yes\` the call goes through (or is refused for a reason that is no question of rights), \`no\` it is refused as 401 or 403,
\`hid\` it answers 404, as if the object were not there, \`pwd\` it asks for a session that a password opened, which nobody
of the table has: a signed-in person gets no further, and neither does an API key. The first six columns are one's own object, the last six another
person's; a call that speaks of no object has no second half. \`cva\` is not accredited, \`auditor\` is.

| procedure | nobody | owner | buyer | cva | auditor | admin | other's: nobody | owner | buyer | cva | auditor | admin |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
`;

const written = (rows: Row[]) =>
  `${heading}${rows.map(({ procedure, own, other }) => `| ${[procedure, ...own, ...(other ?? Array(6).fill(" "))].join(" | ")} |`).join("\n")}\n`;

const read = async (): Promise<Map<string, Row>> => {
  const rows = new Map<string, Row>();
  for (const line of (await Bun.file(file).text()).split("\n")) {
    const [procedure = "", ...cells] = line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim());
    if (!/^\w+(\.\w+)+$/.test(procedure)) continue;
    const own = cells.slice(0, 6) as Cell[];
    const other = cells[6] ? (cells.slice(6, 12) as Cell[]) : null;
    rows.set(procedure, { procedure, own, other });
  }
  return rows;
};

const t = await testDatabase({ max: 20 });
let venue: Composed;
let ours: Life;
let theirs: Life;
beforeAll(async () => {
  venue = await compose(t);
  ours = await aLife(t, venue);
  theirs = await aLife(t, venue);
});
afterAll(() => t.close());

/** The first value of a stream, or that there is none yet: whoever may not watch is refused before. */
const firstOf = async (stream: AsyncIterable<unknown>): Promise<void> => {
  await Promise.race([stream[Symbol.asyncIterator]().next(), Bun.sleep(100)]);
};

const cellOf = async (procedure: string, who: Who, life: Life): Promise<Cell> => {
  const stopped = new AbortController();
  const { api, stop } = venue.trying(ours.actors[who], stopped.signal, { lasts: lasting.has(procedure) });
  const input = objects[procedure]?.(life, who) ?? inputs[procedure];
  try {
    let call: unknown = api;
    for (const part of procedure.split(".")) call = (call as Record<string, unknown>)[part];
    const answer = await (call as (input?: unknown) => Promise<unknown>)(input);
    if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer)
      await firstOf(answer as AsyncIterable<unknown>);
    return "yes";
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw new Error(`${procedure} failed for ${who}`, { cause: error });
    if (input && refusal.code === "input_invalid")
      throw new Error(`${procedure} needs a better input: ${JSON.stringify(refusal.issues)}`);
    if (refusal.kind === "not_found") return "hid";
    if (refusal.code === "session_required") return "pwd";
    // Not a question of rights: what the call is about.
    if (refusal.code === "credentials_wrong") return "yes";
    return refusal.kind === "unauthenticated" || refusal.kind === "forbidden" ? "no" : "yes";
  } finally {
    stopped.abort();
    stop();
  }
};

const rowOf = async (procedure: string): Promise<Row> => {
  const own: Cell[] = [];
  const other: Cell[] = [];
  for (const who of people) own.push(await cellOf(procedure, who, ours));
  if (objects[procedure]) for (const who of people) other.push(await cellOf(procedure, who, theirs));
  return { procedure, own, other: other.length > 0 ? other : null };
};

describe("authorization", () => {
  test("every procedure answers everybody as the table says, and every procedure has its row", async () => {
    const procedures = Object.keys(venue.router._def.procedures).sort();
    const found: Row[] = [];
    for (const procedure of procedures) found.push(await rowOf(procedure));
    if (Bun.env.WRITE_TABLE) await Bun.write(file, written(found));
    const table = await read();
    expect([...table.keys()]).toEqual(procedures);
    for (const row of found) expect(row).toEqual(table.get(row.procedure) as Row);
  });

  test("every procedure says in one line what it does, but streams of news and a browser's own", () => {
    const procedures = venue.router._def.procedures as unknown as Record<
      string,
      { _def: { type: string; meta?: Meta } }
    >;
    const silent = Object.entries(procedures)
      .filter(([, { _def }]) => _def.type !== "subscription" && !_def.meta?.session)
      .filter(([, { _def }]) => (summaryOf(_def.meta)?.length ?? 0) < 10)
      .map(([path]) => path);
    expect(silent).toEqual([]);
  });

  test("nobody without a sign-in gets at anything but what is public", async () => {
    const table = await read();
    const open = [...table.values()].filter(({ own }) => own[0] === "yes").map(({ procedure }) => procedure);
    expect(
      open.filter(
        (procedure) =>
          !/^(identity|live\.many|marketplace|credits\.registry|verification\.certificates|reports\.totals|pricing\.(fair|trends|trendsCsv|earnings)|vehicles\.(models|factorSets?|gridFactors|vin|push)|venue\.standing|notifications\.(leaving|leave|comeBack)$)/.test(
            procedure,
          ),
      ),
    ).toEqual([]);
  });
});
