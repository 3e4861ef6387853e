import type { Db, Tx } from "@evx/db";
import { type Currency, type Id, newId } from "@evx/kernel";
import { cash, clearing, wallet } from "./accounts.ts";
import { auditBooks } from "./audit.ts";
import { issue, post } from "./post.ts";

/** Fails with a line for each invariant that does not hold. Ends every test that writes to the book. */
export const expectBooksBalance = async (db: Db): Promise<void> => {
  const found = await auditBooks(db);
  if (found.length > 0) {
    throw new Error(
      `The books do not balance:\n${found.map(({ rule, subject, detail }) => `- ${rule}: ${subject}, ${detail}`).join("\n")}`,
    );
  }
};

/** Gives a person grams of a new batch, without a request or a review. */
export const givenGrams = async (
  tx: Tx,
  userId: Id<"user">,
  grams: bigint,
  batchId: Id<"batch"> = newId("batch"),
): Promise<Id<"batch">> => {
  await issue(tx, { id: newId("transfer"), batchId, legs: [{ account: wallet(userId), grams }] });
  return batchId;
};

/** Gives a person money, as if a gateway had paid it in. */
export const givenCash = async (
  tx: Tx,
  userId: Id<"user">,
  currency: Currency,
  amount: bigint,
): Promise<void> => {
  await post(tx, {
    id: newId("transfer"),
    kind: "correction",
    legs: [
      { account: clearing(currency, "stripe"), amount: -amount },
      { account: cash(currency, userId), amount },
    ],
  });
};
