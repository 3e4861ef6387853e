import type { Issue } from "@evx/kernel";
import type * as v from "valibot";

type Schema = v.GenericSchema & {
  readonly entries?: Record<string, Schema>;
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly options?: readonly (Schema | string)[];
  readonly pipe?: readonly Schema[];
};

const sentence = "There is no field of this name.";
const twice = "This parameter is there more than once. Send it once.";

const ofFields = (entries: Record<string, Schema>, value: object, path: string): string[] =>
  Object.entries(value).flatMap(([name, field]) => {
    const at = path ? `${path}.${name}` : name;
    const known = Object.hasOwn(entries, name) ? entries[name] : undefined;
    return known ? within(known, field, at) : [at];
  });

/** Of several shapes the one counts that knows most of what came. */
const ofOptions = (options: readonly (Schema | string)[], value: unknown, path: string): string[] =>
  options
    .map((option) => (typeof option === "string" ? [] : within(option, value, path)))
    .reduce((fewest, found) => (found.length < fewest.length ? found : fewest));

const within = (schema: Schema, value: unknown, path: string): string[] => {
  const shape = schema.pipe?.[0] ?? schema;
  if (shape !== schema) return within(shape, value, path);
  if (shape.wrapped) return within(shape.wrapped, value, path);
  if (Array.isArray(value))
    return shape.item
      ? value.flatMap((item, place) => within(shape.item as Schema, item, `${path}.${place}`))
      : [];
  if (typeof value !== "object" || value === null) return [];
  if (shape.options?.length) return ofOptions(shape.options, value, path);
  const closed = shape.type === "object" || shape.type === "strict_object";
  return closed && shape.entries ? ofFields(shape.entries, value, path) : [];
};

/**
 * Fields of an input that its schema does not know, deep down too, as issues. A name that nobody reads is mostly a
 * misspelt one: left unsaid, a filter that was meant would be missing from the answer. Schemas that take any name (`record`,
 * loose objects) know all; where nothing is taken, nothing is known.
 */
export const unknownFields = (schema: v.GenericSchema | undefined, input: unknown): Issue[] =>
  (schema ? within(schema as Schema, input, "") : ofFields({}, input as object, "")).map((path) => ({
    path,
    message: sentence,
  }));

/** Parameters of an address that stand there several times, as issues: of two values one would be dropped in silence. */
export const repeatedParameters = (address: string): Issue[] => {
  const names = [...new URL(address).searchParams.keys()];
  return [...new Set(names.filter((name, place) => names.indexOf(name) !== place))].map((path) => ({
    path,
    message: twice,
  }));
};
