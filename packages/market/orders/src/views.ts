import { textFromMinor } from "@evx/kernel";
import { currencyOf } from "@evx/listings";
import * as v from "valibot";
import type { OrderRow, OrderWithFacts } from "./queries/orders.ts";
import type { SweepRow } from "./queries/sweeps.ts";
import { averageOf } from "./quotes.ts";

export const orderView = (row: OrderWithFacts) => {
  const currency = currencyOf(row);
  return {
    id: row.id,
    kind: row.kind as OrderRow["kind"] | "sweep",
    listingId: row.listing_id,
    buyerId: row.buyer_id,
    sellerId: row.seller_id,
    paymentId: row.payment_id,
    creditsAmount: row.amount_g,
    pricePerCredit: textFromMinor(row.price_minor, currency),
    totalPrice: textFromMinor(row.total_minor, currency),
    platformFee: textFromMinor(row.platform_fee_minor, currency),
    cvaFee: textFromMinor(row.cva_fee_minor, currency),
    netToSeller: textFromMinor(row.net_minor, currency),
    currency: row.currency,
    status: row.status,
    vintage: row.vintage_year,
    country: row.country_code,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
    endedAt: row.ended_at,
    lines: [
      {
        listingId: row.listing_id,
        creditsAmount: row.amount_g,
        pricePerCredit: textFromMinor(row.price_minor, currency),
        total: textFromMinor(row.total_minor, currency),
      },
    ],
    retire: null as { beneficiaryName: string; beneficiaryCountry: string | null; reason: string } | null,
    /** What of the total goes or went back to the buyer's balance, because lines went away. */
    change: textFromMinor(0n, currency),
  };
};

const retirementIn = v.nullable(
  v.object({ beneficiaryName: v.string(), beneficiaryCountry: v.nullable(v.string()), reason: v.string() }),
);

/** An order over many listings, in the shape of any other; what is of one listing is its first line's. */
export const sweepView = (row: SweepRow, all: readonly OrderRow[]): ReturnType<typeof orderView> => {
  const currency = currencyOf(row);
  // Lines that were replaced or lost have ended before their order.
  const lines = all.filter((line) => line.status === row.status);
  const [first] = lines.length > 0 ? lines : all;
  if (!first) throw new Error(`${row.id} has lines`);
  const sum = (name: "platform_fee_minor" | "cva_fee_minor" | "net_minor" | "total_minor" | "amount_g") =>
    lines.reduce((total, line) => total + line[name], 0n);
  const retire = v.parse(retirementIn, row.retirement);
  return {
    id: row.id,
    kind: "sweep",
    listingId: first.listing_id,
    buyerId: row.buyer_id,
    sellerId: first.seller_id,
    paymentId: row.payment_id,
    creditsAmount: sum("amount_g"),
    pricePerCredit: textFromMinor(averageOf(row.total_minor, row.amount_g), currency),
    totalPrice: textFromMinor(row.total_minor, currency),
    platformFee: textFromMinor(sum("platform_fee_minor"), currency),
    cvaFee: textFromMinor(sum("cva_fee_minor"), currency),
    netToSeller: textFromMinor(sum("net_minor"), currency),
    currency,
    status: row.status,
    vintage: row.vintage_from ?? 0,
    country: row.country_code ?? "",
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
    endedAt: row.ended_at,
    lines: lines.map((line) => ({
      listingId: line.listing_id,
      creditsAmount: line.amount_g,
      pricePerCredit: textFromMinor(line.price_minor, currency),
      total: textFromMinor(line.total_minor, currency),
    })),
    retire,
    change: textFromMinor(row.total_minor - sum("total_minor"), currency),
  };
};
