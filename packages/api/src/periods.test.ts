/**
 * A period is read in one way everywhere: one that ends before it begins is refused where it is read, and so is a year that
 * no venue has seen or will. Answered, both look as if nothing had happened in them.
 */
import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { issueSentence } from "@evx/rpc";
import * as v from "valibot";
import { compose } from "./authorization/world.ts";

const t = await testDatabase();
afterAll(() => t.close());

type Schema = v.GenericSchema & {
  entries?: Record<string, Schema>;
  item?: Schema;
  options?: (Schema | string)[];
  wrapped?: Schema;
};

/** Every object of an input, deep down too, by its path. */
const objectsIn = function* (schema: Schema, path: string): Generator<[string, Schema]> {
  if (schema.entries) {
    yield [path, schema];
    for (const [name, entry] of Object.entries(schema.entries)) yield* objectsIn(entry, `${path}.${name}`);
  }
  if (schema.wrapped) yield* objectsIn(schema.wrapped, path);
  if (schema.item) yield* objectsIn(schema.item, `${path}[]`);
  for (const option of schema.options ?? []) if (typeof option === "object") yield* objectsIn(option, path);
};

const inputs = async (): Promise<[string, Schema][]> => {
  const { router } = await compose(t);
  const procedures = router._def.procedures as unknown as Record<string, { _def: { inputs: Schema[] } }>;
  return Object.entries(procedures).flatMap(([path, { _def }]) =>
    _def.inputs.flatMap((input) => [...objectsIn(input, path)]),
  );
};

const issuesOf = (schema: Schema, input: unknown, field: string): string[] =>
  (v.safeParse(schema, input).issues ?? [])
    .filter((issue) => v.getDotPath(issue) === field)
    .map(({ message }) => message);

const pairs = [
  ["from", "to"],
  ["from", "until"],
  ["periodFrom", "periodTo"],
] as const;

test("no procedure takes a period that ends before it begins, and each says so in both languages", async () => {
  const answered: string[] = [];
  let seen = 0;
  for (const [path, schema] of await inputs())
    for (const [from, to] of pairs) {
      if (!schema.entries?.[from] || !schema.entries[to]) continue;
      const said = (earlier: string, later: string) => issuesOf(schema, { [from]: later, [to]: earlier }, to);
      const isText = v.safeParse(schema.entries[from], "2026-03-02").success;
      if (!isText) continue;
      seen++;
      const [message = ""] = said("2026-03-01", "2026-03-02");
      if (!message.startsWith("The period ends before")) answered.push(`${path}: ${from}, ${to}`);
      else expect(issueSentence(message, "vi")).not.toBe(message);
      expect(said("2026-03-01", "2026-03-01")).toEqual([]);
    }
  expect(answered).toEqual([]);
  expect(seen).toBeGreaterThan(12);
});

/** A car's model year is held to the present one, and refused in words of its own. */
const refusedBelow = new Set(["vehicles.create.year"]);

/** Whether an object takes a value for a field, by what it says of the field or of the whole. */
const takes = (schema: Schema, name: string, value: unknown): boolean =>
  !(v.safeParse(schema, { [name]: value }).issues ?? []).some((issue) =>
    [name, null].includes(v.getDotPath(issue)),
  );

/** What a calendar's year or month is called in an input. */
const ofCalendar = /^(year|month|vintage|vintageFrom|from|to|until|periodFrom|periodTo)$/;

test("no procedure takes a year beyond every calendar of the venue", async () => {
  const taken: string[] = [];
  let seen = 0;
  for (const [path, schema] of await inputs())
    for (const name of Object.keys(schema.entries ?? {})) {
      if (!ofCalendar.test(name) || refusedBelow.has(`${path}.${name}`)) continue;
      for (const far of ["2226", 2226, "2226-01", "2226-01-01", "2226-01-01T00:00:00Z"]) {
        seen++;
        if (takes(schema, name, far)) taken.push(`${path}.${name}: ${far}`);
      }
    }
  expect(taken).toEqual([]);
  expect(seen).toBeGreaterThan(100);
});
