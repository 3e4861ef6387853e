import type { Book, Entry } from "./book.ts";

type Facts = Readonly<Record<string, unknown>>;

/** The registry's rows as it shows them: /log/state.json. */
export type State = {
  readonly batches: readonly Facts[];
  readonly certificates: readonly Facts[];
  readonly retirements: readonly Facts[];
  readonly revoked: readonly Facts[];
  readonly keys: readonly Facts[];
  readonly audit: readonly Facts[];
  readonly totals: Facts;
  readonly books: readonly string[];
};

const lists = ["batches", "certificates", "retirements", "revoked", "keys", "audit", "books"] as const;

export const isState = (value: unknown): value is State =>
  typeof value === "object" &&
  value !== null &&
  Reflect.get(value, "format") === "evx-state/1" &&
  lists.every((name) => Array.isArray(Reflect.get(value, name))) &&
  typeof Reflect.get(value, "totals") === "object";

const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The first member in which a row differs from its entry. */
const differs = (row: Facts, entry: Facts, members: readonly string[]): string | null => {
  const member = members.find((name) => !same(row[name], entry[name]));
  return member ? `${member} ${JSON.stringify(row[member])}, the log ${JSON.stringify(entry[member])}` : null;
};

const byName = (rows: readonly Facts[], name: string): ReadonlyMap<string, Facts> =>
  new Map(rows.map((row) => [String(row[name]), row]));

type Fault = string;

/** Rows that the log does not know, entries without a row, and pairs that say different things. */
function* paired(
  what: string,
  {
    rows,
    entries,
    members,
  }: { rows: ReadonlyMap<string, Facts>; entries: ReadonlyMap<string, Entry>; members: readonly string[] },
): Generator<Fault> {
  for (const [name, entry] of entries) {
    const row = rows.get(name);
    if (!row) {
      yield `${what} ${name} is in the log, and the registry hides it.`;
      continue;
    }
    const difference = differs(row, entry, members);
    if (difference) yield `${what} ${name}: the registry says ${difference}.`;
  }
  for (const name of rows.keys())
    if (!entries.has(name)) yield `${what} ${name} is in the registry and was never logged.`;
}

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

function* certificateFaults(book: Book, rows: ReadonlyMap<string, Facts>): Generator<Fault> {
  yield* paired("Certificate", {
    rows,
    entries: book.certificates,
    members: ["hash", "certificate", "grams", "key"],
  });
  for (const [number, row] of rows) {
    const key = book.keys.get(String(row.key));
    if (key && String(row.issuedAt) < key.from)
      yield `Certificate ${number} is dated ${row.issuedAt}, before its key was in use (${key.from}).`;
    if (book.revokedCertificates.has(number) && row.revoked !== true)
      yield `Certificate ${number} was revoked, and the registry has taken that back.`;
    if (!book.revokedCertificates.has(number) && row.revoked === true)
      yield `Certificate ${number} is shown as revoked, and the log knows nothing of it.`;
  }
}

function* keyFaults(book: Book, rows: ReadonlyMap<string, Facts>): Generator<Fault> {
  for (const [id, row] of rows)
    if (book.keys.get(id)?.publicKey !== row.publicKey)
      yield `Key ${id} is published and was never logged so.`;
  for (const id of book.keys.keys())
    if (!rows.has(id)) yield `Key ${id} is in the log, and the registry hides it.`;
}

function* totalFaults(book: Book, { totals, books }: State): Generator<Fault> {
  const { issued, retired, cancelled } = book;
  const wanted = { issued, retired, cancelled, circulating: issued - retired - cancelled };
  for (const [name, grams] of Object.entries(wanted))
    if (String(totals[name]) !== String(grams))
      yield `The registry says ${totals[name]} g ${name}, the log's entries give ${grams} g.`;
  for (const line of books) yield `The registry's own books do not balance: ${line}.`;
}

/** Every fault of the registry's rows against what the log's entries say, each a sentence. */
export const faultsOf = (book: Book, state: State): Fault[] => {
  const batches = byName(state.batches, "batch");
  const entries = new Map([...book.batches].map(([number, { entry }]) => [number, entry]));
  const shown = new Set(state.revoked.map(({ batch }) => String(batch)));
  const heads = new Map(state.audit.map((row) => [`${row.chain}/${row.seq}`, String(row.hash)]));
  const retirements = new Map([...book.retirements].map(([id, { entry }]) => [id, entry]));
  return [
    ...paired("Batch", { rows: batches, entries, members: batchMembers }),
    ...[...batches].flatMap(([number, row]) =>
      row.book === row.grams ? [] : [`Batch ${number} has ${row.grams} g, and the book ${row.book} g of it.`],
    ),
    ...certificateFaults(book, byName(state.certificates, "number")),
    ...paired("Retirement", {
      rows: byName(state.retirements, "id"),
      entries: retirements,
      members: ["grams", "reason", "beneficiary"],
    }),
    ...[...book.revokedBatches]
      .filter((number) => !shown.has(number))
      .map((number) => `Batch ${number} was revoked, and the registry has taken that back.`),
    ...keyFaults(book, byName(state.keys, "id")),
    ...[...book.audit]
      .filter(([place, hash]) => heads.get(place) !== hash)
      .map(([place]) => `Line ${place} of the audit trail is not the one that a book named.`),
    ...totalFaults(book, state),
  ];
};
