import { saleParties } from "@evx/credits";
import type { JobContext } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { passedAfter } from "@evx/ledger";
import type { CertificatePorts } from "./ports.ts";
import { certifyGift, certifyPurchase } from "./purchases.ts";
import { certifiedUntil, moveCertifiedUntil, numberRows, type PassedKind } from "./queries/certificates.ts";

/** Sales younger than this are left to their event, and their transactions have time to end. */
const grace_ms = 15 * 60_000;

/** Sales read at once, and how often in one round: ten thousand sales, and the next round goes on. */
const [pageSize, mostPages] = [500, 20];

/**
 * Makes the certificates of purchases, or of gifts, that an event missed: walks the ledger's transfers from where the
 * last round came to. One that cannot be certified stops the mark before it and fails the round, once the others on its page have
 * theirs; so it is tried again and cannot be forgotten. Answers how many certificates were missing.
 */
export const certifyMissed = async (
  job: JobContext,
  ports: CertificatePorts,
  kind: PassedKind,
): Promise<number> => {
  const until = new Date(job.clock.now().getTime() - grace_ms);
  let missed = 0;
  let mark = (await certifiedUntil(job.db, kind)) ?? null;
  for (let page = 0; page < mostPages; page++) {
    const sales = await passedAfter(job.db, kind === "purchase" ? "sale" : "transfer", {
      after: mark,
      until,
      limit: pageSize,
    });
    const ids = sales.map(({ id }) => id);
    const known = new Set(
      (ids.length > 0 ? await numberRows(job.db, kind, ids) : []).map(({ subject_id }) => subject_id),
    );
    const missing = await saleParties(
      job.db,
      sales.filter(({ id }) => !known.has(id)),
    );
    const failures = new Map<Id<"transfer">, unknown>();
    for (const { transferId, buyerId, orderId } of missing) {
      try {
        await job.transact((tx) =>
          kind === "purchase"
            ? certifyPurchase(tx, ports, { transferId, buyerId, orderId })
            : certifyGift(tx, ports, { transferId, toId: buyerId }),
        );
        missed++;
      } catch (error) {
        job.log.error({ error, transferId }, `a ${kind} cannot be certified`);
        failures.set(transferId, error);
      }
    }
    const firstFailed = sales.findIndex(({ id }) => failures.has(id));
    const last = firstFailed < 0 ? sales.at(-1) : sales[firstFailed - 1];
    if (last) {
      const reached = { at: last.at, id: last.id };
      await job.transact((tx) => moveCertifiedUntil(tx, kind, reached));
      mark = reached;
    }
    if (failures.size > 0) throw new AggregateError(failures.values(), "Transfers without a certificate");
    if (sales.length < pageSize) break;
  }
  return missed;
};
