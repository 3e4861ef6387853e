/**
 * What an input check says is for people, in their language. Every sentence that the rooms' checks carry, in any
 * procedure's input, must have a Vietnamese form.
 */
import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { issueSentence } from "@evx/rpc";
import { declaredRules } from "@evx/rules";
import { compose } from "./authorization/world.ts";

const t = await testDatabase();
afterAll(() => t.close());

/** Every sentence of a schema and of what lies within it. */
const sentencesIn = function* (part: unknown, seen: Set<unknown>): Generator<string> {
  if (typeof part !== "object" || part === null || seen.has(part)) return;
  seen.add(part);
  if ("message" in part && typeof part.message === "string") yield part.message;
  for (const held of Object.values(part)) yield* sentencesIn(held, seen);
};

test("every sentence of an input check has a Vietnamese form", async () => {
  const { router } = await compose(t);
  const procedures = Object.values(router._def.procedures as object) as { _def: { inputs: unknown[] } }[];
  const seen = new Set<unknown>();
  const schemas = [
    ...procedures.map(({ _def }) => _def.inputs),
    ...declaredRules().map(({ schema }) => schema),
  ];
  const sentences = new Set(schemas.flatMap((schema) => [...sentencesIn(schema, seen)]));
  expect(sentences.size).toBeGreaterThan(20);
  expect([...sentences].filter((said) => issueSentence(said, "vi") === said)).toEqual([]);
});
