import { fromSpan, inLongest, isSpan, moved, type Unit, unitOf } from "./units.ts";

/** A rule's value as fields of a form, in the units of people; lists as rows, and what lies deeper by its path. */
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

export type ListFields = Readonly<Record<string, "number" | "text">>;

const lists: Readonly<Record<string, ListFields>> = {
  bands: { fromMinor: "number", stepMinor: "number" },
  taxes: { name: "text", nameVi: "text", rateBps: "number" },
};

/** What a row of a list holds; null for a field that is no list of rows. */
export const listFields = (field: string): ListFields | null => lists[field] ?? null;

type Kind = "number" | "text" | "json";

/** What a field is kept as, by its name where it may be empty, else by what it holds now. */
export const kindOf = (field: string, value: unknown): Kind =>
  mayBeEmpty[field] ?? (typeof value === "number" ? "number" : typeof value === "string" ? "text" : "json");

const spanText = (count: number, kept: Extract<Unit, { kind: "span" }>["kept"]): string => {
  const longest = inLongest(count, kept);
  return `${longest.count} ${longest.span}`;
};

const rowText = (row: Value, fields: ListFields, currency: string): Value =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, textOf(row[name] ?? "", name, currency)]));

/** A field's value as it stands in the form: "5 minutes" of 300 seconds, "0.05" of 5 cents, a list as rows of such. */
export const textOf = (value: unknown, field: string, currency: string): string => {
  if (value === null) return "";
  const rows = listFields(field);
  if (rows && Array.isArray(value))
    return JSON.stringify(value.filter(isValue).map((row) => rowText(row, rows, currency)));
  if (typeof value !== "number" && typeof value !== "string") return JSON.stringify(value);
  const unit = unitOf(field, currency);
  if (unit.kind === "scaled") return moved(String(value), unit.places) ?? String(value);
  return unit.kind === "span" && typeof value === "number" ? spanText(value, unit.kept) : String(value);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const readRows = (text: string, fields: ListFields, currency: string): unknown => {
  const rows = parsed(text);
  if (!Array.isArray(rows)) return undefined;
  const read = rows
    .filter(isValue)
    .map((row) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, kind]) => [
          name,
          readField(String(row[name] ?? ""), name, kind === "number" ? 0 : "", currency),
        ]),
      ),
    );
  return read.some((row) => Object.values(row).includes(undefined)) ? undefined : read;
};

/** The digits that a text is kept as; undefined where it is no such amount. */
const keptDigits = (text: string, unit: Unit): string | undefined => {
  if (unit.kind === "span") {
    const [count = "", span = ""] = text.split(" ");
    return isSpan(span) ? fromSpan(count, span, unit.kept)?.toString() : undefined;
  }
  if (unit.kind === "plain") return /^-?\d+(\.\d+)?$/.test(text) ? text : undefined;
  const digits = moved(text, -unit.places);
  return digits === null || (unit.whole && digits.includes(".")) ? undefined : digits;
};

/** Whether nothing was typed; of a span of time only its unit is left then. */
const isEmpty = (text: string, unit: Unit): boolean =>
  (unit.kind === "span" ? text.replace(/[a-z]+$/, "") : text).trim() === "";

/** A field's text as what the rule keeps; undefined when it is no such thing. */
export const readField = (text: string, field: string, like: unknown, currency: string): unknown => {
  const unit = unitOf(field, currency);
  if (field in mayBeEmpty && isEmpty(text, unit)) return null;
  const rows = listFields(field);
  if (rows) return readRows(text, rows, currency);
  const kind = kindOf(field, like);
  if (kind === "json") return parsed(text);
  if (kind === "text" && unit.kind === "plain") return text;
  const digits = keptDigits(text.trim(), unit);
  return digits === undefined || kind === "text" ? digits : Number(digits);
};

/** The fields that would be others, with both values as the rule keeps them. What cannot be read yet is none. */
export const changes = (before: Value, after: Value): { field: string; before: unknown; after: unknown }[] =>
  Object.keys(before)
    .filter((field) => after[field] !== undefined)
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
