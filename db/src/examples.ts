/** One statement of an example: what it answers or what it is refused with, as far as the example says. */
export type Step = {
  sql: string;
  /** Its rows as psql prints them unaligned: columns between " | ", null as "null". */
  rows: string[];
  /** A part of the error's message. */
  error: string | null;
};

const mark = "-- Example:";

/**
 * Reads the example at the head of a function's file: statements that end with ";", each with its rows ("=> 1 | t") or
 * with the error that it ends in ("=! hold_ended"). Throws when the file has none, or none that says a result.
 */
export const readExample = (text: string): Step[] => {
  const lines = text.split("\n");
  const head = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("--")),
  );
  if (!head.includes(mark)) throw new Error(`There is no line "${mark}" at its head.`);
  const steps: Step[] = [];
  let statement = "";
  for (const line of head.slice(head.indexOf(mark) + 1)) {
    const said = line.replace(/^--\s*/, "");
    const last = steps.at(-1);
    if (/^=[>!]/.test(said)) {
      if (!last || statement) throw new Error(`"${said}" follows no statement that ends with ";".`);
      if (said.startsWith("=!")) last.error = said.slice(2).trim();
      else last.rows.push(said.slice(2).trim());
      continue;
    }
    statement += `${said}\n`;
    if (!said.trimEnd().endsWith(";")) continue;
    steps.push({ sql: statement.trim(), rows: [], error: null });
    statement = "";
  }
  if (statement.trim()) throw new Error(`The example ends within "${statement.trim()}".`);
  if (!steps.some(({ rows, error }) => rows.length > 0 || error)) throw new Error("It says no result.");
  return steps;
};
