import type { Tx } from "@evx/db";
import {
  assert,
  creditsFromGrams,
  type Id,
  type Refusal,
  type RefusalDetails,
  textFromMinor,
} from "@evx/kernel";
import { type AccountId, type Asset, assetOf } from "./accounts.ts";
import { refuse } from "./errors.ts";
import type { Json, TransferKind } from "./kinds.ts";
import {
  callHold,
  callHolds,
  callIssue,
  callPost,
  callRelease,
  callReleases,
  callTakeOfBatch,
  type PostCall,
  postFragment,
} from "./queries/book.ts";

/** One side of a posting, in grams or minor units: what the account gains, or loses when negative. */
export type Leg = {
  readonly account: AccountId;
  readonly amount: bigint;
  /** Whose credits these are. Needed when a listing's account is first used; other accounts know it by name. */
  readonly holder?: Id<"user">;
};

export type Posting = {
  /** Named by the caller: the same id and content again moves nothing, another content is refused. */
  readonly id: Id<"transfer">;
  readonly kind: Exclude<TransferKind, "issue">;
  /** Sum to zero per asset. A credit account appears once; a leg of zero is left out by the caller. */
  readonly legs: readonly Leg[];
  /** Part of the content that a retry must repeat, so nothing in it may change from try to try. */
  readonly memo?: Json;
  /** Holds that end as posted; each lies on the account of a leg. */
  readonly releases?: readonly string[];
};

export type Posted = {
  /** True when this was a retry and nothing moved. */
  readonly replayed: boolean;
};

/** Bytes' order, which is the order in which the function locks accounts; credits before debits within one. */
const inAccountOrder = (a: Leg, b: Leg): number => {
  if (a.account !== b.account) return a.account < b.account ? -1 : 1;
  return a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1;
};

const amountText = (asset: Asset, amount: string): string =>
  asset === "gCO2e" ? creditsFromGrams(BigInt(amount)) : `${textFromMinor(BigInt(amount), asset)} ${asset}`;

/** Gives the book's refusals their types. The functions refuse with SQLSTATE LDG01: a code as message and details as JSON. Anything else is a bug. */
export const refusing = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
};

const refusalOf = (error: unknown): Refusal | null => {
  if (!(error instanceof Error) || !("code" in error)) return null;
  // 23505 on this key: two first issues of one batch met; the other one stands.
  if (error.code === "23505" && "constraint" in error && error.constraint === "block_pkey") {
    return refuse("batch_already_issued", {}, { cause: error });
  }
  if (error.code !== "LDG01" || !Object.hasOwn(refuse.all, error.message)) return null;
  const detail = "detail" in error && typeof error.detail === "string" ? error.detail : "{}";
  const details = JSON.parse(detail) as Record<string, string>;
  const shown: RefusalDetails = { ...details };
  if (details.asset) {
    const asset = details.asset as Asset;
    for (const name of ["missing", "available"]) {
      if (details[name]) shown[name] = amountText(asset, details[name]);
    }
  }
  return refuse(error.message as keyof typeof refuse.all, shown, { cause: error });
};

/** Checks a posting and puts its legs in account order. */
const prepared = (posting: Posting): PostCall => {
  assert(posting.legs.length > 1, `${posting.id} has two legs or more`);
  const legs = posting.legs.toSorted(inAccountOrder);
  const sums = new Map<Asset, bigint>();
  for (const { account, amount } of legs) {
    assert(amount !== 0n, `the leg of ${account} is not zero`);
    const asset = assetOf(account);
    sums.set(asset, (sums.get(asset) ?? 0n) + amount);
  }
  for (const [asset, sum] of sums) {
    assert(sum === 0n, `the ${asset} legs of ${posting.id} sum to zero, not ${sum}`);
  }
  return {
    id: posting.id,
    kind: posting.kind,
    accounts: legs.map((leg) => leg.account),
    amounts: legs.map((leg) => leg.amount),
    holders: legs.map((leg) => leg.holder ?? null),
    memo: posting.memo,
    releases: posting.releases ?? [],
  };
};

/**
 * Moves assets between accounts in one balanced posting and one round trip. Accounts open on first use.
 * Credits move as blocks of grams, oldest first, from debited to credited accounts, split and never rounded.
 * Refuses `balance_insufficient`, `transfer_id_reused`, `hold_unknown`, `hold_ended`; the transaction is then lost.
 * Locks accounts until the transaction ends, so post last.
 */
export const post = async (tx: Tx, posting: Posting): Promise<Posted> =>
  refusing(callPost(tx, prepared(posting)));

/**
 * The posting as an expression (true for a retry), for a room whose hot path does all its writing in one statement:
 * `insert into ... returning id` as CTEs, then `select ${postingSql(tx.at, posting)}`. Run it under `refusing`.
 */
export const postingSql = (at: Date, posting: Posting) => postFragment(at, prepared(posting));

/**
 * Creates the grams of a new batch, numbered from 1 in the order of the accounts' names, and gives them out.
 * Refuses `batch_already_issued` and `transfer_id_reused`.
 */
export const issue = (
  tx: Tx,
  issuance: {
    readonly id: Id<"transfer">;
    readonly batchId: Id<"batch">;
    readonly legs: readonly { readonly account: AccountId; readonly grams: bigint }[];
    readonly memo?: Json;
  },
): Promise<Posted> => {
  for (const { grams } of issuance.legs) assert(grams > 0n, `${issuance.id} gives more than zero grams`);
  return refusing(
    callIssue(tx, {
      id: issuance.id,
      batchId: issuance.batchId,
      accounts: issuance.legs.map((leg) => leg.account),
      amounts: issuance.legs.map((leg) => leg.grams),
      memo: issuance.memo,
    }),
  );
};

/**
 * Moves grams of one batch and no other: as many as the account has free, `atMost` at most. Answers how many those
 * were; under the same id again, how many they had been. None to take: nothing is written. Everything else moves first
 * in, first out; this is for credits that must be those very ones. Refuses `transfer_id_reused`.
 */
export const takeOfBatch = (
  tx: Tx,
  taking: {
    readonly id: Id<"transfer">;
    readonly kind: Exclude<TransferKind, "issue">;
    readonly batchId: Id<"batch">;
    readonly from: AccountId;
    readonly to: AccountId;
    readonly atMost: bigint;
    readonly memo?: Json;
  },
): Promise<bigint> => {
  assert(taking.atMost > 0n, `${taking.id} takes more than zero grams`);
  return refusing(callTakeOfBatch(tx, { ...taking, memo: taking.memo }));
};

/**
 * Sets a part of a balance aside under the caller's name (an order's or a withdrawal's id), until a posting
 * releases it or `release` voids it. Refuses `balance_insufficient` and `hold_id_reused`.
 */
export const hold = (
  tx: Tx,
  reservation: {
    readonly id: string;
    readonly account: AccountId;
    readonly amount: bigint;
    readonly memo?: Json;
  },
): Promise<Posted> => {
  assert(reservation.amount > 0n, `${reservation.id} holds more than zero`);
  return refusing(callHold(tx, { ...reservation, memo: reservation.memo }));
};

/** Many holds in one round trip, in the order of their accounts. Refuses as `hold` does; all or none. */
export const holdAll = (
  tx: Tx,
  reservations: readonly { readonly id: string; readonly account: AccountId; readonly amount: bigint }[],
): Promise<void> =>
  refusing(
    callHolds(
      tx,
      reservations.toSorted((a, b) => (a.account < b.account ? -1 : 1)),
    ),
  );

/** Voids many holds in one round trip, in the order given: that of their accounts. Refuses as `release` does. */
export const releaseAll = (tx: Tx, holdIds: readonly string[]): Promise<void> =>
  refusing(callReleases(tx, holdIds));

/** Voids a hold: its amount is free again. Refuses `hold_unknown`, and `hold_ended` if a posting has used it. */
export const release = (tx: Tx, { holdId }: { readonly holdId: string }): Promise<Posted> =>
  refusing(callRelease(tx, holdId));
