/** A rule's value as fields of a form: numbers and texts as they are, lists as JSON, and what lies deeper by its path. */
export type Value = Readonly<Record<string, unknown>>;

export const isValue = (value: unknown): value is Value =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** "issuer.name" for what lies deeper, so that each number and text has a field of its own. */
export const flat = (value: Value, before = ""): Value =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, held]) =>
      isValue(held) ? Object.entries(flat(held, `${before}${name}.`)) : [[`${before}${name}`, held]],
    ),
  );

/** The value that has these fields. */
export const deep = (fields: Value): Value => {
  const value: Record<string, unknown> = {};
  const within = new Map<string, Record<string, unknown>>();
  for (const [path, held] of Object.entries(fields)) {
    const dot = path.indexOf(".");
    if (dot < 0) value[path] = held;
    else {
      const name = path.slice(0, dot);
      within.set(name, { ...within.get(name), [path.slice(dot + 1)]: held });
    }
  }
  for (const [name, inner] of within) value[name] = deep(inner);
  return value;
};

/** Fields that may be left empty, which says that there is no such limit. */
const mayBeEmpty: Readonly<Record<string, "number" | "text">> = {
  holding_days: "number",
  approval_above_minor: "text",
};

type Kind = "number" | "text" | "json";

/** What a field is typed as, by its name where it may be empty, else by what it holds now. */
export const kindOf = (field: string, value: unknown): Kind =>
  mayBeEmpty[field] ?? (typeof value === "number" ? "number" : typeof value === "string" ? "text" : "json");

/** Kept as whole hundredths of a percent, shown and typed as percent. */
export const isPercent = (field: string): boolean => /(Bps|_bps)$|^(connected|export|manual)$/.test(field);

/** What a field's number is for people: percent where it is kept in hundredths of one. */
export const shownNumber = (value: number, field: string): number => (isPercent(field) ? value / 100 : value);

/** A percent as it is typed, in whole hundredths of one; undefined when it is no such thing. */
export const readPercent = (text: string): number | undefined =>
  /^\d+(\.\d{1,2})?$/.test(text.trim()) ? Math.round(Number(text) * 100) : undefined;

/** A field's value as it stands in the form. */
export const textOf = (value: unknown, field: string): string => {
  if (value === null) return "";
  if (typeof value === "number") return String(shownNumber(value, field));
  return typeof value === "string" ? value : JSON.stringify(value);
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** A field's text as what it holds; undefined when it is no such thing. */
export const readField = (text: string, field: string, like: unknown): unknown => {
  if (field in mayBeEmpty && text.trim() === "") return null;
  const kind = kindOf(field, like);
  if (kind === "text") return text;
  if (kind === "json") return readJson(text);
  if (isPercent(field)) return readPercent(text);
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
};

/** The fields that would be others, with both values as text. */
export const changes = (before: Value, after: Value): { field: string; before: string; after: string }[] =>
  Object.keys(before)
    .filter((field) => textOf(before[field], field) !== textOf(after[field], field))
    .map((field) => ({ field, before: textOf(before[field], field), after: textOf(after[field], field) }));
