import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import type { Grams, Id } from "@evx/kernel";
import { balanceOf, bufferAccount, cancelledAccount, post, wallet } from "@evx/ledger";
import { creditsCancelled } from "./events.ts";
import { cancellationRow, insertCancellation } from "./queries.ts";
import { inCredits } from "./wallets.ts";

export type CancellationWish = {
  readonly transferId: Id<"transfer">;
  /** The batch that should not have been issued. */
  readonly batchId: Id<"batch">;
  /** Whose wallet gives the grams; null takes them from the buffer. */
  readonly holderId: Id<"user"> | null;
  readonly grams: Grams;
  readonly reason: string;
};

/**
 * Takes grams out of circulation because their batch was issued wrongly: from its owner's wallet, or from the buffer
 * for what was sold in good faith. The same id again moves nothing. Refuses `credits_insufficient`.
 */
export const cancelCredits = async (
  tx: Tx,
  { transferId, batchId, holderId, grams, reason }: CancellationWish,
): Promise<{ replayed: boolean }> => {
  const { replayed } = await inCredits(
    post(tx, {
      id: transferId,
      kind: "cancel",
      legs: [
        { account: holderId ? wallet(holderId) : bufferAccount(), amount: -grams },
        { account: cancelledAccount(), amount: grams },
      ],
      memo: { batchId, note: reason },
    }),
  );
  if (replayed && (await cancellationRow(tx, transferId))) return { replayed };
  await insertCancellation(tx, {
    transfer_id: transferId,
    batch_id: batchId,
    holder_id: holderId,
    grams_g: grams,
    reason,
    cancelled_at: tx.at,
  });
  await emit(tx, creditsCancelled, {
    transferId,
    batchId,
    holderId,
    grams: String(grams),
    reason,
    at: tx.at.toISOString(),
  });
  return { replayed };
};

/** How much a claw-back can take: from the owner's wallet, and from the buffer. */
export const clawableOf = async (tx: Tx, ownerId: Id<"user">): Promise<{ wallet: Grams; buffer: Grams }> => {
  const [own, kept] = [await balanceOf(tx, wallet(ownerId)), await balanceOf(tx, bufferAccount())];
  return { wallet: own.balance - own.held, buffer: kept.balance };
};
