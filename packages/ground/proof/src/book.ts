import { Current, type Span } from "./current.ts";

/** An entry as the log has it. */
export type Entry = Readonly<Record<string, unknown>> & { readonly kind: string; readonly at: string };

/** Grams that left circulation, and by what. */
export type Gone = { readonly first: bigint; readonly last: bigint; readonly by: string };

type Batch = { readonly entry: Entry; readonly grams: bigint; gone: Gone[]; goneGrams: bigint };

/** What a monitor has replayed: its own book of every gram, from the log's entries alone. */
export type Book = {
  lastBatch: number;
  /** The highest version of a batch's entry so far: no later one says less. */
  batchVersion: number;
  /** Day of the last book, and the moment before which nothing may be dated that is entered after it. */
  lastDay: string;
  floor: string;
  /** When the last book was closed. */
  lastClosed: string;
  /** Whether a batch's tree has committed to its grams: every later one must. */
  summed: boolean;
  /** Whether a certificate has named its grams: every later one must. */
  ranged: boolean;
  /** Which batch stands on which tree of trips. */
  readonly roots: Map<string, string>;
  readonly batches: Map<string, Batch>;
  readonly certificates: Map<string, Entry>;
  /** Parts of certificates after the first. */
  readonly laterParts: Map<string, Entry[]>;
  /** What came in parts and is not whole yet, with the grams that are missing. */
  readonly incomplete: Map<string, bigint>;
  /** Which certificate is current for which grams. */
  readonly current: Current;
  readonly retirements: Map<string, { entry: Entry; grams: bigint; certificate: string | null }>;
  /** Retirements that no certificate tells of yet. */
  readonly uncertified: Set<string>;
  /** Certificates of retirements that were not read yet, by the first gram of each range. */
  readonly unretired: Map<string, string>;
  readonly cancellations: Map<string, Entry>;
  /** Grams of other batches that were cancelled for a revoked one, by that one. */
  readonly madeUp: Map<string, bigint>;
  /** Cancellations for batches that nobody revoked, by the batch. */
  readonly causeless: Map<string, string>;
  readonly books: Map<string, Entry>;
  /** Snapshots by their day. */
  readonly snapshots: Map<string, Entry>;
  readonly revokedCertificates: Map<string, Entry>;
  readonly revokedBatches: Map<string, Entry>;
  readonly keys: Map<string, { publicKey: string; from: string; until: string | null }>;
  /** Hashes of factor sets by name. */
  readonly factorSets: Map<string, string>;
  readonly audit: Map<string, string>;
  /** Grams that a certificate other than their retirement's took over after they had left circulation. */
  readonly regained: Map<string, Span & { readonly by: string }>;
  /** The latest moment that an entry names, and which entry does. */
  latest: { at: string; place: string };
  /** Whether a day's book has had a root over what everybody holds: every later one must. */
  bound: boolean;
  issued: bigint;
  retired: bigint;
  cancelled: bigint;
};

export const emptyBook = (): Book => ({
  lastBatch: 0,
  batchVersion: 1,
  lastDay: "",
  floor: "",
  lastClosed: "",
  summed: false,
  ranged: false,
  roots: new Map(),
  batches: new Map(),
  certificates: new Map(),
  laterParts: new Map(),
  incomplete: new Map(),
  current: new Current(),
  retirements: new Map(),
  uncertified: new Set(),
  unretired: new Map(),
  cancellations: new Map(),
  causeless: new Map(),
  madeUp: new Map(),
  books: new Map(),
  snapshots: new Map(),
  revokedCertificates: new Map(),
  revokedBatches: new Map(),
  keys: new Map(),
  factorSets: new Map(),
  audit: new Map(),
  regained: new Map(),
  latest: { at: "", place: "" },
  bound: false,
  issued: 0n,
  retired: 0n,
  cancelled: 0n,
});

/** Judges an entry after those before it: a sentence when it cannot be true. */
export type Rule = (book: Book, entry: Entry) => string | null;
