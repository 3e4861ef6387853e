/** What may be signed or hashed: JSON whose numbers are whole, so that every language writes them alike. */
export type Canonical =
  | string
  | number
  | boolean
  | null
  | readonly Canonical[]
  | { readonly [key: string]: Canonical | undefined };

/**
 * The one text of a JSON value (RFC 8785, restricted to whole numbers): no spaces, keys in order of their UTF-16
 * code units, members that are undefined left out. Equal values give equal bytes, whoever writes them.
 * Throws a RangeError for a number that is not a safe integer and for text with half a surrogate pair.
 */
export const canonical = (value: Canonical): string => {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value))
      throw new RangeError(`${value} has no canonical form: write it as text`);
    return String(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new RangeError("Text with half a surrogate pair has no canonical form");
    return JSON.stringify(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const member = value[key];
      return member === undefined ? [] : [`${canonical(key)}:${canonical(member)}`];
    });
  return `{${members.join(",")}}`;
};

// Array.isArray does not narrow readonly arrays.
const isList = (value: object): value is readonly Canonical[] => Array.isArray(value);
