import { ObjectSplitter } from "./json.ts";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A place or a quantity with its unit is one cell; null for what has fields of its own. */
const asOne = (value: Fields): string | null => {
  const lat = value.lat ?? value.latitude;
  const lon = value.lon ?? value.lng ?? value.long ?? value.longitude;
  if (lat !== undefined && lon !== undefined && Object.keys(value).length <= 3)
    return `${String(lat)}, ${String(lon)}`;
  // As Google writes them: ten millionths of a degree, or both in one text.
  const { latitudeE7, longitudeE7, latLng } = value;
  if (typeof latitudeE7 === "number" && typeof longitudeE7 === "number")
    return `${latitudeE7 / 1e7}, ${longitudeE7 / 1e7}`;
  if (typeof latLng === "string") return latLng;
  const { value: amount, unit } = value;
  return amount === undefined || isFields(amount)
    ? null
    : `${String(amount ?? "")} ${String(unit ?? "")}`.trim();
};

const asCell = (value: unknown): string => {
  if (value === null || value === undefined || Array.isArray(value)) return "";
  return isFields(value) ? (asOne(value) ?? "") : String(value);
};

/** How deep fields of fields are looked at: `start.location.lat`. */
const deepest = 3;

/** The names of an object's cells: those of an object within it follow its own after a point. */
const namesOf = (fields: Fields, before = "", depth = 1): string[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    isFields(value) && asOne(value) === null && depth < deepest
      ? namesOf(value, `${before}${name}.`, depth + 1)
      : [`${before}${name}`],
  );

const fieldAt = (fields: Fields, name: string): unknown => {
  if (name in fields) return fields[name];
  const point = name.indexOf(".");
  const inner = point < 0 ? undefined : fields[name.slice(0, point)];
  return isFields(inner) ? fieldAt(inner, name.slice(point + 1)) : undefined;
};

/** An object as a row of the header's cells. */
export const cellsOfObject = (header: readonly string[], value: Fields): string[] =>
  header.map((name) => asCell(fieldAt(value, name)));

/** So many objects are looked at: a phone's timeline may tell of stays for long before it tells of a drive. */
const looked = 400;

/** The fields that the first objects of a JSON text have, and those objects; `broken` when there are only unreadable ones. */
export const headerOfObjects = (text: string): { header: string[]; first: Fields[]; broken: boolean } => {
  const first: Fields[] = [];
  let broken = false;
  const look = new ObjectSplitter({
    object: (value) => first.length < looked && first.push(value),
    broken: () => {
      broken = true;
    },
  });
  look.push(text);
  // What was opened and never closed is not JSON either, once it is the whole file.
  return {
    header: [...new Set(first.flatMap((value) => namesOf(value)))],
    first,
    broken: broken || look.row > 0,
  };
};
