import type { Db } from "@evx/db";
import { afterCursor, type Currency, type Id, isId, type Page, type PageInput, pageFrom } from "@evx/kernel";
import { type AccountId, type AccountKind, type Asset, assetOf, kindOf } from "./accounts.ts";
import type { Json, TransferKind } from "./kinds.ts";
import {
  accountHolders,
  accountRows,
  accountsAtRows,
  accountsOfBatchRows,
  arrivalRows,
  batchRows,
  bringerRows,
  debtRows,
  filledRows,
  gramOwner,
  gramTrail,
  holderRows,
  legRows,
  listedRow,
  lotRows,
  moveRows,
  passedRows,
  runRows,
  spreadRows,
  totalRows,
  transferRow,
} from "./queries/book.ts";
import { type EntrySpan, entryRows } from "./queries/entries.ts";

export type Balance = { balance: bigint; held: bigint; version: bigint };

const empty: Balance = { balance: 0n, held: 0n, version: 0n };

/** An account's balance, what of it is on hold, and how many entries it has. All zero before its first use. */
export const balanceOf = async (db: Db, account: AccountId): Promise<Balance> =>
  (await balancesOf(db, [account])).get(account) ?? empty;

/** The balances of many accounts; each asked-for account is in the map. */
export const balancesOf = async (
  db: Db,
  accounts: readonly AccountId[],
): Promise<Map<AccountId, Balance>> => {
  const found = new Map<AccountId, Balance>(accounts.map((account) => [account, empty]));
  if (accounts.length === 0) return found;
  for (const { id, balance, held, version } of await accountRows(db, accounts)) {
    found.set(id as AccountId, { balance, held, version });
  }
  return found;
};

/** Whose accounts these are; the venue's own are left out. */
export const holdersOf = async (
  db: Db,
  accounts: readonly AccountId[],
): Promise<Map<AccountId, Id<"user">>> => {
  if (accounts.length === 0) return new Map();
  const rows = await accountHolders(db, [...new Set(accounts)]);
  return new Map(rows.map(({ id, holder }) => [id as AccountId, holder]));
};

/**
 * What a person holds, summed by kind of account: wallet, listing (all listings together), retired, cash.
 * Reads only accounts that hold something, however many the person has emptied.
 */
export const holdingsOf = async (
  db: Db,
  holder: Id<"user">,
  asset: Asset,
): Promise<Map<AccountKind, { balance: bigint; held: bigint }>> => {
  const rows = await holderRows(db, holder, asset);
  return new Map(
    rows.map(({ kind, balance, held }) => [
      kind as AccountKind,
      { balance: BigInt(balance), held: BigInt(held) },
    ]),
  );
};

/** A run of a batch's grams, both ends included. */
export type GramRun = { batchId: Id<"batch">; first_g: bigint; last_g: bigint };

const runOf = (row: { batch_id: Id<"batch">; lo: bigint; hi: bigint | null }): GramRun => ({
  batchId: row.batch_id,
  first_g: row.lo,
  last_g: (row.hi as bigint) - 1n,
});

const isWhole = (part: unknown): part is string => typeof part === "string" && /^\d{1,18}$/.test(part);

/** Reads the cursor of a list of blocks. */
const blockKey = (cursor: string | undefined) =>
  afterCursor(cursor, ([seq, batchId, lo]) =>
    isWhole(seq) && isWhole(lo) && typeof batchId === "string" && isId("batch", batchId)
      ? { seq: BigInt(seq), batchId, lo: BigInt(lo) }
      : null,
  );

/** How many grams of which batches an account owns, largest first: where its credits came from. */
export const batchesOf = async (
  db: Db,
  account: AccountId,
): Promise<{ batchId: Id<"batch">; grams: bigint }[]> =>
  (await batchRows(db, account)).map(({ batch_id, grams }) => ({
    batchId: batch_id,
    grams: BigInt(grams),
  }));

/** How many grams of a batch a person has set aside in listings. */
export const listedOf = async (db: Db, batchId: Id<"batch">, holder: Id<"user">): Promise<bigint> =>
  BigInt((await listedRow(db, batchId, holder)).grams);

/** Which accounts of a kind hold grams of a batch: their holders and how many grams. */
export const accountsOfBatch = async (
  db: Db,
  batchId: Id<"batch">,
  kind: AccountKind,
): Promise<{ account: AccountId; holder: Id<"user"> | null; grams: bigint }[]> =>
  (await accountsOfBatchRows(db, batchId, kind)).map(({ id, holder, grams }) => ({
    account: id as AccountId,
    holder,
    grams: BigInt(grams),
  }));

/** By which kinds of transfer the grams that a transfer moved had come to those who gave them, batch by batch. */
export const arrivalsOf = (
  db: Db,
  transferId: Id<"transfer">,
): Promise<{ batch_id: Id<"batch">; kind: TransferKind }[]> => arrivalRows(db, transferId);

export type Lot = GramRun & { transferId: Id<"transfer">; kind: TransferKind; memo: Json; at: Date };

/** The runs of grams that an account owns, each with the transfer that brought it; the newest arrivals first. */
export const lotsOf = async (
  db: Db,
  account: AccountId,
  { limit, cursor }: PageInput,
): Promise<Page<Lot>> => {
  const rows = await lotRows(db, account, limit + 1, blockKey(cursor));
  return pageFrom(
    rows,
    limit,
    (row) => ({
      ...runOf(row),
      transferId: row.transfer_id,
      kind: row.kind,
      memo: row.memo as Json,
      at: row.at,
    }),
    (row) => [String(row.seq), row.batch_id, String(row.lo)],
  );
};

/** Where the grams of batches are now, by kind of account. */
export const spreadOf = async (
  db: Db,
  batchIds: readonly Id<"batch">[],
): Promise<Map<Id<"batch">, Map<AccountKind, bigint>>> => {
  const found = new Map(batchIds.map((id) => [id, new Map<AccountKind, bigint>()]));
  if (batchIds.length === 0) return found;
  for (const { batch_id, kind, grams } of await spreadRows(db, batchIds)) {
    found.get(batch_id)?.set(kind, BigInt(grams));
  }
  return found;
};

/** A transfer's kind, memo and moment; null when there is none under that id. */
export const transferById = async (
  db: Db,
  id: Id<"transfer">,
): Promise<{ id: Id<"transfer">; kind: TransferKind; memo: Json; at: Date } | null> => {
  const row = await transferRow(db, id);
  return row ? { ...row, memo: row.memo as Json } : null;
};

/** Sales, or what people gave each other, after one of them, up to and with a moment, the earliest first: for whoever must not miss one. */
const passedAfter = async (
  db: Db,
  kind: "sale" | "transfer",
  { after, until, limit }: { after: { at: Date; id: Id<"transfer"> } | null; until: Date; limit: number },
): Promise<{ id: Id<"transfer">; memo: Json; at: Date }[]> =>
  (await passedRows(db, kind, after, until, limit)).map((row) => ({ ...row, memo: row.memo as Json }));

type PassedPage = Parameters<typeof passedAfter>[2];

/** Sales, the earliest first: see `passedAfter`. */
export const salesAfter = (db: Db, page: PassedPage) => passedAfter(db, "sale", page);

/** What people gave each other, the earliest first: see `passedAfter`. */
export const giftsAfter = (db: Db, page: PassedPage) => passedAfter(db, "transfer", page);

export type GramMove = GramRun & { from: AccountId; to: AccountId };

/** The runs of grams that some transfers moved, by transfer and in the order of batch and first gram. */
export const movesOfAll = async (
  db: Db,
  transferIds: readonly Id<"transfer">[],
): Promise<Map<Id<"transfer">, GramMove[]>> => {
  const found = new Map<Id<"transfer">, GramMove[]>(transferIds.map((id) => [id, []]));
  if (transferIds.length === 0) return found;
  for (const row of await moveRows(db, transferIds)) {
    found
      .get(row.transfer_id)
      ?.push({ ...runOf(row), from: row.from_id as AccountId, to: row.to_id as AccountId });
  }
  return found;
};

/** The runs of grams that one transfer moved. */
export const movesOf = async (db: Db, transferId: Id<"transfer">): Promise<GramMove[]> =>
  (await movesOfAll(db, [transferId])).get(transferId) ?? [];

export type Entry = {
  account: AccountId;
  version: bigint;
  transferId: Id<"transfer">;
  kind: TransferKind;
  leg: number;
  amount: bigint;
  after: bigint;
  memo: Json;
  at: Date;
};

const entryOf = (row: Awaited<ReturnType<typeof entryRows>>[number]): Entry => ({
  account: row.account_id as AccountId,
  version: row.version,
  transferId: row.transfer_id,
  kind: row.kind,
  leg: row.leg,
  amount: row.amount,
  after: row.after,
  memo: row.memo as Json,
  at: row.at,
});

/** Reads the cursor of a history. */
const entryKey = (cursor: string | undefined) =>
  afterCursor(cursor, ([millis, transferId, leg]) => {
    const at = new Date(Number(millis));
    // A transfer's name is whatever its room chose, so it is text and no more.
    const known = typeof transferId === "string" && Number.isInteger(leg) && !Number.isNaN(at.getTime());
    return known && Number(leg) > 0 && Number(leg) < 32_768 ? { at, transferId, leg: Number(leg) } : null;
  });

export type EntryFilter = EntrySpan & {
  readonly asset?: Asset;
  readonly accountKinds?: readonly AccountKind[];
  readonly kinds?: readonly TransferKind[];
  readonly notKinds?: readonly TransferKind[];
  /** Only what came in, or only what went out. */
  readonly sign?: "in" | "out";
};

const passes = (
  { account, kind, amount }: Entry,
  { asset, accountKinds, kinds, notKinds, sign }: EntryFilter,
): boolean =>
  (!asset || assetOf(account) === asset) &&
  (!accountKinds || accountKinds.includes(kindOf(account))) &&
  (!kinds || kinds.includes(kind)) &&
  !notKinds?.includes(kind) &&
  (!sign || (sign === "in" ? amount > 0n : amount < 0n));

/** Entries read at once for a page of that many; four times as many each time that too few of them pass. */
const firstReach = (limit: number): number => Math.max(50, 3 * (limit + 1));
const mostReach = 5_000;

/**
 * A person's history over all accounts, newest first. Entries are read along the index in time order until the page is
 * full, so it costs what it shows and passes over, however long the history is.
 */
export const entriesOf = async (
  db: Db,
  filter: EntryFilter,
  { limit, cursor }: PageInput,
): Promise<Page<Entry>> => {
  const found: Entry[] = [];
  let before = entryKey(cursor);
  for (let reach = firstReach(limit); found.length <= limit; reach = Math.min(4 * reach, mostReach)) {
    const rows = await entryRows(db, filter, reach, before);
    found.push(...rows.map(entryOf).filter((entry) => passes(entry, filter)));
    const last = rows.at(-1);
    if (!last || rows.length < reach) break;
    before = { at: last.at, transferId: last.transfer_id, leg: last.leg };
  }
  return pageFrom(
    found,
    limit,
    (entry) => entry,
    (entry) => [entry.at.getTime(), entry.transferId, entry.leg],
  );
};

export type GramEvent = GramMove & { transferId: Id<"transfer">; kind: TransferKind; at: Date };

/**
 * The life of one gram, from its issue to its latest move. Null when there is no such gram.
 * Read backwards along each move's arrival, so it costs the number of its moves and nothing else.
 */
export const timelineOf = async (
  db: Db,
  batchId: Id<"batch">,
  gram: bigint,
): Promise<{ account: AccountId; run: GramRun; events: GramEvent[] } | null> => {
  const owner = await gramOwner(db, batchId, gram);
  if (!owner?.account_id || owner.hi === null) return null;
  const trail = await gramTrail(db, batchId, gram, owner.account_id, owner.seq as bigint);
  return {
    account: owner.account_id as AccountId,
    run: runOf(owner),
    events: trail
      .map((row) => ({
        ...runOf(row),
        from: row.from_id as AccountId,
        to: row.to_id as AccountId,
        transferId: row.transfer_id,
        kind: row.kind,
        at: row.at,
      }))
      .reverse(),
  };
};

/**
 * Who owns a batch's grams from first to last now: the blocks that hold any of them, in order, with their owners.
 * All grams of a block have lived alike, because blocks are split and never joined.
 */
export const ownersOf = async (
  db: Db,
  batchId: Id<"batch">,
  span: { first_g: bigint; last_g: bigint },
  limit: number,
): Promise<(GramRun & { account: AccountId })[]> =>
  (await runRows(db, batchId, span.first_g, span.last_g, limit)).map((row) => ({
    ...runOf(row),
    account: row.account_id as AccountId,
  }));

/** The transfers that brought grams of a run to the accounts of a kind that they lie in now. */
export const bringersOf = async (
  db: Db,
  batchId: Id<"batch">,
  span: { first_g: bigint; last_g: bigint },
  kind: AccountKind,
): Promise<Id<"transfer">[]> =>
  (await bringerRows(db, batchId, span, kind)).map(({ transfer_id }) => transfer_id);

/** What one transfer moved, by account: grams or minor units. */
export const legsOf = async (
  db: Db,
  transferId: Id<"transfer">,
): Promise<{ account: AccountId; amount: bigint }[]> =>
  (await legRows(db, transferId)).map(({ account_id, amount }) => ({
    account: account_id as AccountId,
    amount,
  }));

/** Everybody who owes the venue, and how much, as a positive number of minor units. */
export const debtors = async (
  db: Db,
  currency: Currency,
): Promise<{ userId: Id<"user">; amount: bigint }[]> =>
  (await debtRows(db, currency)).flatMap(({ holder, balance }) =>
    holder ? [{ userId: holder, amount: -balance }] : [],
  );

/** The account that has each gram of a list, in the list's order; null for a gram that was never issued. */
export const accountsAt = async (
  db: Db,
  places: readonly { batchId: Id<"batch">; gram: bigint }[],
): Promise<(AccountId | null)[]> =>
  places.length === 0
    ? []
    : (await accountsAtRows(db, places)).map(({ account_id }) => account_id as AccountId | null);

/** What all accounts of an asset hold, by kind. The sum over all kinds is zero. */
export const totals = async (db: Db, asset: Asset): Promise<Map<AccountKind, bigint>> =>
  new Map((await totalRows(db, asset)).map(({ kind, balance }) => [kind as AccountKind, BigInt(balance)]));

/** Every account of an asset that is not empty, with its balance and what is held of it. Their balances sum to zero. */
export const accountsOf = async (
  db: Db,
  asset: Asset,
): Promise<{ account: AccountId; kind: AccountKind; balance: bigint; held: bigint }[]> =>
  (await filledRows(db, asset)).map(({ id, kind, balance, held }) => ({
    account: id as AccountId,
    kind: kind as AccountKind,
    balance,
    held,
  }));
