import { peopleById, publicNames } from "@evx/accounts";
import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { refuse } from "./errors.ts";
import { sellerRecord } from "./queries/sellers.ts";

/**
 * What anybody may know of a seller before buying: what they have sold, to how many, since when, and what was objected to.
 * They stand under the name that they chose to show. Refuses `seller_not_found` for whoever is no owner.
 */
export const sellerProfile = async (db: Db, id: Id<"user">) => {
  const person = (await peopleById(db, [id])).get(id);
  if (person?.role !== "ev_owner") throw refuse("seller_not_found");
  const record = await sellerRecord(db, id);
  return {
    id,
    name: (await publicNames(db, [id])).get(id) ?? "",
    sales: Number(record.sales),
    creditsSold: record.grams,
    buyers: Number(record.buyers),
    firstSaleAt: record.first_at,
    lastSaleAt: record.last_at,
    disputed: Number(record.disputed),
    refunded: Number(record.refunded),
  };
};
