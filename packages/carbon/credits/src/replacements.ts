import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import {
  afterMoment,
  creditsFromGrams,
  type Grams,
  type Id,
  isId,
  momentKey,
  type PageInput,
  pageFrom,
} from "@evx/kernel";
import { accountsOfBatch, bufferAccount, listedOf, lotsOf, post, wallet } from "@evx/ledger";
import { batchesByIds, batchNumbered } from "./batches.ts";
import { collectRevoked } from "./cancellations.ts";
import { refuse } from "./errors.ts";
import { shortfallMadeUp } from "./events.ts";
import { insertReplacement, openShortfallRows, replacementRow } from "./queries/replacements.ts";
import { lockRevoked } from "./queries/revocations.ts";
import { revocationsOf } from "./registry.ts";
import { heldOf, refuseRevoked } from "./revoked.ts";
import { serialOf } from "./serial.ts";
import { inCredits, memoText } from "./wallets.ts";

/** So many pages of a holder's lots are looked through for those of one batch. */
const mostPages = 50;

/** The sales through which people have grams of a batch in their wallets now, by order, with how many of each. */
export const boughtOf = async (
  db: Db,
  batch: { batchId: Id<"batch">; ownerId: Id<"user"> },
): Promise<Map<Id<"order">, Grams>> => {
  const bought = new Map<Id<"order">, Grams>();
  for (const { account, holder } of await accountsOfBatch(db, batch.batchId, "wallet")) {
    if (!holder || holder === batch.ownerId) continue;
    for (let cursor: string | undefined, page = 0; page < mostPages; page++) {
      const { items, nextCursor } = await lotsOf(db, account, { limit: 100, cursor });
      for (const { batchId, kind, memo, first_g, last_g } of items) {
        const orderId = memoText(memo, "orderId");
        if (batchId !== batch.batchId || kind !== "sale" || !orderId || !isId("order", orderId)) continue;
        bought.set(orderId, (bought.get(orderId) ?? 0n) + last_g - first_g + 1n);
      }
      if (!nextCursor) break;
      cursor = nextCursor;
    }
  }
  return bought;
};

/** What is owed, without what the owner's listings may still give back. */
const missingAmong = (short: Grams, listed: Grams): Grams => (short > listed ? short - listed : 0n);

/** A revoked batch for which something is owed still, and how many people have credits of it. */
export const shortfalls = async (db: Db, { limit, cursor }: PageInput) => {
  const rows = await openShortfallRows(db, { after: afterMoment("batch", cursor), limit: limit + 1 });
  const ids = rows.map(({ batch_id }) => batch_id);
  const [batches, revocations] = [await batchesByIds(db, ids), await revocationsOf(db, ids)];
  const holders = new Map<Id<"batch">, Map<Id<"user">, Grams>>();
  const missing = new Map<Id<"batch">, Grams>();
  for (const { id, ownerId } of batches.values()) {
    holders.set(id, await heldOf(db, { batchId: id, ownerId }));
    missing.set(id, missingAmong(revocations.get(id)?.shortfall ?? 0n, await listedOf(db, id, ownerId)));
  }
  const { items, nextCursor } = pageFrom(
    rows,
    limit,
    ({ batch_id }) => {
      const [batch, revocation] = [batches.get(batch_id), revocations.get(batch_id)];
      const held = [...(holders.get(batch_id)?.values() ?? [])];
      return batch && revocation
        ? [
            {
              number: batch.number,
              serial: serialOf(batch, 1n, batch.grams),
              revocation,
              missing: missing.get(batch_id) ?? 0n,
              holders: held.length,
              held: held.reduce((sum, grams) => sum + grams, 0n),
            },
          ]
        : [];
    },
    (row) => momentKey(row.revoked_at, row.batch_id),
  );
  return { items: items.flat(), nextCursor };
};

export type MakeUp = { id: Id<"transfer">; number: bigint; grams: Grams; note: string };

/**
 * An operator makes up for what was sold of a revoked batch with credits of their own wallet: these go into the buffer, and
 * what the buffer has is cancelled for the batch, in one transaction, so that nothing else takes them. The same id again
 * answers alike and moves nothing. Whoever has credits of the batch is told. Refuses `batch_not_found`,
 * `shortfall_smaller`, `credits_insufficient`, `credits_revoked`, `transfer_id_reused`.
 */
export const makeUp = async (
  tx: Tx,
  operator: { readonly id: Id<"user"> },
  { id, number, grams, note }: MakeUp,
): Promise<{ left: Grams }> => {
  const batch = await batchNumbered(tx, number);
  if (!batch) throw refuse("batch_not_found");
  await lockRevoked(tx, batch.id);
  const left = await missingOf(tx, batch);
  const known = await replacementRow(tx, id);
  if (known?.batch_id === batch.id && known.grams_g === grams) return { left };
  if (grams > left) throw refuse("shortfall_smaller", { credits: creditsFromGrams(left) });
  await inCredits(
    post(tx, {
      id,
      kind: "buffer",
      legs: [
        { account: wallet(operator.id), amount: -grams },
        { account: bufferAccount(), amount: grams },
      ],
      memo: { batchId: batch.id, note },
    }),
  );
  // Grams that are owed for themselves make up for nothing.
  await refuseRevoked(tx, id, { bought: "refused" });
  const row = {
    transfer_id: id,
    batch_id: batch.id,
    operator_id: operator.id,
    grams_g: grams,
    note,
    made_at: tx.at,
  };
  await insertReplacement(tx, row);
  await collectRevoked(tx, batch.id);
  await audit(tx, operator, "shortfall.make_up", batch.id, { after: { grams: String(grams), note } });
  const after = await missingOf(tx, batch);
  for (const userId of (await heldOf(tx, { batchId: batch.id, ownerId: batch.ownerId })).keys())
    await emit(tx, shortfallMadeUp, {
      userId,
      batchId: batch.id,
      number: String(number),
      transferId: id,
      grams: String(grams),
      left: String(after),
      at: tx.at.toISOString(),
    });
  return { left: after };
};

/** What nothing has made up for, without what the owner's listings may still give back. */
const missingOf = async (
  tx: Tx,
  { id, ownerId }: { id: Id<"batch">; ownerId: Id<"user"> },
): Promise<Grams> => {
  const short = (await revocationsOf(tx, [id])).get(id)?.shortfall ?? 0n;
  return missingAmong(short, await listedOf(tx, id, ownerId));
};
