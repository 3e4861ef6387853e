import { keyOfCursor } from "@evx/kernel";

/** The last row's moment and id from a cursor; null for the first page and for anything made up. */
export const momentAfter = (cursor: string | undefined): readonly [Date, string] | null => {
  const [millis, id] = keyOfCursor(cursor, 2) ?? [];
  if (typeof millis !== "number" || typeof id !== "string") return null;
  // Years 1970 to 9999: all that a column can hold and all that a cursor is ever made of.
  return Number.isInteger(millis) && millis >= 0 && millis < 253_402_300_800_000
    ? [new Date(millis), id]
    : null;
};
