import type { Book, Entry } from "./book.ts";
import { writtenSpan } from "./current.ts";
import type { Fetch } from "./replay.ts";
import { readStrictly } from "./strict-json.ts";

type Facts = Readonly<Record<string, unknown>>;

/** The head of what the registry shows: /log/state.json. Its rows stand in pages beside it. */
export type StateHead = {
  /** How many entries the log had when this was read. */
  readonly size: number;
  /** Hashes of what was entered by then and not yet numbered: leaves of the log soon. */
  readonly pending: readonly string[];
  readonly keys: readonly Facts[];
  readonly audit: readonly Facts[];
  readonly totals: Facts;
  readonly books: readonly string[];
};

const isHead = (value: unknown): value is StateHead =>
  typeof value === "object" &&
  value !== null &&
  Reflect.get(value, "format") === "evx-state/2" &&
  Number.isSafeInteger(Reflect.get(value, "size")) &&
  ["pending", "keys", "audit", "books"].every((name) => Array.isArray(Reflect.get(value, name))) &&
  typeof Reflect.get(value, "totals") === "object";

const text = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

const read = async (fetch: Fetch, address: string): Promise<unknown> => {
  const bytes = await fetch(address);
  if (!bytes) throw new Error(`${address} answers nothing.`);
  return readStrictly(text(bytes));
};

export const headAt = async (fetch: Fetch, url: string): Promise<StateHead> => {
  const head = await read(fetch, `${url}/log/state.json`);
  if (!isHead(head)) throw new Error("The registry does not show its state.");
  return head;
};

const kinds = ["batches", "certificates", "retirements"] as const;
type Kind = (typeof kinds)[number];

/** More pages than a registry of a billion rows has. */
const mostPages = 1_000_000;

/** The rows of a kind, page by page. */
async function* rowsAt(fetch: Fetch, url: string, kind: Kind): AsyncGenerator<readonly Facts[]> {
  let after = "";
  for (let page = 0; page < mostPages; page++) {
    const answer = await read(fetch, `${url}/log/state/${kind}.json?after=${encodeURIComponent(after)}`);
    const [rows, next] = [Reflect.get(Object(answer), "rows"), Reflect.get(Object(answer), "next")];
    if (!Array.isArray(rows)) throw new Error(`The registry does not show its ${kind}.`);
    yield rows;
    if (typeof next !== "string" || next <= after) return;
    after = next;
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The first member in which a row differs from its entry. */
const differs = (row: Facts, entry: Facts, members: readonly string[]): string | null => {
  const member = members.find((name) => row[name] !== entry[name] && !same(row[name], entry[name]));
  return member ? `${member} ${JSON.stringify(row[member])}, the log ${JSON.stringify(entry[member])}` : null;
};

const batchMembers = [
  "grams",
  "bufferGrams",
  "vintage",
  "country",
  "method",
  "factorSet",
  "quality",
  "trips",
  "tree",
  "certificate",
  "at",
];

type Sort = {
  readonly what: string;
  /** The member that names a row. */
  readonly name: string;
  readonly members: readonly string[];
  entry(book: Book, name: string): Entry | undefined;
  names(book: Book): Iterable<string>;
  /** What else is wrong with a row that the log knows. */
  more(book: Book, name: string, row: Facts): string | null;
  /** What a row says that the log may say a moment later. */
  late(book: Book, name: string, row: Facts): string | null;
};

const sorts: Readonly<Record<Kind, Sort>> = {
  batches: {
    what: "Batch",
    name: "batch",
    members: batchMembers,
    entry: (book, name) => book.batches.get(name)?.entry,
    names: (book) => book.batches.keys(),
    more: (book, name, row) => {
      if (row.book !== row.grams)
        return `Batch ${name} has ${row.grams} g, and the book ${row.book} g of it.`;
      return book.revokedBatches.has(name) && row.revoked !== true
        ? `Batch ${name} was revoked, and the registry has taken that back.`
        : null;
    },
    late: (book, name, row) =>
      row.revoked === true && !book.revokedBatches.has(name)
        ? `Batch ${name} is shown as revoked, and the log knows nothing of it.`
        : null,
  },
  certificates: {
    what: "Certificate",
    name: "number",
    members: ["hash", "certificate", "grams", "key"],
    entry: (book, name) => book.certificates.get(name),
    names: (book) => book.certificates.keys(),
    more: (book, name, row) => {
      const key = book.keys.get(String(row.key));
      if (key && String(row.issuedAt) < key.from)
        return `Certificate ${name} is dated ${row.issuedAt}, before its key was in use (${key.from}).`;
      return book.revokedCertificates.has(name) && row.revoked !== true
        ? `Certificate ${name} was revoked, and the registry has taken that back.`
        : null;
    },
    late: (book, name, row) =>
      row.revoked === true && !book.revokedCertificates.has(name)
        ? `Certificate ${name} is shown as revoked, and the log knows nothing of it.`
        : null,
  },
  retirements: {
    what: "Retirement",
    name: "id",
    members: ["grams", "reason", "beneficiary"],
    entry: (book, name) => book.retirements.get(name)?.entry,
    names: (book) => book.retirements.keys(),
    more: () => null,
    late: () => null,
  },
};

/** A row whose entry was not there yet when it was read. */
type Late = { readonly sort: Sort; readonly name: string; readonly row: Facts };

export type Compared = { readonly faults: readonly string[]; readonly late: readonly Late[] };

const judged = (sort: Sort, book: Book, { name, row }: Omit<Late, "sort">): string[] => {
  const entry = sort.entry(book, name);
  if (!entry) return [];
  const difference = differs(row, entry, sort.members);
  const more = sort.more(book, name, row);
  return [
    ...(difference ? [`${sort.what} ${name}: the registry says ${difference}.`] : []),
    ...(more ? [more] : []),
  ];
};

const isLate = (sort: Sort, book: Book, { name, row }: Omit<Late, "sort">): boolean =>
  !sort.entry(book, name) || sort.late(book, name, row) !== null;

/**
 * Holds every row that the registry shows against the entries read so far. What the log may not have numbered yet is
 * kept aside: see `stillLate`.
 */
export const compareRows = async (fetch: Fetch, url: string, book: Book): Promise<Compared> => {
  const [faults, late]: [string[], Late[]] = [[], []];
  for (const kind of kinds) {
    const sort = sorts[kind];
    const seen = new Set<string>();
    for await (const rows of rowsAt(fetch, url, kind))
      for (const row of rows) {
        const name = String(Reflect.get(Object(row), sort.name));
        if (seen.has(name)) faults.push(`${sort.what} ${name} is shown twice.`);
        seen.add(name);
        faults.push(...judged(sort, book, { name, row }));
        if (isLate(sort, book, { name, row })) late.push({ sort, name, row });
      }
    for (const name of sort.names(book))
      if (!seen.has(name)) faults.push(`${sort.what} ${name} is in the log, and the registry hides it.`);
  }
  return { faults, late };
};

/** Rows that the log knows nothing of even now. */
export const stillLate = (book: Book, late: readonly Late[]): Late[] =>
  late.filter(({ sort, ...one }) => isLate(sort, book, one));

/** Faults of rows that came late: those that the log knows by now, and those that it never will. */
export const lateFaults = (book: Book, late: readonly Late[]): string[] =>
  late.flatMap(({ sort, name, row }) => {
    if (!sort.entry(book, name)) return [`${sort.what} ${name} is in the registry and was never logged.`];
    const shown = sort.late(book, name, row);
    return [...judged(sort, book, { name, row }), ...(shown ? [shown] : [])];
  });

/** Faults of the head: keys, audit lines that books have named, the registry's own books. */
export const headFaults = (book: Book, { keys, audit, books }: StateHead): string[] => {
  const rows = new Map(keys.map((row) => [String(row.id), row]));
  const heads = new Map(audit.map((row) => [`${row.chain}/${row.seq}`, String(row.hash)]));
  return [
    ...[...rows]
      .filter(([id, row]) => book.keys.get(id)?.publicKey !== row.publicKey)
      .map(([id]) => `Key ${id} is published and was never logged so.`),
    ...[...book.keys.keys()]
      .filter((id) => !rows.has(id))
      .map((id) => `Key ${id} is in the log, and the registry hides it.`),
    ...[...book.audit]
      .filter(([place, hash]) => (heads.has(place) ? heads.get(place) !== hash : true))
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

export function* standingFaults(book: Book): Generator<string> {
  for (const { was, by, ...span } of book.current.disputed())
    yield `Certificates ${was} and ${by} both read current for grams ${writtenSpan(span)}.`;
}
