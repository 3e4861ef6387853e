import type { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { countFacts } from "./counting.ts";
import { type Metric, venue } from "./policy.ts";

type World = Pick<Awaited<ReturnType<typeof testDatabase>>, "transact">;

/** Counts something for a person, a vehicle or the venue as a row of the truth would, without the row. */
export const counted = (
  t: World,
  subject: string,
  at: string,
  amounts: Partial<Record<Metric, bigint>>,
  source: string = newId("event"),
): Promise<number> =>
  t.transact((tx) =>
    countFacts(tx, [
      {
        id: source,
        source,
        at: new Date(at),
        entries: Object.entries(amounts).map(([metric, amount]) => ({
          subject,
          metric: metric as Metric,
          amount,
        })),
      },
    ]),
  );

/** A sale of both sides and of the venue: 0.1 credits for 10.00, of which 9.65 are the seller's. */
export const aSale = async (t: World, sellerId: string, buyerId: string, at: string): Promise<void> => {
  const money = { gross_minor: 1_000n, platform_fee_minor: 25n, cva_fee_minor: 10n, net_minor: 965n };
  for (const subject of [sellerId, venue])
    await counted(t, subject, at, { sold_g: 100_000n, sales: 1n, ...money });
  await counted(t, buyerId, at, { bought_g: 100_000n, purchases: 1n, spent_minor: 1_000n });
};
