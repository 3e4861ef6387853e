import type { Issue } from "@evx/kernel";

/** Deeper than any input of ours; what goes beyond is refused by its schema anyway. */
const deepest = 12;

/**
 * Texts in an input that Postgres cannot store: a zero byte, or half of a pair of surrogates. Looked for once, before
 * every procedure, because one forgotten field would answer a client's mistake with a fault of ours.
 */
export const unstorable = (input: unknown, path = "", depth = 0): Issue[] => {
  if (typeof input === "string")
    return input.includes("\u0000") || !input.isWellFormed()
      ? [{ path, message: "Has characters that cannot be stored." }]
      : [];
  if (typeof input !== "object" || input === null || depth > deepest) return [];
  const prototype: unknown = Object.getPrototypeOf(input);
  // Streams and bytes are looked at by whoever reads them.
  if (!Array.isArray(input) && prototype !== Object.prototype && prototype !== null) return [];
  return Object.entries(input).flatMap(([name, value]) => [
    ...unstorable(name, path, depth + 1),
    ...unstorable(value, path ? `${path}.${name}` : name, depth + 1),
  ]);
};
