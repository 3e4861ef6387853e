import { saleParties, serialsOfTransfer } from "@evx/credits";
import type { Tx } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { salesAfter, wallet } from "@evx/ledger";
import { issueCertificate } from "./certificates.ts";
import type { CertificatePorts } from "./ports.ts";
import {
  type CertificateRow,
  certifiedUntil,
  moveCertifiedUntil,
  numberRows,
} from "./queries/certificates.ts";

/** A sale as the ledger posted it. */
export type Sale = { transferId: Id<"transfer">; buyerId: Id<"user">; orderId: Id<"order"> | null };

/** The buyer's certificate of exactly the serial numbers that a sale brought; always the same one. */
export const certifyPurchase = async (
  tx: Tx,
  ports: CertificatePorts,
  { transferId, buyerId, orderId }: Sale,
): Promise<CertificateRow> =>
  issueCertificate(tx, ports, {
    kind: "purchase",
    subjectId: transferId,
    holderId: buyerId,
    orderId,
    lots: await serialsOfTransfer(tx, transferId, wallet(buyerId)),
  });

/** Sales younger than this are left to their event, and their transactions have time to end. */
const grace_ms = 15 * 60_000;

/** Sales read at once, and how often in one round: ten thousand sales, and the next round goes on. */
const [pageSize, mostPages] = [500, 20];

/**
 * Makes the certificates of purchase that an event missed: walks the ledger's sales from where the last round came to.
 * A sale that cannot be certified stops the mark before it and fails the round, once the others on its page have
 * theirs; so it is tried again and cannot be forgotten. Answers how many certificates were missing.
 */
export const certifyMissedPurchases = async (job: JobContext, ports: CertificatePorts): Promise<number> => {
  const until = new Date(job.clock.now().getTime() - grace_ms);
  let missed = 0;
  let mark = (await certifiedUntil(job.db)) ?? null;
  for (let page = 0; page < mostPages; page++) {
    const sales = await salesAfter(job.db, { after: mark, until, limit: pageSize });
    const ids = sales.map(({ id }) => id);
    const known = new Set(
      (ids.length > 0 ? await numberRows(job.db, "purchase", ids) : []).map(({ subject_id }) => subject_id),
    );
    const missing = await saleParties(
      job.db,
      sales.filter(({ id }) => !known.has(id)),
    );
    const failures = new Map<Id<"transfer">, unknown>();
    for (const { transferId, buyerId, orderId } of missing) {
      try {
        await job.transact((tx) => certifyPurchase(tx, ports, { transferId, buyerId, orderId }));
        missed++;
      } catch (error) {
        job.log.error({ error, transferId }, "a purchase cannot be certified");
        failures.set(transferId, error);
      }
    }
    const firstFailed = sales.findIndex(({ id }) => failures.has(id));
    const last = firstFailed < 0 ? sales.at(-1) : sales[firstFailed - 1];
    if (last) {
      const reached = { at: last.at, id: last.id };
      await job.transact((tx) => moveCertifiedUntil(tx, reached));
      mark = reached;
    }
    if (failures.size > 0) throw new AggregateError(failures.values(), "Purchases without a certificate");
    if (sales.length < pageSize) break;
  }
  return missed;
};
