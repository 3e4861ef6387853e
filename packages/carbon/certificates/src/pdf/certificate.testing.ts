/** What is printed in tests. */
import { newId } from "@evx/kernel";
import {
  type CertificateDocument,
  type CertificateFile,
  canonical,
  canonicalOf,
  certificateNumber,
  generateSigningKey,
  readSigningKeys,
  utf8,
} from "@evx/proof";

export const keys = await readSigningKeys(generateSigningKey());

export const lots = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    serial: `EVX-VN-flat-v1-2026-000042-${n * 100_000 + 1}-${(n + 1) * 100_000}`,
    grams: "100000",
    batch: "bat_01m827tt9je44sqx0aqcz26193",
    vintage: 2026,
    country: "VN",
    method: "flat-v1",
    factorSet: "flat-v1/0",
    quality: "manual",
    verifier: "Trần Văn Kiểm Định",
    root: "ab".repeat(32),
  }));

/** A certificate of so many lots, signed; with every accent that the paper must bear. */
export const signed = async (
  count = 1,
  more: Partial<CertificateDocument> = {},
): Promise<CertificateFile> => {
  const number = certificateNumber(newId("certificate"), 2026);
  const certificate: CertificateDocument = {
    format: "evx-certificate/1",
    number,
    kind: "retirement",
    issuer: "EV Carbon Exchange",
    issuedAt: "2026-03-01T00:00:00.000Z",
    holder: "Nguyễn Thị Phương Thảo",
    grams: String(count * 100_000),
    credits: (count / 10).toFixed(6),
    vehicle: { class: "car", country: "VN" },
    lots: lots(count),
    retirement: {
      beneficiary: "Công ty Cổ phần Thương mại và Dịch vụ Xanh Sài Gòn Phát Triển Bền Vững Miền Nam",
      country: "VN",
      reason: "corporate_inventory",
      message: "Ẵng, Ễnh, Ữ, ỡ, ỹ: đường Nguyễn Huệ.",
      periodFrom: "2025-01-01",
      periodTo: null,
      retiredAt: "2026-03-01T00:00:00.000Z",
    },
    keyId: keys.current.id,
    verifyUrl: `https://evx.test/c/${number}`,
    ...more,
  };
  return {
    certificate,
    signature: await keys.current.sign(utf8(canonical(canonicalOf(certificate)))),
    keyId: keys.current.id,
    publicKey: keys.current.publicKey,
    algorithm: "Ed25519",
    status: "valid",
    revocation: null,
  };
};
