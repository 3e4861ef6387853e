import type pg from "pg";

/** A text is named once it was asked so often: many are built for one occasion and never come again. */
const often = 5;
/** Each connection keeps the plans of the texts that are named, so they are not without end. */
const mostNamed = 1_000;
/** Texts longer than this are rare, and lists of values more often than statements. */
const longest = 20_000;

/** Counted for all pools of the process, since they ask the same. */
const asked = new Map<string, number>();
const names = new Map<string, string>();
/** Part of each name. With a new one every statement is prepared anew. */
let generation = 0;

const nameOf = (text: string): string | undefined => {
  const known = names.get(text);
  if (known) return known;
  if (text.length > longest || names.size >= mostNamed) return undefined;
  const times = (asked.get(text) ?? 0) + 1;
  if (asked.size > 20 * mostNamed) asked.clear();
  asked.set(text, times);
  if (times < often) return undefined;
  asked.delete(text);
  const name = `s${generation}_${names.size}`;
  names.set(text, name);
  return name;
};

/** Whether a prepared statement's columns are no longer those of its table: a migration came between. */
export const isStalePlan = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  error.code === "0A000" &&
  error.message.includes("cached plan must not change result type");

const forgetNames = (): void => {
  generation++;
  names.clear();
};

const watchers = new Set<(text: string) => void>();

/** Tells every statement that this process sends, until the answer is called; for counting them in tests. */
export const watchStatements = (watch: (text: string) => void): (() => void) => {
  watchers.add(watch);
  return () => void watchers.delete(watch);
};

type Query = (text: unknown, values?: unknown, ...rest: unknown[]) => Promise<pg.QueryResult> | undefined;

/**
 * Lets a connection prepare what is asked often, so that Postgres reads and plans it once and not each time: of a short
 * statement that is most of the work. After a migration a plan may be stale; it is asked again then, and within a transaction
 * `transact` begins again.
 */
export const nameStatements = (client: pg.PoolClient): void => {
  const plain = client.query.bind(client) as Query;
  let open = false;
  const query: Query = (text, values, ...rest) => {
    if (typeof text !== "string" || rest.length > 0) return plain(text, values, ...rest);
    for (const watch of watchers) watch(text);
    if (!Array.isArray(values) || values.length === 0) {
      if (/^(begin|start transaction)\b/i.test(text)) open = true;
      else if (/^(commit|rollback(?! to))\b/i.test(text)) open = false;
      return plain(text, values);
    }
    const name = nameOf(text);
    if (!name) return plain(text, values);
    const inside = open;
    return plain({ name, text, values })?.catch((error: unknown) => {
      if (!isStalePlan(error)) throw error;
      forgetNames();
      if (inside) throw error;
      return plain(text, values) as Promise<pg.QueryResult>;
    });
  };
  client.query = query as typeof client.query;
};
