import type { TestDatabase } from "@evx/db/testing";
import { type Currency, type Grams, newId } from "@evx/kernel";
import { noAuctions } from "@evx/listings/testing";
import { ordersJobs } from "@evx/orders/jobs";
import { aBuyer, noWinners } from "@evx/orders/testing";
import type { Actor } from "@evx/rpc";
import { wantedJobs } from "./jobs.ts";
import { placeWanted } from "./wanted.ts";

const USD: Currency = "USD";

/** What orders and wanted orders do behind. */
export const wantedMarketJobs = [...ordersJobs(noWinners), ...wantedJobs(noAuctions)];

/** A wanted order of a new buyer unless given, for one credit at $16.20 unless told otherwise. */
export const aWanted = async (
  world: Pick<TestDatabase, "db" | "clock" | "transact">,
  {
    buyer,
    ...input
  }: Partial<Parameters<typeof placeWanted>[2]> & { buyer?: Actor<"buyer">; creditsAmount?: Grams } = {},
) => {
  const who = buyer ?? (await aBuyer(world));
  const row = await world.transact((tx) =>
    placeWanted(tx, who, {
      id: newId("wanted"),
      creditsAmount: 1_000_000n,
      maxPrice: "16.20",
      currency: USD,
      holdDays: 0,
      ...input,
    }),
  );
  return { ...row, buyer: who };
};
