import { displayNames, initialsOf, userById } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Grams, type Id, isId, namedId, Refusal } from "@evx/kernel";
import { holdingsOf, type Json, post, transferById, wallet } from "@evx/ledger";
import { type SerialRun, serialsOfTransfer } from "./batches.ts";
import { refuse } from "./errors.ts";
import { creditsTransferred } from "./events.ts";
import { refuseRevoked } from "./revoked.ts";

export type WalletView = { userId: Id<"user">; balance: Grams; reserved: Grams; retired: Grams };

/** What a person has: free in the wallet, reserved in listings, retired for good. In grams. */
export const walletOf = async (db: Db, userId: Id<"user">): Promise<WalletView> => {
  const holdings = await holdingsOf(db, userId, "gCO2e");
  const free = holdings.get("wallet") ?? { balance: 0n, held: 0n };
  return {
    userId,
    balance: free.balance - free.held,
    reserved: (holdings.get("listing")?.balance ?? 0n) + free.held,
    retired: holdings.get("retired")?.balance ?? 0n,
  };
};

/** Says a short wallet in credits' own words; anything else goes on as it is. */
export const inCredits = async <T>(posting: Promise<T>): Promise<T> => {
  try {
    return await posting;
  } catch (error) {
    if (error instanceof Refusal && error.code === "balance_insufficient") {
      const { available, missing } = error.details;
      throw refuse(
        "credits_insufficient",
        { available: available ?? "", missing: missing ?? "" },
        { cause: error },
      );
    }
    throw error;
  }
};

/**
 * The initials behind a wallet number: enough to know a mistaken number by, too little to learn a name from one.
 * Wallet numbers stand in public, on listings. Refuses `credits_receiver_unknown`.
 */
export const receiverOf = async (
  db: Db,
  userId: Id<"user">,
): Promise<{ userId: Id<"user">; name: string }> => {
  const name = (await displayNames(db, [userId])).get(userId);
  if (name === undefined) throw refuse("credits_receiver_unknown");
  return { userId, name: initialsOf(name) };
};

/**
 * The transfer that a person means by a name of their own. Never the name itself: the venue names its transfers
 * after orders and listings, and nobody may take one of those names first.
 */
export const transferNamed = (userId: Id<"user">, name: string): Promise<Id<"transfer">> =>
  namedId("transfer", `transfer:${userId}:${name}`);

export type TransferInput = {
  readonly id: Id<"transfer">;
  readonly toUserId: Id<"user">;
  readonly amount: Grams;
  readonly note?: string | null | undefined;
};

export type TransferView = {
  id: Id<"transfer">;
  fromUserId: Id<"user">;
  toUserId: Id<"user">;
  toName: string;
  amount: Grams;
  serials: string[];
  note: string | null;
  createdAt: Date;
};

/**
 * Gives credits to another person. The same id and content again answers the same transfer and moves nothing.
 * Refuses `credits_to_self`, `credits_receiver_unknown`, `credits_receiver_suspended`, `credits_insufficient`,
 * `transfer_id_reused`, `credits_revoked`.
 */
export const transferCredits = async (
  tx: Tx,
  actor: { readonly id: Id<"user"> },
  { id, toUserId, amount, note }: TransferInput,
): Promise<TransferView> => {
  if (toUserId === actor.id) throw refuse("credits_to_self");
  const receiver = await userById(tx, toUserId);
  if (!receiver) throw refuse("credits_receiver_unknown");
  if (receiver.suspendedAt) throw refuse("credits_receiver_suspended");
  const { replayed } = await inCredits(
    post(tx, {
      id,
      kind: "transfer",
      legs: [
        { account: wallet(actor.id), amount: -amount },
        { account: wallet(toUserId), amount },
      ],
      memo: { fromId: actor.id, toId: toUserId, ...(note ? { note } : {}) },
    }),
  );
  if (!replayed) {
    await refuseRevoked(tx, id, { bought: "refused" });
    await emit(tx, creditsTransferred, {
      transferId: id,
      fromId: actor.id,
      toId: toUserId,
      grams: String(amount),
      at: tx.at.toISOString(),
    });
    await audit(tx, actor, "credits.transfer", id, { after: { toUserId, grams: String(amount) } });
  }
  const [serials, transfer] = [await serialsOfTransfer(tx, id), await transferById(tx, id)];
  return {
    id,
    fromUserId: actor.id,
    toUserId,
    toName: initialsOf(receiver.fullName),
    amount,
    serials: serialTexts(serials),
    note: note || null,
    createdAt: transfer?.at ?? tx.at,
  };
};

export const serialTexts = (runs: readonly SerialRun[]): string[] => runs.map((run) => run.serial);

/** A text within a transfer's memo, or null. */
export const memoText = (memo: Json, name: string): string | null => {
  if (typeof memo !== "object" || memo === null || Array.isArray(memo)) return null;
  const value = (memo as Record<string, Json>)[name];
  return typeof value === "string" ? value : null;
};

/** A person's id within a transfer's memo, or null. */
export const memoUser = (memo: Json, name: string): Id<"user"> | null => {
  const text = memoText(memo, name);
  return text && isId("user", text) ? text : null;
};
