import type { Tx } from "@evx/db";
import { addPersonal, addPlatform } from "./queries/reports.ts";

export type Sale = {
  sellerId: string;
  buyerId: string;
  /** Of the sale, in UTC: "2026-03". */
  month: string;
  grams: bigint;
  gross_minor: bigint;
  platform_fee_minor: bigint;
  cva_fee_minor: bigint;
  net_minor: bigint;
};

/** Adds a sale to both people's sums and the venue's. People's rows come first and in one order, so that no two wait for each other. */
export const addSale = async (tx: Tx, { sellerId, buyerId, month, grams, ...money }: Sale): Promise<void> => {
  const seller = { sold_g: grams, sales: 1n, ...money };
  const buyer = { bought_g: grams, purchases: 1n, spent_minor: money.gross_minor };
  for (const [id, amounts] of [[sellerId, seller] as const, [buyerId, buyer] as const].sort())
    await addPersonal(tx, id, month, amounts);
  await addPlatform(tx, month, {
    traded_g: grams,
    trades: 1n,
    volume_minor: money.gross_minor,
    platform_fee_minor: money.platform_fee_minor,
    cva_fee_minor: money.cva_fee_minor,
  });
};

/** Adds the same to a person's sums and the venue's. */
export const addForBoth = async (
  tx: Tx,
  userId: string,
  month: string,
  amounts: { issued_g: bigint } | { retired_g: bigint },
): Promise<void> => {
  await addPersonal(tx, userId, month, amounts);
  await addPlatform(tx, month, amounts);
};
