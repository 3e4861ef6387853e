import { type IdKind, isId, keyOfCursor } from "@evx/kernel";

/** A place in a list that is sorted by moment and id; null for a cursor that is not ours. */
export const placeOf = (kind: IdKind, cursor: string | undefined): [Date, string] | null => {
  const [at, id] = keyOfCursor(cursor, 2) ?? [];
  const moment = new Date(String(at));
  return typeof id === "string" && isId(kind, id) && !Number.isNaN(moment.getTime()) ? [moment, id] : null;
};
