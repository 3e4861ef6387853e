/**
 * Every procedure, asked by everybody who may, and a whole life with its jobs, on a large database: no statement reads a
 * large table from end to end, and none is sent once for each row of a list.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { inputs, lasting, objects } from "../authorization/objects.ts";
import { aLife, type Composed, compose, type Life, people } from "../authorization/world.ts";
import { grow, sizes, small } from "./grown.testing.ts";
import { type Recorded, type Recorder, recording } from "./recorded.testing.ts";

setDefaultTimeout(600_000);

const rows = 4_000;
const each = 24;
/** From so many on, reading a table to its end is what the index is for. */
const large = 2_000;

const t = await testDatabase({ max: 20 });
let venue: Composed;
let life: Life;
let recorder: Recorder;
let uncopied: string[] = [];
let tables: Map<string, number>;

beforeAll(async () => {
  const before = await compose(t);
  life = await aLife(t, before);
  uncopied = await grow(t, { each, rows });
  tables = await sizes(t);
  recorder = await recording(t);
  venue = await compose(recorder);
});
afterAll(async () => {
  await recorder.end();
  await t.close();
});

const ask = async (procedure: string, who: (typeof people)[number]): Promise<Recorded[]> => {
  recorder.taken();
  const stopped = new AbortController();
  const { api, stop } = venue.trying(life.actors[who], stopped.signal, { lasts: lasting.has(procedure) });
  const input = objects[procedure]?.(life, who) ?? inputs[procedure];
  try {
    let call: unknown = api;
    for (const part of procedure.split(".")) call = (call as Record<string, unknown>)[part];
    const answer = await (call as (input?: unknown) => Promise<unknown>)(input);
    if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer)
      await Promise.race([(answer as AsyncIterable<unknown>)[Symbol.asyncIterator]().next(), Bun.sleep(50)]);
  } catch {
    // A refusal read what it had to; what is wrong with answers is others' concern.
  } finally {
    stopped.abort();
    stop();
  }
  return recorder.taken();
};

/** What was asked of each statement's tables, a line for each that is read whole. */
const wholesale = (from: string, recorded: readonly Recorded[]): string[] =>
  recorded.flatMap(({ text, scanned }) =>
    scanned
      .filter((table) => (tables.get(table) ?? 0) >= large)
      .map((table) => `${from}: ${table}: ${text.slice(0, 200)}`),
  );

const loops = (from: string, recorded: readonly Recorded[]): string[] => {
  const counts = new Map<string, number>();
  for (const { text } of recorded) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= each / 2)
    .map(([text, count]) => `${from}: ${count} times: ${text.slice(0, 200)}`);
};

test("the database is large: what grows with people, trips and sales was grown", () => {
  console.log(
    [...tables]
      .filter(([name, n]) => n < large && !small.has(name) && !/^(pg_|information|pgboss)/.test(name))
      .map(([name, n]) => `${name} ${n}`)
      .join("\n"),
  );
  expect(uncopied).toEqual([]);
});

test("what everybody asks", async () => {
  const found: string[] = [];
  const looped: string[] = [];
  let asked = 0;
  const silent: string[] = [];
  for (const procedure of Object.keys(venue.router._def.procedures).sort()) {
    let spoke = 0;
    for (const who of people) {
      const recorded = await ask(procedure, who);
      spoke += recorded.length;
      found.push(...wholesale(`${procedure} by ${who}`, recorded));
      looped.push(...loops(`${procedure} by ${who}`, recorded));
    }
    asked += spoke;
    if (spoke === 0) silent.push(procedure);
  }
  console.log(asked, "silent", silent.join(" "));
  const once = (lines: string[]) => [
    ...new Map(lines.map((line) => [line.split(": ").slice(1).join(": "), line])).values(),
  ];
  console.log(once(found).join("\n"));
  console.log("LOOPS", once(looped).join("\n"));
  expect(asked).toBeGreaterThan(1_000);
});

test("what a whole life does, its jobs included", async () => {
  recorder.taken();
  await aLife(recorder, venue);
  const recorded = recorder.taken();
  const once = (lines: string[]) => [...new Map(lines.map((line) => [line, line])).values()];
  console.log(recorded.length, once(wholesale("life", recorded)).join("\n"));
});
