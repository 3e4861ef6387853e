import type { Db } from "@evx/db";
import { type Id, isId } from "@evx/kernel";
import { holdersOf, type Json, kindOf, movesOfAll } from "@evx/ledger";
import { retirementsByTransfers } from "./queries/retirements.ts";
import { memoText } from "./wallets.ts";

/** Who got the credits of a sale, and the order that its memo names. */
export type SaleParties = { transferId: Id<"transfer">; buyerId: Id<"user">; orderId: Id<"order"> | null };

/** The retirements that sales made: their grams went straight out of circulation. */
export const retirementsOfSales = async (
  db: Db,
  sales: readonly Id<"transfer">[],
): Promise<{ id: Id<"retirement">; transferId: Id<"transfer"> }[]> =>
  (await retirementsByTransfers(db, sales)).map(({ id, transfer_id }) => ({ id, transferId: transfer_id }));

/** Reads of sales to whose wallet their grams went. Sales that moved no grams into a wallet are left out. */
export const saleParties = async (
  db: Db,
  sales: readonly { id: Id<"transfer">; memo: Json }[],
): Promise<SaleParties[]> => {
  const moves = await movesOfAll(
    db,
    sales.map(({ id }) => id),
  );
  const wallets = new Map(
    [...moves].map(([id, all]) => [id, all.map(({ to }) => to).find((to) => kindOf(to) === "wallet")]),
  );
  const holders = await holdersOf(
    db,
    [...wallets.values()].filter((account) => account !== undefined),
  );
  return sales.flatMap(({ id, memo }) => {
    const account = wallets.get(id);
    const buyerId = account && holders.get(account);
    const orderId = memoText(memo, "orderId");
    if (!buyerId) return [];
    return [{ transferId: id, buyerId, orderId: orderId && isId("order", orderId) ? orderId : null }];
  });
};
