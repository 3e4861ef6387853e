/**
 * Text that people type is one kind (`textOf` of the kernel): composed, without what nobody sees. Every text that any procedure
 * takes is given a name with an override of direction, and must refuse it or lose it.
 */
import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { textOf } from "@evx/kernel";
import * as v from "valibot";
import { compose } from "./authorization/world.ts";

const t = await testDatabase();
afterAll(() => t.close());

type Schema = {
  type: string;
  entries?: Record<string, Schema>;
  item?: Schema;
  options?: (Schema | string)[];
  wrapped?: Schema;
  pipe?: readonly unknown[];
};

/** Every leaf under a schema that takes text, by its path. */
const leavesOf = function* (schema: Schema, path: string): Generator<[string, Schema]> {
  // What is checked as a whole is asked as a whole.
  const isWhole = schema.pipe?.some((part) => (part as Schema).type === "check");
  if (schema.entries && !isWhole)
    for (const [name, entry] of Object.entries(schema.entries)) yield* leavesOf(entry, `${path}.${name}`);
  else if (schema.pipe) yield [path, schema];
  else if (schema.wrapped) yield* leavesOf(schema.wrapped, path);
  else if (schema.item) yield* leavesOf(schema.item, `${path}[]`);
  else if (schema.type === "union" || schema.type === "variant")
    for (const option of schema.options ?? []) {
      if (typeof option === "object") yield* leavesOf(option, path);
    }
  else yield [path, schema];
};

// Overrides, blanks and marks of no width, tags that spell unseen text, fillers and pieces of ruby, a control of the second set.
const hidden = [
  ...["\u202e", "\u200b", "\u2066", "\ufeff", "\u061c", "\u180e", "\u034f", "\ufe0f"],
  ...["\u{e0041}", "\u{e0101}", "\u3164", "\uffa0", "\u115f", "\u2800", "\ufff9", "\u0085"],
];
const samples = hidden.flatMap((char) => [`ab${char}cd`, `Ng${char}uyen Van An 12345`]);
const decomposed = ["Nguye\u0302\u0303n Va\u0306n", "Nguye\u200b\u0302\u0303n Va\u0306n"];
/** Marks upon marks cover the lines above. */
const heaped = `Nguy${"\u0301\u0323".repeat(20)}en Van An`;

/** Whether what nobody sees gets through, or a letter in two pieces. */
const letsThrough = (schema: v.GenericSchema): boolean => {
  const through = (text: string, shows: (out: string) => boolean): boolean => {
    const read = v.safeParse(schema, text);
    return read.success && typeof read.output === "string" && shows(read.output);
  };
  return (
    samples.some((text) => through(text, (out) => hidden.some((char) => out.includes(char)))) ||
    decomposed.some((text) => through(text, (out) => out !== out.normalize("NFC"))) ||
    through(heaped, (out) => /\p{M}{9}/u.test(out))
  );
};

/** Compared or opened as they are, shown to nobody; `vehicle` and `vehicleColumn` stand so in a file. */
const opaque =
  /\.(password|currentPassword|newPassword|token|refreshToken|code|cursor|contentType|state|requestId|lastEventId|vehicle|vehicleColumn|secret)$/;

test("no procedure takes text in which something is hidden", async () => {
  const { router } = await compose(t);
  const procedures = router._def.procedures as unknown as Record<string, { _def: { inputs: Schema[] } }>;
  const loose = new Set<string>();
  let seen = 0;
  for (const [path, { _def }] of Object.entries(procedures))
    for (const input of _def.inputs)
      for (const [leaf, schema] of leavesOf(input, path)) {
        seen++;
        if (!opaque.test(leaf) && letsThrough(schema as unknown as v.GenericSchema)) loose.add(leaf);
      }
  expect(seen).toBeGreaterThan(200);
  expect([...loose].sort()).toEqual([]);
});

test("a plain string lets it through, the kernel's text does not", () => {
  expect(letsThrough(v.pipe(v.string(), v.maxLength(60)))).toBe(true);
  expect(letsThrough(textOf(60))).toBe(false);
});
