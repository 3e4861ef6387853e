import * as v from "valibot";
import { refuse } from "./errors.ts";
import { type Id, type IdKind, isId } from "./ids.ts";

/** Entries that every list takes. `limit` arrives as text in a query string. */
export const pageEntries = {
  limit: v.optional(
    v.pipe(
      v.union([
        v.number(),
        v.pipe(v.string(), v.regex(/^\d{1,4}$/, "Enter the limit as a whole number."), v.transform(Number)),
      ]),
      v.integer("Enter the limit as a whole number."),
      v.minValue(1, "At least 1."),
      v.maxValue(100, "At most 100."),
    ),
    50,
  ),
  cursor: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(400),
      v.check(
        (cursor) => cursor === "" || partsOf(cursor) !== null,
        "Not a cursor of this list. Leave it out to begin at the start.",
      ),
    ),
  ),
};

export const page = v.object(pageEntries);

export type PageInput = v.InferOutput<typeof page>;

/** The answer of every list: a page of items and where the next one starts. */
export const pageOf = <const S extends v.GenericSchema>(item: S) =>
  v.object({ items: v.array(item), nextCursor: v.nullable(v.string()) });

export type Page<T> = { items: T[]; nextCursor: string | null };

/** One part of a sort key as a cursor carries it. */
export type CursorPart = string | number;

/** Cursors carry the sort key of the last row of a page. */
export const cursorOf = (key: readonly CursorPart[]): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(key))))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** What a cursor carries; null for what `cursorOf` did not make. */
function partsOf(cursor: string): CursorPart[] | null {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
      char.charCodeAt(0),
    );
    const key: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!Array.isArray(key)) return null;
    // A part goes into a query as it is, and Postgres has no text with a zero character.
    return key.every((part) => typeof part === "number" || (typeof part === "string" && !part.includes("\0")))
      ? key
      : null;
  } catch {
    return null;
  }
}

/** Reads a cursor back; null when it was not made by `cursorOf` with as many parts. */
export const keyOfCursor = (cursor: string | undefined, parts: number): CursorPart[] | null => {
  const key = cursor ? partsOf(cursor) : null;
  return key?.length === parts ? key : null;
};

/**
 * Reads a list's own cursor: `read` makes the key of its parts, or answers null for parts that this list never gave.
 * Null for the first page. Refuses `cursor_unknown` for another list's cursor, since a client that got page one
 * instead would turn in a circle.
 */
export const afterCursor = <Key>(
  cursor: string | undefined,
  read: (parts: readonly CursorPart[]) => Key | null,
): Key | null => {
  if (!cursor) return null;
  const parts = partsOf(cursor);
  const key = parts && read(parts);
  if (key === null) throw refuse("cursor_unknown");
  return key;
};

/** A place in a list that is sorted by moment and id. */
export type MomentKey<K extends IdKind> = { at: Date; id: Id<K> };

/** The sort key of a row in a list that is sorted by moment and id. */
export const momentKey = (at: Date, id: string): readonly CursorPart[] => [at.getTime(), id];

/** Years 1970 to 9999: all that a column can hold, and all that a cursor is ever made of. */
const isMoment = (millis: unknown): millis is number =>
  Number.isInteger(millis) && Number(millis) >= 0 && Number(millis) < 253_402_300_800_000;

/** Reads a cursor that was made of `momentKey`; null for the first page. Refuses `cursor_unknown`. */
export const afterMoment = <K extends IdKind>(kind: K, cursor: string | undefined): MomentKey<K> | null =>
  afterCursor(cursor, ([millis, id, ...rest]) =>
    rest.length === 0 && isMoment(millis) && typeof id === "string" && isId(kind, id)
      ? { at: new Date(millis), id }
      : null,
  );

/** Reads a cursor that was made of one id; null for the first page. Refuses `cursor_unknown`. */
export const afterId = <K extends IdKind>(kind: K, cursor: string | undefined): Id<K> | null =>
  afterCursor(cursor, ([id, ...rest]) =>
    rest.length === 0 && typeof id === "string" && isId(kind, id) ? id : null,
  );

/** Cuts `limit + 1` rows to a page and names the next one by the last row's key. */
export const pageFrom = <Row, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
  key: (row: Row) => readonly CursorPart[],
): Page<View> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(view), nextCursor: rows.length > limit && last ? cursorOf(key(last)) : null };
};
