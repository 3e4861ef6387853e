import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { creditsFromGrams, type Grams, type Id, isId, newId } from "@evx/kernel";
import {
  type AccountId,
  accountsOfBatch,
  arrivalsOf,
  batchesOf,
  cancelledAccount,
  holdersOf,
  listingAccount,
  movesOf,
  post,
  takeOfBatch,
  wallet,
} from "@evx/ledger";
import { refuse } from "./errors.ts";
import { creditsCancelled, revokedHeld } from "./events.ts";
import { insertCancellation, revokedIds, revokedRows, shareRevoked } from "./queries/revocations.ts";

type RevokedPart = { batchId: Id<"batch">; grams: Grams; reason: string };

/** What an account holds of revoked batches. */
const revokedOn = async (db: Db, account: AccountId): Promise<RevokedPart[]> => {
  const parts = await batchesOf(db, account);
  if (parts.length === 0) return [];
  const rows = await revokedRows(
    db,
    parts.map(({ batchId }) => batchId),
  );
  const reasons = new Map(rows.map(({ batch_id, reason }) => [batch_id, reason]));
  return parts.flatMap(({ batchId, grams }) => {
    const reason = reasons.get(batchId);
    return reason === undefined ? [] : [{ batchId, grams, reason }];
  });
};

/** How many grams of a listing are of revoked batches. */
export const revokedGrams = async (db: Db, listingId: Id<"listing">): Promise<Grams> =>
  (await revokedOn(db, listingAccount(listingId))).reduce((sum, { grams }) => sum + grams, 0n);

/** The listings that hold grams of a batch. */
export const listingsHolding = async (db: Db, batchId: Id<"batch">): Promise<Id<"listing">[]> =>
  (await accountsOfBatch(db, batchId, "listing")).flatMap(({ account }) => {
    const id = account.split("/")[2] ?? "";
    return isId("listing", id) ? [id] : [];
  });

/** All revoked batches that still have grams in listings are among these: by id, so many after the given one. */
export const revokedAfter = (db: Db, after: string, limit: number): Promise<Id<"batch">[]> =>
  revokedIds(db, after, limit);

/**
 * Gives grams that leave a listing back to its seller, but those of revoked batches: these go out of circulation in the
 * same transaction, so that they are free at no moment. A batch's revocation waits for the transaction, or it for the
 * revocation. The caller holds the listing's lock; what orders hold stays.
 */
export const returnListed = async (
  tx: Tx,
  { listingId, sellerId, grams }: { listingId: Id<"listing">; sellerId: Id<"user">; grams: Grams },
): Promise<{ returned: Grams; cancelled: Grams }> => {
  const account = listingAccount(listingId);
  // By id, so that two who wait for revocations wait in one order.
  for (const { batchId } of (await batchesOf(tx, account)).toSorted((a, b) =>
    a.batchId < b.batchId ? -1 : 1,
  ))
    await shareRevoked(tx, batchId);
  let left = grams;
  for (const part of await revokedOn(tx, account)) {
    if (left === 0n) break;
    left -= await cancelListed(tx, { listingId, sellerId, part, atMost: left });
  }
  if (left > 0n)
    await post(tx, {
      id: newId("transfer"),
      kind: "unlist",
      legs: [
        { account, amount: -left },
        { account: wallet(sellerId), amount: left },
      ],
      memo: { listingId },
    });
  return { returned: left, cancelled: grams - left };
};

const cancelListed = async (
  tx: Tx,
  input: { listingId: Id<"listing">; sellerId: Id<"user">; part: RevokedPart; atMost: Grams },
): Promise<Grams> => {
  const { part, sellerId } = input;
  const transferId = newId("transfer");
  const grams = await takeOfBatch(tx, {
    id: transferId,
    kind: "cancel",
    batchId: part.batchId,
    from: listingAccount(input.listingId),
    to: cancelledAccount(),
    atMost: input.atMost,
    memo: { batchId: part.batchId, listingId: input.listingId, note: part.reason },
  });
  if (grams === 0n) return 0n;
  await insertCancellation(tx, {
    transfer_id: transferId,
    batch_id: part.batchId,
    holder_id: sellerId,
    grams_g: grams,
    reason: part.reason,
    cancelled_at: tx.at,
  });
  await emit(tx, creditsCancelled, {
    transferId,
    batchId: part.batchId,
    holderId: sellerId,
    grams: String(grams),
    reason: part.reason,
    at: tx.at.toISOString(),
  });
  return grams;
};

/**
 * Refuses `credits_revoked` when a transfer has moved grams of a revoked batch; the caller's transaction is then lost.
 * After the posting, whose locks a revocation waits for: one that came first has committed and is seen here.
 * `bought` lets pass what the giver had bought on the market in good faith.
 */
export const refuseRevoked = async (
  tx: Tx,
  transferId: Id<"transfer">,
  { bought }: { bought: "refused" | "allowed" },
): Promise<void> => {
  const moves = await movesOf(tx, transferId);
  const ids = [...new Set(moves.map(({ batchId }) => batchId))];
  const revoked = new Set(ids.length > 0 ? (await revokedRows(tx, ids)).map(({ batch_id }) => batch_id) : []);
  if (revoked.size === 0) return;
  const arrivals = bought === "allowed" ? await arrivalsOf(tx, transferId) : [];
  const tainted = ids.filter(
    (id) =>
      revoked.has(id) &&
      (bought === "refused" || arrivals.some(({ batch_id, kind }) => batch_id === id && kind !== "sale")),
  );
  if (tainted.length === 0) return;
  const grams = moves
    .filter(({ batchId }) => tainted.includes(batchId))
    .reduce((sum, { first_g, last_g }) => sum + last_g - first_g + 1n, 0n);
  throw refuse("credits_revoked", { credits: creditsFromGrams(grams) });
};

/** Who but its first owner has grams of a batch in the wallet, or has retired some, and how many. */
export const heldOf = async (
  db: Db,
  { batchId, ownerId }: { batchId: Id<"batch">; ownerId: Id<"user"> },
): Promise<Map<Id<"user">, Grams>> => {
  const held = new Map<Id<"user">, Grams>();
  for (const kind of ["wallet", "retired"] as const)
    for (const { holder, grams } of await accountsOfBatch(db, batchId, kind))
      if (holder && holder !== ownerId) held.set(holder, (held.get(holder) ?? 0n) + grams);
  return held;
};

/** Tells everybody but its first owner who has grams of a revoked batch. */
export const tellHolders = async (
  tx: Tx,
  batch: { batchId: Id<"batch">; ownerId: Id<"user"> },
): Promise<void> => {
  const { batchId } = batch;
  for (const [userId, grams] of await heldOf(tx, batch))
    await emit(tx, revokedHeld, { userId, batchId, grams: String(grams), at: tx.at.toISOString() });
};

/** Tells the buyer of a sale how many of its grams are of revoked batches, where there are any. */
export const tellBuyer = async (tx: Tx, transferId: Id<"transfer">): Promise<void> => {
  const moves = await movesOf(tx, transferId);
  const ids = [...new Set(moves.map(({ batchId }) => batchId))];
  if (ids.length === 0) return;
  for (const { batch_id: batchId } of await revokedRows(tx, ids)) {
    const theirs = moves.filter((move) => move.batchId === batchId);
    const holders = await holdersOf(
      tx,
      theirs.map(({ to }) => to),
    );
    const grams = theirs.reduce((sum, { first_g, last_g }) => sum + last_g - first_g + 1n, 0n);
    for (const userId of new Set(holders.values()))
      await emit(tx, revokedHeld, { userId, batchId, grams: String(grams), at: tx.at.toISOString() });
  }
};
