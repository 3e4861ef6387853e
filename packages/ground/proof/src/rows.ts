import type { Book, Entry } from "./book.ts";
import { monthsOf } from "./days.ts";
import { numberOf } from "./spans.ts";

export type Facts = Readonly<Record<string, unknown>>;

/** Kinds of which a snapshot has every row. */
export const copiedKinds = ["batches", "certificates", "retirements", "cancellations", "books"] as const;
export const kinds = [...copiedKinds, "snapshots"] as const;
export type Kind = (typeof kinds)[number];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** A value, no longer than a sentence bears. */
const written = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};

/** The first member in which a row differs from its entry. */
export const differs = (row: Facts, entry: Facts, members: readonly string[]): string | null => {
  const member = members.find((name) => row[name] !== entry[name] && !same(row[name], entry[name]));
  return member ? `${member} ${written(row[member])}, the log ${written(entry[member])}` : null;
};

const batchMembers =
  "grams bufferGrams vintage country method factorSet quality trips tree certificate at".split(" ");

/** Rows name whole months; an entry of version 2 the days in them, and no accreditation. */
const ofVersion = (row: Facts, entry: Entry): string | null => {
  if (entry.v === 3) return differs(row, entry, ["from", "to", "accreditation"]);
  return entry.v === 2 ? differs(row, { ...entry, ...monthsOf(entry.from, entry.to) }, ["from", "to"]) : null;
};

/** What a row says of a revocation, as the entry of it does. Entries from before they named a reason have none. */
export const revocationFault = (what: string, row: Facts, entry: Entry | undefined): string | null => {
  if (!entry) return null;
  if (row.revoked !== true) return `${what} was revoked, and the registry has taken that back.`;
  if (row.revokedAt !== entry.at)
    return `${what} was revoked on ${entry.at}, the registry says ${row.revokedAt}.`;
  if (entry.reason !== undefined && row.reason !== entry.reason)
    return `${what}: the registry gives another reason for its revocation than was logged.`;
  return entry.owed !== undefined && row.owed !== entry.owed
    ? `${what}: the registry says that ${row.owed} g are owed for it, the log ${entry.owed} g.`
    : null;
};

export type Sort = {
  readonly what: string;
  /** The member that names a row. */
  readonly name: string;
  readonly members: readonly string[];
  entry(book: Book, name: string): Entry | undefined;
  names(book: Book): Iterable<string>;
  /** What else is wrong with a row that the log knows. */
  more(book: Book, name: string, row: Facts): string | null;
  /** The entry by which it was revoked. */
  revocation(book: Book, name: string): Entry | undefined;
  /** What a row says that the log may say a moment later. */
  late(book: Book, name: string, row: Facts): string | null;
  /** Grams that change as entries come; they only grow, or only shrink. */
  readonly measure?: {
    readonly name: string;
    readonly says: string;
    of(book: Book, name: string): bigint | null;
    /** Where it began, by what the row says of itself: for a row that was read before the log knew it. */
    first(row: Facts): bigint;
  };
};

/** Of rows that nothing revokes, and that say nothing that changes. */
const unmoved = { more: () => null, revocation: () => undefined, late: () => null };

export const sorts: Readonly<Record<Kind, Sort>> = {
  batches: {
    what: "Batch",
    name: "batch",
    members: batchMembers,
    entry: (book, name) => book.batches.get(name)?.entry,
    names: (book) => book.batches.keys(),
    more: (book, name, row) => {
      if (row.book !== row.grams)
        return `Batch ${name} has ${row.grams} g, and the book ${row.book} g of it.`;
      const entry = book.batches.get(name)?.entry;
      const other = entry ? ofVersion(row, entry) : null;
      return other ? `Batch ${name}: the registry says ${other}.` : null;
    },
    revocation: (book, name) => book.revokedBatches.get(name),
    measure: {
      name: "gone",
      says: "retired or cancelled",
      of: (book, name) => book.batches.get(name)?.goneGrams ?? null,
      first: () => 0n,
    },
    late: (book, name, row) =>
      row.revoked === true && !book.revokedBatches.has(name)
        ? `Batch ${name} is shown as revoked, and the log knows nothing of it.`
        : null,
  },
  certificates: {
    what: "Certificate",
    name: "number",
    members: ["hash", "certificate", "grams", "key", "at"],
    entry: (book, name) => book.certificates.get(name),
    names: (book) => book.certificates.keys(),
    more: (book, name, row) => {
      const key = book.keys.get(String(row.key));
      return key && String(row.issuedAt) < key.from
        ? `Certificate ${name} is dated ${row.issuedAt}, before its key was in use (${key.from}).`
        : null;
    },
    revocation: (book, name) => book.revokedCertificates.get(name),
    measure: {
      name: "current",
      says: "current",
      of: (book, name) =>
        book.certificates.get(name)?.ranges === undefined ? null : book.current.gramsOf(name),
      first: (row) => numberOf(row.grams) ?? 0n,
    },
    late: (book, name, row) =>
      row.revoked === true && !book.revokedCertificates.has(name)
        ? `Certificate ${name} is shown as revoked, and the log knows nothing of it.`
        : null,
  },
  retirements: {
    what: "Retirement",
    name: "id",
    members: ["grams", "reason", "beneficiary", "at"],
    entry: (book, name) => book.retirements.get(name)?.entry,
    names: (book) => book.retirements.keys(),
    ...unmoved,
  },
  cancellations: {
    what: "Cancellation",
    name: "id",
    members: ["grams", "for", "from", "at"],
    entry: (book, name) => book.cancellations.get(name),
    names: (book) => book.cancellations.keys(),
    ...unmoved,
  },
  books: {
    what: "The book of",
    name: "day",
    members: ["holdings", "at"],
    entry: (book, name) => book.books.get(name),
    // The first books had no root, and have no row.
    names: (book) => [...book.books].filter(([, { holdings }]) => holdings).map(([day]) => day),
    ...unmoved,
  },
  snapshots: {
    what: "The snapshot of",
    name: "day",
    members: ["statement", "rows", "sha256"],
    entry: (book, name) => book.snapshots.get(name),
    names: (book) => book.snapshots.keys(),
    ...unmoved,
  },
};
