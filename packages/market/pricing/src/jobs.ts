import type { Tx } from "@evx/db";
import { defineJob, enqueue, every, type Handler, handle, type JobContext, on } from "@evx/jobs";
import { type Currency, day_ms, isCurrency } from "@evx/kernel";
import { orderCompleted, selfDealingCleared, selfDealingFound } from "@evx/orders/events";
import * as v from "valibot";
import { noteAgain, noteMissedSales, noteSale } from "./trades.ts";
import { currenciesToTrain, train } from "./training.ts";

/** Orders complete within days of being placed; what is older and missing, `rebuildTrades` finds. */
const MISSED_WITHIN_MS = 30 * day_ms;

/** Learns anew from the sales in one currency. */
const trainModel = defineJob(
  "pricing.train",
  v.object({ currency: v.pipe(v.string(), v.check(isCurrency)) }),
);

/** Sees to it that a training follows: whatever is noted before it begins is learnt from. */
const askForTraining = async (tx: Tx, currency: string): Promise<void> => {
  if (isCurrency(currency)) await enqueue(tx, trainModel, { currency });
};

const trainOnce = async (job: JobContext, currency: Currency): Promise<void> => {
  const trained = await train(job, currency);
  if (trained.run === "later")
    await job.transact((tx) => enqueue(tx, trainModel, { currency }, { runAt: trained.at }));
  if (trained.run === "kept_back")
    job.log.warn({ currency, ...trained }, "a new price model was worse, and the one before goes on");
};

/** Notes each completed sale: what all hints and trends are made of. */
export const pricingJobs: readonly Handler[] = [
  on(
    orderCompleted,
    "pricing.note_sale",
    (job, sale) =>
      job.transact(async (tx) => {
        await noteSale(tx, sale);
        await askForTraining(tx, sale.currency);
      }),
    { turn: "last" },
  ),
  // What one person sells to themselves says nothing about prices.
  on(selfDealingFound, "pricing.drop_own_sale", (job, { orderId }) =>
    job.transact((tx) => noteAgain(tx, orderId)),
  ),
  on(selfDealingCleared, "pricing.note_cleared_sale", (job, { orderId }) =>
    job.transact((tx) => noteAgain(tx, orderId)),
  ),
  handle(
    trainModel,
    (job, { currency }) => (isCurrency(currency) ? trainOnce(job, currency) : Promise.resolve()),
    { concurrency: 1, long: true },
  ),
  // A new day, on which sales begin to count, another rule, or a training that was never asked for.
  every("pricing.train_due", "*/5 * * * *", async (job) => {
    for (const currency of await currenciesToTrain(job.db))
      await job.transact((tx) => enqueue(tx, trainModel, { currency }));
  }),
  // What a lost or failed event left out.
  every("pricing.sweep", "37 * * * *", async (job) => {
    const noted = await noteMissedSales(job, new Date(job.clock.now().getTime() - MISSED_WITHIN_MS));
    if (noted > 0) job.log.warn({ noted }, "sales were noted whose event had been missed");
  }),
];
