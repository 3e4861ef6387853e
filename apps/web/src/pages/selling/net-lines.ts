import type { Answer, api } from "../../lib/api.ts";

export type NetAnswer = Answer<typeof api.marketplace.listings.netInHand>;

/** What to ask the server once both fields are filled; null while one is empty. */
export const netInput = (
  credits: string,
  price: string,
): { creditsAmount: string; pricePerCredit: string } | null =>
  credits && price ? { creditsAmount: credits, pricePerCredit: price } : null;

/** From what the buyer pays to what the seller gets; a fee is taken off and says its share of the total. */
export const netLines = (net: NetAnswer) =>
  [
    { name: "total", amount: net.total, fee: null },
    { name: "platform", amount: net.platformFee, fee: net.platformFeePercent / 100 },
    { name: "cva", amount: net.cvaFee, fee: net.cvaFeePercent / 100 },
    { name: "net", amount: net.net, fee: null },
  ] as const;
