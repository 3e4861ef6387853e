import type pg from "pg";
import { Opening } from "./opening.ts";

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

/** The answer to a beginning that is not sent yet, or to the end of a transaction that never began. */
const nothing = (command: string): pg.QueryResult => ({
  command,
  rowCount: null,
  oid: 0,
  fields: [],
  rows: [],
});

const begins = /^(begin|start transaction)\b/i;
const ends = /^(commit|rollback(?! to))\b/i;

/**
 * Spares round trips. What is asked often is prepared, so that Postgres reads and plans it once and not each time: of a
 * short statement that is most of the work. A transaction's beginning goes with its first statement; one without any never begins.
 * After a migration a plan may be stale; it is asked again then, and within a transaction `transact` begins again.
 */
export const spareTrips = (client: pg.PoolClient): void => {
  const plain = client.query.bind(client) as Query;
  let open = false;
  /** A beginning that waits for its first statement. */
  let begin: string | undefined;

  const sent = (config: pg.QueryConfig): Promise<pg.QueryResult> => {
    if (begin === undefined) return plain(config) as Promise<pg.QueryResult>;
    const opening = new Opening(begin, config);
    begin = undefined;
    return new Promise((resolve, reject) => {
      opening.callback = (error, result) => (error ? reject(error) : resolve(result as pg.QueryResult));
      plain(opening);
    });
  };

  const query: Query = (text, values, ...rest) => {
    if (typeof text !== "string" || rest.length > 0) {
      const waiting = begin;
      begin = undefined;
      // A stream of rows goes alone, behind the beginning. It is handed on as it is: who asks writes into it.
      return waiting === undefined
        ? plain(text, values, ...rest)
        : plain(waiting)?.then(() => plain(text, values, ...rest) as Promise<pg.QueryResult>);
    }
    for (const watch of watchers) watch(text);
    if (!Array.isArray(values) || values.length === 0) {
      const waiting = begin;
      begin = begins.test(text) ? text : undefined;
      if (begin) {
        open = true;
        return Promise.resolve(nothing("BEGIN"));
      }
      if (ends.test(text)) open = false;
      if (waiting === undefined) return plain(text, values);
      if (!open) return Promise.resolve(nothing("COMMIT"));
      // Without values it may be several statements, which go together alone.
      return plain(waiting)?.then(() => plain(text, values) as Promise<pg.QueryResult>);
    }
    const name = nameOf(text);
    if (!name) return sent({ text, values });
    const inside = open;
    return sent({ name, text, values }).catch((error: unknown) => {
      if (!isStalePlan(error)) throw error;
      forgetNames();
      if (inside) throw error;
      return plain(text, values) as Promise<pg.QueryResult>;
    });
  };
  client.query = query as typeof client.query;
};
