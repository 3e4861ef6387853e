import type { Db } from "@evx/db";
import type { Grams } from "@evx/kernel";
import { wantedRow } from "./queries/auctions.ts";
import { supplyRow } from "./queries/listings.ts";
import { demandRow } from "./queries/orders.ts";

export type Depth = { supply: Grams; demand: Grams; listings: number; orders: number; auctions: number };

/**
 * What can be bought or bid on now, and what buyers are after: in orders that wait for payment and in running
 * auctions with a bid.
 */
export const marketDepth = async (db: Db): Promise<Depth> => {
  const [supply, ordered, wanted] = await Promise.all([supplyRow(db), demandRow(db), wantedRow(db)]);
  return {
    supply: BigInt(supply.grams ?? 0),
    demand: BigInt(ordered.grams ?? 0) + BigInt(wanted.grams ?? 0),
    listings: Number(supply.listings),
    orders: Number(ordered.orders),
    auctions: Number(wanted.auctions),
  };
};
