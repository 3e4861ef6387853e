/** Nested deeper than any file of ours. */
const deepest = 32;

/**
 * Reads JSON as everybody reads it alike: a member that stands twice in an object is refused, since one reader takes
 * the first and another the last. Throws a SyntaxError that says what is wrong and where.
 */
export const readStrictly = (text: string): unknown => {
  let at = 0;
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
  const listed = (end: string, each: () => void): void => {
    at++;
    skip();
    if (text[at] === end) {
      at++;
      return;
    }
    for (;;) {
      skip();
      each();
      skip();
      if (text[at] === end) break;
      if (text[at] !== ",") wrong("Not JSON");
      at++;
    }
    at++;
  };
  const value = (depth: number): unknown => {
    if (depth > deepest) wrong("Nested too deeply");
    skip();
    if (text[at] === "{") {
      const members = new Map<string, unknown>();
      listed("}", () => {
        const name = string();
        if (members.has(name)) wrong(`The member "${name}" stands twice`);
        skip();
        if (text[at++] !== ":") wrong("Not JSON");
        members.set(name, value(depth + 1));
      });
      return Object.fromEntries(members);
    }
    if (text[at] === "[") {
      const items: unknown[] = [];
      listed("]", () => items.push(value(depth + 1)));
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
