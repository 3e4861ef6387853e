import type { Db } from "@evx/db";
import { type Currency, type Id, isCurrency, textFromMinor } from "@evx/kernel";
import { type ListingRow, listingRows } from "@evx/listings";
import { unseenIn } from "./hints.ts";
import type { Offering } from "./model/trade.ts";
import type { FairPriceView } from "./schema.ts";
import { answerOf, minorOf, type Serving, servedModel } from "./serving.ts";
import { sizeOf } from "./sizes.ts";

/** Listings of several kinds of credits state no traits. */
const offeringOf = (row: ListingRow): Offering => ({
  country: row.mixed ? null : row.country_code,
  method: row.mixed ? null : row.method_code,
  vintage: row.mixed ? null : row.vintage_year,
  size: sizeOf(row.remaining_g),
  auction: false,
});

const judge = (serving: Serving, row: ListingRow, currency: Currency): FairPriceView | null => {
  const offering = offeringOf(row);
  const answer = answerOf(serving, offering, unseenIn(serving.stored, offering).length === 0);
  if (!answer?.interval) return null;
  const { low, high } = answer.interval;
  const price = row.price_minor;
  const suggested = minorOf(answer.log);
  return {
    listingId: row.id,
    verdict: price < low ? "below" : price > high ? "above" : "fair",
    share: Number(price) / Number(suggested) - 1,
    suggested: textFromMinor(suggested, currency),
    low: textFromMinor(low, currency),
    high: textFromMinor(high, currency),
    currency,
    trades: serving.run.trades,
    measuredCoverage: serving.metrics.coverage ?? null,
    trainedAt: serving.run.ended_at,
  };
};

/**
 * How listings' fixed prices compare with what past sales suggest. Left out is what nothing can be said of honestly: without
 * an interval, of credits that no sale had, while prices have not settled, and auctions, whose price is to be found.
 */
export const fairPrices = async (
  db: Db,
  { listingIds, now }: { listingIds: readonly Id<"listing">[]; now: Date },
): Promise<FairPriceView[]> => {
  const rows = (await listingRows(db, listingIds)).filter(
    ({ kind, remaining_g }) => kind === "fixed" && remaining_g > 0n,
  );
  const found: FairPriceView[] = [];
  for (const [currency, ofCurrency] of Map.groupBy(rows, (row) => row.currency)) {
    if (!isCurrency(currency)) continue;
    const { serving } = await servedModel(db, { currency, now });
    if (serving) found.push(...ofCurrency.flatMap((row) => judge(serving, row, currency) ?? []));
  }
  return found;
};
