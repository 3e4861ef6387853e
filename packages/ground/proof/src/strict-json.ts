/** Nested deeper than any file of ours. */
const deepest = 32;

/** How much of a stranger's JSON is read: items of one list (or members of one object), and of all of them together. */
export type Limits = { readonly items: number; readonly values: number };

/** More than a registry's answers have. Each empty object takes some ninety bytes of memory, and three of text. */
const ofAnswers: Limits = { items: 1_000_000, values: 3_000_000 };

/** More than a certificate of the most serial numbers has. */
export const ofFiles: Limits = { items: 100_000, values: 2_000_000 };

/** JSON that is sound, and more than is read. */
export class TooMuch extends RangeError {}

const whatIs = (name: string | undefined): string =>
  name === undefined ? "One list" : `"${name.slice(0, 40)}"`;

/** Counts as values come; throws a TooMuch that names the list. */
const counter = ({ items, values }: Limits) => {
  let all = 0;
  return (count: number, name: string | undefined): void => {
    if (count > items) throw new TooMuch(`${whatIs(name)} has more than ${items} items`);
    if (++all > values) throw new TooMuch(`It has more than ${values} values`);
  };
};

/** What is too much of a value that somebody else read; null where it is within the limits. */
export const tooMuchIn = (value: unknown, limits: Limits): string | null => {
  const count = counter(limits);
  const open = [{ value, name: undefined as string | undefined }];
  try {
    for (let one = open.pop(); one; one = open.pop()) {
      if (typeof one.value !== "object" || one.value === null) continue;
      // A list says how long it is before its items are looked at.
      if (Array.isArray(one.value) && one.value.length > limits.items) count(one.value.length, one.name);
      let items = 0;
      for (const name of Object.keys(one.value)) {
        count(++items, one.name);
        const inner: unknown = Reflect.get(one.value, name);
        const called = Array.isArray(one.value) ? undefined : name;
        if (typeof inner === "object" && inner !== null) open.push({ value: inner, name: called });
      }
    }
    return null;
  } catch (error) {
    return error instanceof TooMuch ? error.message : "It has values that cannot be read";
  }
};

/**
 * Reads JSON as everybody reads it alike: a member that stands twice in an object is refused, since one reader takes
 * the first and another the last. Throws a SyntaxError that says what is wrong and where, or a TooMuch: before it has read
 * more than the limits, so that no text takes more memory than they allow.
 */
export const readStrictly = (text: string, limits: Limits = ofAnswers): unknown => {
  let at = 0;
  const count = counter(limits);
  const wrong = (what: string): never => {
    throw new SyntaxError(`${what} at character ${at}`);
  };
  const skip = (): void => {
    while (" \t\n\r".includes(text[at] ?? "x")) at++;
  };
  const taken = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return wrong("Not JSON");
    at += found.length;
    return found;
  };
  const string = (): string => JSON.parse(taken(/"[^"\\]*(?:\\.[^"\\]*)*"/y)) as string;
  const listed = (end: string, called: string | undefined, each: () => void): void => {
    let items = 0;
    at++;
    skip();
    if (text[at] === end) {
      at++;
      return;
    }
    for (;;) {
      skip();
      count(++items, called);
      each();
      skip();
      if (text[at] === end) break;
      if (text[at] !== ",") wrong("Not JSON");
      at++;
    }
    at++;
  };
  const value = (depth: number, called?: string): unknown => {
    if (depth > deepest) wrong("Nested too deeply");
    skip();
    if (text[at] === "{") {
      const members = new Map<string, unknown>();
      listed("}", called, () => {
        const name = string();
        if (members.has(name)) wrong(`The member "${name}" stands twice`);
        skip();
        if (text[at++] !== ":") wrong("Not JSON");
        members.set(name, value(depth + 1, name));
      });
      return Object.fromEntries(members);
    }
    if (text[at] === "[") {
      const items: unknown[] = [];
      listed("]", called, () => items.push(value(depth + 1)));
      return items;
    }
    if (text[at] === '"') return string();
    return JSON.parse(taken(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y));
  };
  const read = value(0);
  skip();
  if (at < text.length) wrong("Something follows the JSON");
  return read;
};
