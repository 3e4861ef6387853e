import { ObjectSplitter } from "./json.ts";

const asCell = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") {
    const place = value as Record<string, unknown>;
    const lat = place.lat ?? place.latitude;
    const lon = place.lon ?? place.lng ?? place.long ?? place.longitude;
    return lat !== undefined && lon !== undefined ? `${String(lat)}, ${String(lon)}` : "";
  }
  return String(value);
};

/** An object as a row of the header's cells. */
export const cellsOfObject = (header: readonly string[], value: Record<string, unknown>): string[] =>
  header.map((name) => asCell(value[name]));

/** The fields that the first fifty objects of a JSON text have, and those objects; `broken` when there are only unreadable ones. */
export const headerOfObjects = (
  text: string,
): { header: string[]; first: Record<string, unknown>[]; broken: boolean } => {
  const first: Record<string, unknown>[] = [];
  let broken = false;
  const look = new ObjectSplitter({
    object: (value) => first.length < 50 && first.push(value),
    broken: () => {
      broken = true;
    },
  });
  look.push(text);
  // What was opened and never closed is not JSON either, once it is the whole file.
  return {
    header: [...new Set(first.flatMap((value) => Object.keys(value)))],
    first,
    broken: broken || look.row > 0,
  };
};
