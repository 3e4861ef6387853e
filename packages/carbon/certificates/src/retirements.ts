import { type RetirementInput, retire, retirementById, serialsOfTransfer } from "@evx/credits";
import type { Tx } from "@evx/db";
import { assert, type Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { issueCertificate } from "./certificates.ts";
import type { CertificatePorts } from "./ports.ts";
import type { CertificateRow } from "./queries/certificates.ts";

/** The certificate of a retirement; always the same one. */
export const certifyRetirement = async (
  tx: Tx,
  ports: CertificatePorts,
  retirementId: Id<"retirement">,
): Promise<CertificateRow> => {
  const retirement = await retirementById(tx, retirementId);
  assert(retirement, `retirement ${retirementId} exists`);
  return issueCertificate(tx, ports, {
    kind: "retirement",
    subjectId: retirement.id,
    holderId: retirement.holderId,
    lots: await serialsOfTransfer(tx, retirement.transferId),
    retirement: {
      beneficiary: retirement.beneficiaryName,
      country: retirement.beneficiaryCountry,
      ...(retirement.beneficiaryLei === null ? {} : { lei: retirement.beneficiaryLei }),
      reason: retirement.reason,
      message: retirement.message,
      periodFrom: retirement.periodFrom,
      periodTo: retirement.periodTo,
      retiredAt: retirement.retiredAt.toISOString(),
    },
  });
};

/** Retires credits and certifies it, in one transaction. The same id and content again answers the same certificate. */
export const retireCredits = async (
  tx: Tx,
  ports: CertificatePorts,
  holder: Pick<Actor, "id">,
  input: RetirementInput,
): Promise<CertificateRow> => {
  const { retirement } = await retire(tx, holder, input);
  return certifyRetirement(tx, ports, retirement.id);
};
