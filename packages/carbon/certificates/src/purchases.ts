import { serialsOfTransfer } from "@evx/credits";
import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { wallet } from "@evx/ledger";
import { issueCertificate } from "./certificates.ts";
import type { CertificatePorts } from "./ports.ts";
import type { CertificateRow } from "./queries/certificates.ts";

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
