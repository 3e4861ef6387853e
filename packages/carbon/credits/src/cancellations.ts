import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { assert, type Grams, type Id, namedId } from "@evx/kernel";
import {
  balanceOf,
  bufferAccount,
  cancelledAccount,
  type Json,
  listedOf,
  post,
  takeOfBatch,
  wallet,
} from "@evx/ledger";
import { type Batch, batchesByIds } from "./batches.ts";
import { refuse } from "./errors.ts";
import { batchRevoked, creditsCancelled } from "./events.ts";
import {
  cancelledFor,
  insertCancellation,
  insertRevoked,
  lockRevoked,
  openRevocations,
  revokedRows,
} from "./queries/revocations.ts";

export type ClawBack = {
  /** Taken from the owner's wallet. */
  readonly owner_g: Grams;
  /** Taken from the buffer. */
  readonly buffer_g: Grams;
  /** Still set aside in the owner's listings: taken as soon as it comes back, or made up for once it is sold. */
  readonly listed_g: Grams;
  /** What nobody could give so far; the buffer makes it up when it has more. */
  readonly missing_g: Grams;
};

const least = (a: Grams, b: Grams): Grams => (a < b ? a : b);

/**
 * Takes a batch out of circulation that should not have been issued, as far as that is possible without taking from
 * people who bought in good faith: its own grams from its owner's wallet and from the buffer; for what the owner passed
 * on, other credits of the owner, then other grams of the buffer. Refuses `batch_not_found`, `batch_already_revoked`.
 */
export const revokeBatch = async (
  tx: Tx,
  { batchId, reason }: { readonly batchId: Id<"batch">; readonly reason: string },
): Promise<ClawBack> => {
  const batch = (await batchesByIds(tx, [batchId])).get(batchId);
  if (!batch) throw refuse("batch_not_found");
  await lockRevoked(tx, batchId);
  const fresh = await insertRevoked(tx, {
    batch_id: batchId,
    owed_g: batch.grams,
    reason,
    revoked_at: tx.at,
  });
  if (!fresh) throw refuse("batch_already_revoked");
  await emit(tx, batchRevoked, { batchId, ownerId: batch.ownerId, reason, at: tx.at.toISOString() });
  return collect(tx, batch, { owed: batch.grams, reason, alsoOther: true });
};

/**
 * Takes back what has come within reach since: grams that left a listing, and a buffer that has grown. Any number of
 * times. The owner's other credits answer for the batch only at the moment when it is revoked.
 */
export const collectRevoked = async (tx: Tx, batchId: Id<"batch">): Promise<ClawBack> => {
  await lockRevoked(tx, batchId);
  const [revoked] = await revokedRows(tx, [batchId]);
  const batch = (await batchesByIds(tx, [batchId])).get(batchId);
  if (!batch || !revoked) throw refuse("batch_not_found");
  return collect(tx, batch, { owed: revoked.owed_g, reason: revoked.reason, alsoOther: false });
};

/** Revoked batches of which something is still owed. */
export const uncollected = async (db: Db, limit: number): Promise<Id<"batch">[]> =>
  (await openRevocations(db, limit)).map(({ batch_id }) => batch_id);

/** Takes one part and writes it down. Answers how much it was. */
type Part = (from: "owner" | "buffer", which: "own" | "other", atMost: Grams) => Promise<Grams>;

/** The caller holds the batch's lock. */
const collect = async (
  tx: Tx,
  batch: Batch,
  { owed, reason, alsoOther }: { owed: Grams; reason: string; alsoOther: boolean },
): Promise<ClawBack> => {
  const done = await cancelledFor(tx, batch.id);
  let times = done.times;
  const part: Part = async (from, which, atMost) => {
    if (atMost <= 0n) return 0n;
    const source = from === "owner" ? wallet(batch.ownerId) : bufferAccount();
    const taking = {
      id: await namedId("transfer", `claw_back:${batch.id}:${times}`),
      kind: "cancel" as const,
      from: source,
      to: cancelledAccount(),
      atMost,
      memo: { batchId: batch.id, note: reason },
    };
    const grams =
      which === "own" ? await takeOfBatch(tx, { ...taking, batchId: batch.id }) : await takeAny(tx, taking);
    if (grams > 0n) {
      times++;
      await noted(tx, batch, { transferId: taking.id, from, grams, reason });
    }
    return grams;
  };
  // More than is owed can be gone: grams that came back from a listing after others had been taken for them.
  let left = owed > done.grams ? owed - done.grams : 0n;
  const ownedBack = await part("owner", "own", left);
  left -= ownedBack;
  const keptBack = await part("buffer", "own", left);
  left -= keptBack;
  // These still lie on a listing of the owner's, and either come back or are sold: no reason yet to take others for them.
  const listed_g = least(left, await listedOf(tx, batch.id, batch.ownerId));
  left -= listed_g;
  const otherOwned = alsoOther ? await part("owner", "other", left) : 0n;
  left -= otherOwned;
  const otherKept = await part("buffer", "other", left);
  return {
    owner_g: ownedBack + otherOwned,
    buffer_g: keptBack + otherKept,
    listed_g,
    missing_g: left - otherKept,
  };
};

/** First in, first out, whatever batch they are of. */
const takeAny = async (
  tx: Tx,
  { from, to, atMost, ...taking }: Omit<Parameters<typeof takeOfBatch>[1], "batchId"> & { memo: Json },
): Promise<Grams> => {
  const { balance, held } = await balanceOf(tx, from);
  const grams = least(balance - held, atMost);
  if (grams <= 0n) return 0n;
  const legs = [
    { account: from, amount: -grams },
    { account: to, amount: grams },
  ];
  const { replayed } = await post(tx, { ...taking, legs });
  assert(!replayed, `${taking.id} is new: its batch is locked`);
  return grams;
};

const noted = async (
  tx: Tx,
  batch: Batch,
  {
    transferId,
    from,
    grams,
    reason,
  }: {
    transferId: Id<"transfer">;
    from: "owner" | "buffer";
    grams: Grams;
    reason: string;
  },
): Promise<void> => {
  const holderId = from === "owner" ? batch.ownerId : null;
  await insertCancellation(tx, {
    transfer_id: transferId,
    batch_id: batch.id,
    holder_id: holderId,
    grams_g: grams,
    reason,
    cancelled_at: tx.at,
  });
  await emit(tx, creditsCancelled, {
    transferId,
    batchId: batch.id,
    holderId,
    grams: String(grams),
    reason,
    at: tx.at.toISOString(),
  });
};
