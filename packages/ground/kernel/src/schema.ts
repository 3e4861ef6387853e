import * as v from "valibot";
import { creditsFromGrams, gramsFromCredits } from "./grams.ts";
import { type Id, type IdKind, isId } from "./ids.ts";

/** An id of one kind, as text on the wire. */
export const idOf = <K extends IdKind>(kind: K) =>
  v.pipe(
    v.string(),
    v.check((text) => isId(kind, text), `Not the id of a ${kind}.`),
    v.transform((text) => text as Id<K>),
  );

/** An id on its way out: typed, not checked again. */
export const idOut = <K extends IdKind>(_kind: K) => v.custom<Id<K>>((value) => typeof value === "string");

/** Credits on their way in: "0.1" or 0.1 → 100000n grams. More than zero, at most six decimals. */
export const creditsIn = v.pipe(
  v.union([v.string(), v.number()], "Write the credits as a decimal number, such as 0.25."),
  v.transform(String),
  v.check(
    (text) => gramsFromCredits(text) !== null,
    "Write credits as a decimal number with at most six decimals.",
  ),
  v.transform((text) => gramsFromCredits(text) as bigint),
  v.check((grams) => grams > 0n, "Must be more than zero."),
);

/** Credits on their way out: grams → "0.100000". */
export const creditsOut = v.pipe(v.bigint(), v.transform(creditsFromGrams));

/** A decimal amount of money as text; the verb reads it in the platform's currency (`minorFromText`). */
export const moneyText = v.pipe(
  v.union([v.string(), v.number()], "Write the amount as a decimal number, such as 12.34."),
  v.transform(String),
  v.regex(/^\d{1,15}(\.\d{1,6})?$/, "Write the amount as a decimal number, such as 12.34."),
);

/** Text that a person typed: trimmed, without control characters, of a bounded length. */
export const textOf = (max: number, min = 1) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.minLength(min, min === 1 ? "Must not be empty." : `Needs at least ${min} characters.`),
    v.maxLength(max, `At most ${max} characters.`),
    v.check(
      (text) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text),
      "Has characters that cannot be stored.",
    ),
  );

/** A moment as ISO 8601 with a zone, or a plain date (midnight UTC). Years 1900 to 2199. */
export const momentIn = v.pipe(
  v.string(),
  v.check(
    (text) =>
      /^(19|20|21)\d\d-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/.test(text) &&
      !Number.isNaN(Date.parse(text)),
    "Write the time as ISO 8601, such as 2026-03-01T08:00:00Z.",
  ),
  v.transform((text) => new Date(text)),
);

/** A moment on its way out: ISO 8601 in UTC. */
export const momentOut = v.pipe(
  v.date(),
  v.transform((at) => at.toISOString()),
);

/** Two letters of ISO 3166-1, upper case. */
export const countryCode = v.pipe(
  v.string(),
  v.toUpperCase(),
  v.regex(/^[A-Z]{2}$/, "Write the country as two letters, such as VN."),
);

/** Entries that every list takes. `limit` arrives as text in a query string. */
export const pageEntries = {
  limit: v.optional(
    v.pipe(
      v.union([
        v.number(),
        v.pipe(v.string(), v.regex(/^\d{1,4}$/, "Write the limit as a whole number."), v.transform(Number)),
      ]),
      v.integer("Write the limit as a whole number."),
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

/** Cursors carry the sort key of the last row of a page. */
export const cursorOf = (key: readonly (string | number)[]): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(key))))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** What a cursor carries; null for what `cursorOf` did not make. */
function partsOf(cursor: string): (string | number)[] | null {
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
export const keyOfCursor = (cursor: string | undefined, parts: number): (string | number)[] | null => {
  const key = cursor ? partsOf(cursor) : null;
  return key?.length === parts ? key : null;
};

/** Cuts `limit + 1` rows to a page and names the next one by the last row's key. */
export const pageFrom = <Row, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
  key: (row: Row) => readonly (string | number)[],
): Page<View> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(view), nextCursor: rows.length > limit && last ? cursorOf(key(last)) : null };
};
