import { retirementsOfSales, saleParties, serialsOfTransfer } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import type { Walk } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { giftsAfter, salesAfter, wallet } from "@evx/ledger";
import { issueCertificate } from "./certificates.ts";
import type { CertificatePorts } from "./ports.ts";
import {
  type CertificateRow,
  certifiedUntil,
  moveCertifiedUntil,
  numberRows,
} from "./queries/certificates.ts";
import { certifyRetirement } from "./retirements.ts";

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

/** The certificate of what somebody was given, for whoever received it; always the same one. */
export const certifyGift = async (
  tx: Tx,
  ports: CertificatePorts,
  { transferId, toId }: { transferId: Id<"transfer">; toId: Id<"user"> },
): Promise<CertificateRow> =>
  issueCertificate(tx, ports, {
    kind: "transfer",
    subjectId: transferId,
    holderId: toId,
    lots: await serialsOfTransfer(tx, transferId, wallet(toId)),
  });

type SaleRow = Awaited<ReturnType<typeof salesAfter>>[number];

/** The certificates that the buyers of these sales should have and have not: of the purchase, or of its retirement. */
const missedOf = async (db: Db, ports: CertificatePorts, sales: readonly SaleRow[]) => {
  const ids = sales.map(({ id }) => id);
  const bought = await saleParties(db, sales);
  const retired = await retirementsOfSales(db, ids);
  const certified = new Set(
    [
      ...(await numberRows(db, "purchase", ids)),
      ...(await numberRows(
        db,
        "retirement",
        retired.map(({ id }) => id),
      )),
    ].map(({ subject_id }) => subject_id),
  );
  return [
    ...bought
      .filter(({ transferId }) => !certified.has(transferId))
      .map((sale) => ({ id: sale.transferId, heal: (tx: Tx) => certifyPurchase(tx, ports, sale) })),
    ...retired
      .filter(({ id }) => !certified.has(id))
      .map(({ id, transferId }) => ({
        id: transferId,
        heal: (tx: Tx) => certifyRetirement(tx, ports, id),
      })),
  ];
};

/**
 * The certificates that an event missed: walks the ledger's sales. Grams that a sale retires at once are certified as a
 * retirement; a retirement by itself has its certificate in its own transaction.
 */
export const missedCertificates = (ports: CertificatePorts): Walk<SaleRow> => ({
  name: "verification.certify_missed",
  from: async (db) => (await certifiedUntil(db, "purchase")) ?? null,
  read: salesAfter,
  missed: (db, sales) => missedOf(db, ports, sales),
  reach: (tx, reached) => moveCertifiedUntil(tx, "purchase", reached),
});

/** The certificates of gifts that an event missed, and of those that were made before gifts had any. */
export const missedGifts = (ports: CertificatePorts): Walk<SaleRow> => ({
  name: "verification.certify_missed_gifts",
  from: async (db) => (await certifiedUntil(db, "transfer")) ?? null,
  read: giftsAfter,
  missed: async (db, gifts) => {
    const ids = gifts.map(({ id }) => id);
    const certified = new Set((await numberRows(db, "transfer", ids)).map(({ subject_id }) => subject_id));
    return (await saleParties(db, gifts))
      .filter(({ transferId }) => !certified.has(transferId))
      .map(({ transferId, buyerId }) => ({
        id: transferId,
        heal: (tx: Tx) => certifyGift(tx, ports, { transferId, toId: buyerId }),
      }));
  },
  reach: (tx, reached) => moveCertifiedUntil(tx, "transfer", reached),
});
