import type { Db } from "@evx/db";
import type { Grams } from "@evx/kernel";
import { supplyRow } from "./queries/listings.ts";
import { demandRow } from "./queries/orders.ts";

export type Depth = { supply: Grams; demand: Grams; listings: number; orders: number };

/** What is for sale now, and what buyers have reserved and not yet paid for. */
export const marketDepth = async (db: Db): Promise<Depth> => {
  const [supply, demand] = await Promise.all([supplyRow(db), demandRow(db)]);
  return {
    supply: BigInt(supply.grams ?? 0),
    demand: BigInt(demand.grams ?? 0),
    listings: Number(supply.listings),
    orders: Number(demand.orders),
  };
};
