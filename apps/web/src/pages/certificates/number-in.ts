import { isCertificateNumber, readCertificateNumber } from "@evx/proof";

/** The certificate's number that a QR code holds, bare or at the end of a link of ours; null for anything else. */
export const numberIn = (text: string): string | null => {
  const bare = /^https?:\/\//i.test(text.trim()) ? (/\/c\/([^/?#]+)/i.exec(text)?.[1] ?? "") : text;
  const number = readCertificateNumber(bare);
  return isCertificateNumber(number) ? number : null;
};
