import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { declaredRules } from "@evx/rules";
import * as v from "valibot";
import { compose } from "./authorization/world.ts";
import { appHandlers } from "./jobs.ts";

const t = await testDatabase();
afterAll(() => t.close());

/** Codes to which the screen has words, as the English dictionary names them; the type holds the other to it. */
const named = async (area: string): Promise<string[]> => {
  const words = await Bun.file(new URL(`../../../apps/web/src/i18n/en/${area}.ts`, import.meta.url)).text();
  return [...words.matchAll(/^ {2}"([\w.-]+)":/gm)].map(([, code = ""]) => code);
};

/** The fields of a rule's value as the form names them: "issuer.name" for what lies deeper, a list's also by its rows. */
const fieldsOf = function* (entries: Entries, { rows }: { rows: boolean }, before = ""): Generator<string> {
  for (const [name, schema] of Object.entries(entries)) {
    const bare = withoutWrap(schema as Shape);
    if (bare.entries) yield* fieldsOf(bare.entries, { rows }, `${before}${name}.`);
    else yield `${before}${name}`;
    const row = bare.item && withoutWrap(bare.item);
    if (rows && row?.entries) yield* fieldsOf(row.entries, { rows });
  }
};

/** The fields that a value has, by the same names; lists are one. */
const heldBy = function* (value: object, before = ""): Generator<string> {
  for (const [name, held] of Object.entries(value))
    if (typeof held === "object" && held !== null && !Array.isArray(held))
      yield* heldBy(held, `${before}${name}.`);
    else yield `${before}${name}`;
};

type Entries = Record<string, unknown>;
type Shape = { wrapped?: Shape; item?: Shape; entries?: Entries };
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
  const fields = rules.flatMap(({ schema }) => [
    ...fieldsOf((schema as Shape).entries ?? {}, { rows: true }),
  ]);
  expect(of("field")).toEqual([...new Set(fields)].sort());
});

test("every field of a rule can be set by its form: the value as built has it, and so has one stored before the field was", async () => {
  await compose(t);
  for (const { name: rule, schema, initial } of declaredRules()) {
    const entries = (schema as Shape).entries ?? {};
    const fields = [...fieldsOf(entries, { rows: false })].sort();
    const held = (value: unknown) => ({ rule, fields: [...heldBy(value as object)].sort() });
    expect(held(initial)).toEqual({ rule, fields });
    const isNewer = (name: string) => (entries[name] as { type?: string }).type === "optional";
    const older = Object.entries(initial as object).filter(([name]) => !isNewer(name));
    expect(held(v.parse(schema, Object.fromEntries(older)))).toEqual({ rule, fields });
  }
});
