/** A rule's value as fields of a form: numbers and texts as they are, anything deeper as JSON. */
export type Value = Readonly<Record<string, unknown>>;

export const isValue = (value: unknown): value is Value =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a field is typed as, by what it holds now. */
export const kindOf = (value: unknown): "number" | "text" | "json" =>
  typeof value === "number" ? "number" : typeof value === "string" ? "text" : "json";

export const textOf = (value: unknown): string => {
  const kind = kindOf(value);
  return kind === "json" ? JSON.stringify(value) : String(value);
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** A field's text as what it holds; undefined when it is no such thing. */
export const readField = (text: string, like: unknown): unknown => {
  const kind = kindOf(like);
  if (kind === "text") return text;
  if (kind === "json") return readJson(text);
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
};

/** The fields that would be others, with both values as text. */
export const changes = (before: Value, after: Value): { field: string; before: string; after: string }[] =>
  Object.keys(before)
    .filter((field) => textOf(before[field]) !== textOf(after[field]))
    .map((field) => ({ field, before: textOf(before[field]), after: textOf(after[field]) }));
