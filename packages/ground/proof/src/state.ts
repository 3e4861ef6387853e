import type { Book } from "./book.ts";
import { wholeJson } from "./facts.ts";
import type { Fetch } from "./replay.ts";
import { differs, type Facts, type Kind, kinds, revocationFault, type Sort, sorts } from "./rows.ts";
import { numberOf } from "./spans.ts";

/** The head of what the registry shows: /log/state.json. Its rows stand in pages beside it. */
export type StateHead = {
  /** How many entries the log had when this was read. */
  readonly size: number;
  /** Hashes of what was entered by then and not yet numbered: leaves of the log soon. */
  readonly pending: readonly string[];
  readonly keys: readonly Facts[];
  /** Factor sets as they are published now, by name and hash. */
  readonly factorSets: readonly Facts[];
  readonly audit: readonly Facts[];
  readonly totals: Facts;
  readonly books: readonly string[];
};

const isHead = (value: unknown): value is StateHead =>
  typeof value === "object" &&
  value !== null &&
  Reflect.get(value, "format") === "evx-state/3" &&
  Number.isSafeInteger(Reflect.get(value, "size")) &&
  ["pending", "keys", "factorSets", "audit", "books"].every((name) =>
    Array.isArray(Reflect.get(value, name)),
  ) &&
  typeof Reflect.get(value, "totals") === "object";

/** More than a head with the audit lines of a hundred years. */
const mostHead = 64_000_000;

/** More than a page of rows. */
const mostPage = 32_000_000;

export const headAt = async (fetch: Fetch, url: string): Promise<StateHead> => {
  const head = await wholeJson(fetch, `${url}/log/state.json`, mostHead);
  if (!isHead(head)) throw new Error("The registry does not show its state.");
  return head;
};

/** Rows that may be shown before the log shows them: more than a busy minute makes. */
const mostAhead = 20_000;

/** The rows of a kind, page by page. */
async function* rowsAt(fetch: Fetch, url: string, kind: Kind): AsyncGenerator<readonly Facts[]> {
  let after = "";
  for (;;) {
    const address = `${url}/log/state/${kind}.json?after=${encodeURIComponent(after)}`;
    const answer = await wholeJson(fetch, address, mostPage);
    const [rows, next] = [Reflect.get(Object(answer), "rows"), Reflect.get(Object(answer), "next")];
    if (!Array.isArray(rows)) throw new Error(`The registry does not show its ${kind}.`);
    yield rows;
    if (typeof next !== "string" || next <= after) return;
    after = next;
  }
}

/** A row whose entry was not there yet when it was read, or that said another measure than the log did then. */
type Late = {
  readonly sort: Sort;
  readonly name: string;
  readonly row: Facts;
  /** What the log's entries gave when the row was read. */
  readonly measure: bigint | null;
  /** Whether the log had it revoked by then. */
  readonly revoked: boolean;
};

export type Compared = { readonly faults: readonly string[]; readonly late: readonly Late[] };

type Shown = Omit<Late, "measure" | "revoked">;

/** A row is of the moment when it was read: a revocation that the log had only afterwards may be missing in it. */
const judged = (book: Book, { sort, name, row }: Shown, revoked = true): string[] => {
  const entry = sort.entry(book, name);
  if (!entry) return [];
  const difference = differs(row, entry, sort.members);
  const more = sort.more(book, name, row);
  const revocation = revoked || row.revoked === true ? sort.revocation(book, name) : undefined;
  const taken = revocationFault(`${sort.what} ${name}`, row, revocation);
  return [
    ...(difference ? [`${sort.what} ${name}: the registry says ${difference}.`] : []),
    ...(more ? [more] : []),
    ...(taken ? [taken] : []),
  ];
};

const measureOf = (book: Book, { sort, name }: Shown): bigint | null => sort.measure?.of(book, name) ?? null;

/** A row's measure lies between what the log gave when the row was read and what it gives now. */
const fits = (book: Book, { measure, ...shown }: Late): boolean => {
  const now = measureOf(book, shown);
  if (now === null) return true;
  const says = numberOf(shown.row[shown.sort.measure?.name ?? ""]);
  if (says === null) return false;
  const was = measure ?? shown.sort.measure?.first(shown.row) ?? now;
  return was < now ? was <= says && says <= now : now <= says && says <= was;
};

const isLate = (book: Book, late: Late): boolean =>
  !late.sort.entry(book, late.name) ||
  late.sort.late(book, late.name, late.row) !== null ||
  !fits(book, late);

/**
 * Holds every row that the registry shows against the entries read so far. What the log may not have numbered yet is
 * kept aside: see `stillLate`.
 */
export const compareRows = async (
  fetch: Fetch,
  url: string,
  book: Book,
  of: readonly Kind[] = kinds,
): Promise<Compared> => {
  const [faults, late]: [string[], Late[]] = [[], []];
  for (const kind of of) {
    // A registry from before snapshots were logged does not show them by this name.
    if (kind === "snapshots" && book.snapshots.size === 0) continue;
    const sort = sorts[kind];
    const seen = new Set<string>();
    const most = [...sort.names(book)].length + mostAhead;
    for await (const rows of rowsAt(fetch, url, kind)) {
      // One that shows rows without end takes no more memory than one that does not.
      if (seen.size + rows.length > most) {
        faults.push(`The registry shows more ${kind} than were ever logged.`);
        break;
      }
      for (const row of rows) {
        const name = String(Reflect.get(Object(row), sort.name));
        if (seen.has(name)) faults.push(`${sort.what} ${name} is shown twice.`);
        seen.add(name);
        const shown = { sort, name, row };
        faults.push(...judged(book, shown));
        const revoked = sort.revocation(book, name) !== undefined;
        const one = { ...shown, measure: measureOf(book, shown), revoked };
        if (isLate(book, one)) late.push(one);
      }
    }
    for (const name of sort.names(book))
      if (!seen.has(name)) faults.push(`${sort.what} ${name} is in the log, and the registry hides it.`);
  }
  return { faults, late };
};

/** What a registry says, no longer than a sentence bears. */
const shortly = (value: unknown): string => String(value).slice(0, 80);

/** Rows that the log knows nothing of even now. */
export const stillLate = (book: Book, late: readonly Late[]): Late[] =>
  late.filter((one) => isLate(book, one));

/** Faults of rows that came late: those that the log knows by now, and those that it never will. */
export const lateFaults = (book: Book, late: readonly Late[]): string[] =>
  late.flatMap((one) => {
    const { sort, name, row } = one;
    if (!sort.entry(book, name)) return [`${sort.what} ${name} is in the registry and was never logged.`];
    const shown = sort.late(book, name, row);
    const { name: member = "", says = "" } = sort.measure ?? {};
    return [
      ...judged(book, one, one.revoked),
      ...(shown ? [shown] : []),
      ...(fits(book, one)
        ? []
        : [
            `${sort.what} ${name}: the registry says ${shortly(row[member])} g ${says}, the log ${measureOf(book, one)} g.`,
          ]),
    ];
  });

/** What the log had when the head was read: what came into it afterwards may be missing there. */
export type Before = {
  /** Withdrawn from when, by the key's id; null while it is not. */
  readonly keys: ReadonlyMap<string, string | null>;
  readonly factorSets: ReadonlySet<string>;
  readonly audit: ReadonlySet<string>;
};

export const loggedSoFar = (book: Book): Before => ({
  keys: new Map([...book.keys].map(([id, { until }]) => [id, until])),
  factorSets: new Set(book.factorSets.keys()),
  audit: new Set(book.audit.keys()),
});

const keyFault = (book: Book, before: Before, row: Facts): string[] => {
  const [id, key] = [String(row.id), book.keys.get(String(row.id))];
  if (key?.publicKey !== row.publicKey) return [`Key ${id} is published and was never logged so.`];
  if (key?.from !== row.addedAt)
    return [`Key ${id} is published as added on ${row.addedAt}, it was logged on ${key?.from}.`];
  return key?.until === row.withdrawnAt || (before.keys.get(id) ?? null) === row.withdrawnAt
    ? []
    : [
        `Key ${id} was withdrawn on ${key?.until ?? "no day"}, the registry says ${row.withdrawnAt ?? "never"}.`,
      ];
};

/** Keys as they are published are those that were logged, and none is hidden. */
export const keyFaults = (book: Book, before: Before, keys: readonly Facts[]): string[] => {
  const ids = new Set(keys.map((row) => String(row.id)));
  return [
    ...keys.flatMap((row) => keyFault(book, before, row)),
    ...[...before.keys.keys()]
      .filter((id) => !ids.has(id))
      .map((id) => `Key ${id} is in the log, and the registry hides it.`),
  ];
};

/** What is published under a name is what was logged under it. */
const setFaults = (book: Book, before: Before, shown: readonly Facts[]): string[] => {
  const hashes = new Map(shown.map(({ name, hash }) => [String(name), String(hash)]));
  return [...book.factorSets].flatMap(([name, hash]) =>
    hashes.get(name) === hash || !(hashes.has(name) || before.factorSets.has(name))
      ? []
      : [`Factor set ${name} was logged as ${hash}, the registry shows ${hashes.get(name) ?? "none"}.`],
  );
};

/** Faults of the head: keys, audit lines that books have named, the registry's own books. */
export const headFaults = (
  book: Book,
  before: Before,
  { keys, factorSets, audit, books }: StateHead,
): string[] => {
  const heads = new Map(audit.map((row) => [`${row.chain}/${row.seq}`, String(row.hash)]));
  return [
    ...keyFaults(book, before, keys),
    ...setFaults(book, before, factorSets),
    ...[...book.audit]
      .filter(([place, hash]) => (heads.has(place) ? heads.get(place) !== hash : before.audit.has(place)))
      .map(([place]) => `Line ${place} of the audit trail is not the one that a book named.`),
    ...books.map((line) => `The registry's own books do not balance: ${line}.`),
  ];
};

export type Totals = { issued: bigint; retired: bigint; cancelled: bigint };

export function* totalFaults(
  { totals }: StateHead,
  { issued, retired, cancelled }: Totals,
): Generator<string> {
  const wanted = { issued, retired, cancelled, circulating: issued - retired - cancelled };
  for (const [name, grams] of Object.entries(wanted))
    if (String(totals[name]) !== String(grams))
      yield `The registry says ${totals[name]} g ${name}, the log's entries give ${grams} g.`;
}
