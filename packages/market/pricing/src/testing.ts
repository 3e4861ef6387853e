import type { TestDatabase } from "@evx/db/testing";
import { day_ms, type Id, newId } from "@evx/kernel";
import { type Simulation, simulateSales } from "../bench/model/simulate.ts";
import type { PricingPorts } from "./ports.ts";
import { insertTrades, type TradeRow } from "./queries/trades.ts";
import { train } from "./training.ts";

/** Nobody wants anything. */
export const noBids: PricingPorts = { bestBid: () => Promise.resolve(null) };

/** Rows of a simulated market whose first day begins at `begin`; nobody knows who is who. */
export const simulatedRows = (
  simulation: Simulation,
  { begin, factor = 1 }: { begin: number; factor?: number },
): TradeRow[] => {
  const people = new Map<string, TradeRow["buyer_id"]>();
  const person = (name: string) => {
    const known = people.get(name) ?? newId("user");
    people.set(name, known);
    return known;
  };
  return simulateSales(simulation).map((sale) => ({
    order_id: newId("order"),
    grams: BigInt(Math.max(1, Math.round(Math.exp(sale.size) * 1_000_000))),
    price_minor: BigInt(Math.max(1, Math.round(Math.exp(sale.log) * factor))),
    currency: "USD",
    vintage: sale.vintage,
    country: sale.country,
    method: sale.method,
    listing_type: sale.auction ? "auction" : "fixed",
    buyer_id: person(sale.buyer),
    seller_id: person(sale.seller),
    at: new Date(begin + Math.round((sale.day - 20_000) * day_ms)),
  }));
};

const AT_ONCE = 5_000;

/** Puts a simulated market into a database, its last sale an hour ago, and trains on it as the worker does. */
export const trainedMarket = async (t: TestDatabase, simulation: Simulation) => {
  const rows = simulatedRows(simulation, { begin: 0 });
  const later = Date.now() - 3_600_000 - (rows.at(-1)?.at.getTime() ?? 0);
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows
      .slice(from, from + AT_ONCE)
      .map((row) => ({ ...row, at: new Date(row.at.getTime() + later) }));
    await t.transact((tx) => insertTrades(tx, some));
  }
  t.clock.set(new Date().toISOString());
  return train(t, "USD");
};

type SaleInput = {
  buyer?: Id<"user">;
  seller?: Id<"user">;
  price?: string;
  grams?: string;
  at: string;
  country?: string;
  vintage?: number;
};

/** A completed sale as the marketplace tells of it. */
export const aCompletedSale = ({
  buyer = newId("user"),
  seller = newId("user"),
  price = "1500",
  grams = "100000",
  at,
  country = "VN",
  vintage = 2026,
}: SaleInput) => ({
  orderId: newId("order"),
  kind: "purchase" as const,
  listingId: newId("listing"),
  buyerId: buyer,
  sellerId: seller,
  grams,
  pricePerCreditMinor: price,
  totalMinor: "150",
  currency: "USD",
  paymentId: newId("payment"),
  transferId: newId("transfer"),
  platformFeeMinor: "4",
  cvaFeeMinor: "2",
  netMinor: "144",
  vintage,
  country,
  method: "flat-v1",
  at,
});
