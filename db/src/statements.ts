/** Where SQL statements end, in text as a person types it. */

/** What may hide a semicolon: comments, quoted texts and names, and bodies between dollars. */
const hiding: readonly RegExp[] = [
  /--[^\n]*/y,
  /\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y,
  /'(?:[^']|'')*'/y,
  /"(?:[^"]|"")*"/y,
  /\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/y,
];

/** What begins such a part; where none of `hiding` fits, its end has not been typed yet. */
const opening = /--|\/\*|'|"|\$(?:[A-Za-z_]\w*)?\$/y;

const matched = (pattern: RegExp, text: string, at: number): string | null => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
};

/** The length of a comment that may hold others, or null where its end is missing. */
const nestedComment = (text: string, at: number): number | null => {
  if (!text.startsWith("/*", at)) return null;
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex - at;
  }
  return null;
};

/** A word that begins at `at`, so that the `$` or `e` within a name begins nothing. */
const word = /[A-Za-z_][\w$]*(?!')/y;

/**
 * Parts text into whole statements, without their semicolons, and what comes after the last one. Semicolons in texts,
 * quoted names, comments and dollar bodies end nothing.
 */
export const splitStatements = (text: string): { statements: string[]; rest: string } => {
  const statements: string[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const hidden = hiding.map((pattern) => matched(pattern, text, at)).find((part) => part !== null);
    const length = hidden?.length ?? nestedComment(text, at);
    if (length !== null) at += length;
    else if (matched(opening, text, at) !== null) break;
    else if (text[at] === ";") {
      const statement = text.slice(from, at).trim();
      if (statement) statements.push(statement);
      at += 1;
      from = at;
    } else at += matched(word, text, at)?.length ?? 1;
  }
  return { statements, rest: text.slice(from).trim() };
};
