import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { declaredRules } from "@evx/rules";
import { compose } from "./authorization/world.ts";
import { appHandlers } from "./jobs.ts";

const t = await testDatabase();
afterAll(() => t.close());

/** Codes to which the screen has words, as the English dictionary names them; the type holds the other to it. */
const named = async (area: string): Promise<string[]> => {
  const words = await Bun.file(new URL(`../../../apps/web/src/i18n/en/${area}.ts`, import.meta.url)).text();
  return [...words.matchAll(/^ {2}"([\w.-]+)":/gm)].map(([, code = ""]) => code);
};

/** The fields of a rule's value as the form names them: "issuer.name" for what lies deeper, a list's by its rows. */
const fieldsOf = function* (entries: Record<string, unknown>, before = ""): Generator<string> {
  for (const [name, schema] of Object.entries(entries)) {
    const bare = withoutWrap(schema as Shape);
    if (bare.entries) yield* fieldsOf(bare.entries, `${before}${name}.`);
    else yield `${before}${name}`;
    const row = bare.item && withoutWrap(bare.item);
    if (row?.entries) yield* fieldsOf(row.entries);
  }
};

type Shape = { wrapped?: Shape; item?: Shape; entries?: Record<string, unknown> };
const withoutWrap = (schema: Shape): Shape => (schema.wrapped ? withoutWrap(schema.wrapped) : schema);

test("an operator reads in words what each queue does, and no words are left of a queue that is gone", async () => {
  const { ports } = await compose(t);
  const heads = { put: () => Promise.resolve(), notes: () => Promise.resolve([]) };
  const handlers = appHandlers({ ...ports, identity: { ...ports.identity, heads } });
  const queues = [...new Set(handlers.map(({ queue }) => queue))].sort();
  expect(queues.length).toBeGreaterThan(100);
  expect((await named("queues")).sort()).toEqual(queues);
});

test("each rule and each of its fields has a name, and no name is left of one that is gone", async () => {
  await compose(t);
  const words = await named("rules");
  const of = (kind: string) =>
    words.flatMap((key) => (key.startsWith(`${kind}.`) ? [key.slice(kind.length + 1)] : [])).sort();
  const rules = declaredRules();
  expect(rules.length).toBeGreaterThan(10);
  expect(of("rule")).toEqual(rules.map(({ name }) => name).sort());
  const fields = rules.flatMap(({ schema }) => [...fieldsOf((schema as Shape).entries ?? {})]);
  expect(of("field")).toEqual([...new Set(fields)].sort());
});
