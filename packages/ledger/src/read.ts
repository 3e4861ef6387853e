import type { Db } from "@evx/db";
import { type Id, keyOfCursor, type Page, type PageInput, pageFrom } from "@evx/kernel";
import type { AccountId, AccountKind, Asset } from "./accounts.ts";
import type { Json, TransferKind } from "./post.ts";
import {
  accountRows,
  batchRows,
  blockRows,
  type EntryFilter,
  entryRows,
  gramOwner,
  gramTrail,
  holderRows,
  moveRows,
  totalRows,
} from "./queries/book.ts";

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

const runOf = (row: { batch_id: string; lo: bigint; hi: bigint | null }): GramRun => ({
  batchId: row.batch_id as Id<"batch">,
  first_g: row.lo,
  last_g: (row.hi as bigint) - 1n,
});

/** The runs of grams that an account owns, in the order in which it will give them away. */
export const blocksOf = async (
  db: Db,
  account: AccountId,
  { limit, cursor }: PageInput,
): Promise<Page<GramRun>> => {
  const key = keyOfCursor(cursor, 3);
  const after = key && { seq: BigInt(key[0] ?? 0), batchId: String(key[1]), lo: BigInt(key[2] ?? 0) };
  const rows = await blockRows(db, account, limit + 1, after);
  return pageFrom(rows, limit, runOf, (row) => [String(row.seq), row.batch_id, String(row.lo)]);
};

/** How many grams of which batches an account owns, largest first: where its credits came from. */
export const batchesOf = async (
  db: Db,
  account: AccountId,
): Promise<{ batchId: Id<"batch">; grams: bigint }[]> =>
  (await batchRows(db, account)).map(({ batch_id, grams }) => ({
    batchId: batch_id as Id<"batch">,
    grams: BigInt(grams),
  }));

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
      .get(row.transfer_id as Id<"transfer">)
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

/**
 * History, newest first: the entries of one account, or of all accounts of a person.
 * A page costs the same however long the history is.
 */
export const entriesOf = async (
  db: Db,
  filter: EntryFilter,
  { limit, cursor }: PageInput,
): Promise<Page<Entry>> => {
  const key = keyOfCursor(cursor, 3);
  const at = key ? new Date(Number(key[0])) : null;
  const before =
    key && at && !Number.isNaN(at.getTime()) && Number.isInteger(Number(key[2]))
      ? { at, transferId: String(key[1]), leg: Number(key[2]) }
      : null;
  const rows = await entryRows(db, filter, limit + 1, before);
  return pageFrom(
    rows,
    limit,
    (row) => ({
      account: row.account_id as AccountId,
      version: row.version,
      transferId: row.transfer_id as Id<"transfer">,
      kind: row.kind as TransferKind,
      leg: row.leg,
      amount: row.amount,
      after: row.after,
      memo: row.memo as Json,
      at: row.at,
    }),
    (row) => [row.at.getTime(), row.transfer_id, row.leg],
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
        transferId: row.transfer_id as Id<"transfer">,
        kind: row.kind as TransferKind,
        at: row.at,
      }))
      .reverse(),
  };
};

/** What all accounts of an asset hold, by kind. The sum over all kinds is zero. */
export const totals = async (db: Db, asset: Asset): Promise<Map<AccountKind, bigint>> =>
  new Map((await totalRows(db, asset)).map(({ kind, balance }) => [kind as AccountKind, BigInt(balance)]));
