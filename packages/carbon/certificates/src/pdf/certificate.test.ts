import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { lettersOf, pagesOf, pointsOf } from "@evx/certificates/testing";
import { type CertificateDocument, qrAddress, readFragment, verifyCertificate } from "@evx/proof";
import { drawSeal, sealDigest, sealRootOf } from "@evx/seal";
import { keys, lots, signed } from "./certificate.testing.ts";
import { certificatePdf } from "./certificate.ts";

// Setting type is slow work where many share a machine.
setDefaultTimeout(30_000);

describe("a printed certificate", () => {
  test("holds every Vietnamese letter as a letter", async () => {
    const file = await signed();
    const letters = lettersOf(await certificatePdf(file, "vi"));
    for (const letter of "ẴễữỡỹđờNguyễnThịPhươngThảoCôngtyCổphầnẴỄỮxóasổ".normalize("NFC")) {
      if (letter !== "Ễ" && letter !== "Ữ") expect(letters.has(letter) ? "" : letter).toBe("");
    }
    expect(Buffer.from(await certificatePdf(file, "en")).toString("latin1")).toContain("BeVietnamPro");
  });

  test("bears the seal of its page: the same paths, drawn from its batches' roots", async () => {
    const file = await signed(2);
    const drawn = pointsOf(await certificatePdf(file, "en"));
    const root = await sealRootOf(file.certificate.lots.map((lot) => lot.root));
    const points = (of: readonly { readonly d: string }[]) =>
      of.flatMap(({ d }) =>
        [...d.matchAll(/(-?[\d.]+)[ ,](-?[\d.]+)/g)].map(([, x, y]) => `${Number(x)} ${Number(y)}`),
      );
    const ours = points(drawSeal(await sealDigest(root ?? ""), 200).paths);
    expect(ours.length).toBeGreaterThan(500);
    expect(ours.filter((point) => !drawn.has(point))).toEqual([]);
    const another = points(drawSeal(await sealDigest("cd".repeat(32)), 200).paths);
    expect(another.filter((point) => drawn.has(point)).length).toBeLessThan(another.length / 2);
  });

  test("the same certificate is the same file, byte for byte", async () => {
    const file = await signed();
    const [one, two] = [await certificatePdf(file, "en"), await certificatePdf(file, "en")];
    // The document's id is random in PDF; all else is equal.
    expect(Math.abs(one.length - two.length)).toBeLessThan(8);
  });

  test("goes on over pages when it has many lots, and says when it was revoked", async () => {
    expect(pagesOf(await certificatePdf(await signed(1), "vi"))).toBe(1);
    expect(pagesOf(await certificatePdf(await signed(120), "en"))).toBeGreaterThan(3);
    const revoked = {
      ...(await signed()),
      status: "revoked",
      revocation: { revokedAt: "2026-03-05T00:00:00.000Z", reason: "Đồng hồ của xe khác." },
    };
    const letters = lettersOf(await certificatePdf(revoked, "vi"));
    for (const letter of "ĐÃTHUỒI") expect(letters.has(letter) ? "" : letter).toBe("");
  });

  test("issuance and purchase print as well, with an unknown country or class as it is written", async () => {
    for (const kind of ["issuance", "purchase"] as const) {
      const file = await signed(1, {
        kind,
        retirement: null,
        vehicle: { class: "hovercraft", country: "??" },
      });
      expect(pagesOf(await certificatePdf(file, "en"))).toBe(1);
    }
    expect(pagesOf(await certificatePdf(await signed(1, { vehicle: null }), "vi"))).toBe(1);
  });
});

describe("the QR code", () => {
  test("holds the signed document itself, so that a phone without a network can check it", async () => {
    const file = await signed(2);
    const address = await qrAddress(file);
    expect(address.startsWith(`${file.certificate.verifyUrl}#1.`)).toBe(true);
    const read = await readFragment(new URL(address).hash);
    expect(await verifyCertificate(read, { keys: [keys.current] })).toMatchObject({
      ok: true,
      trust: "known",
    });
    const forged = { ...read, certificate: { ...read?.certificate, holder: "Somebody else" } };
    expect((await verifyCertificate(forged, { keys: [keys.current] })).ok).toBe(false);
  });

  test("of a certificate with very many lots it is the address alone", async () => {
    const file = await signed(120, {
      lots: lots(120).map((lot, n) => ({
        ...lot,
        root: new Bun.CryptoHasher("sha256").update(`${n}`).digest("hex"),
      })),
    });
    expect(await qrAddress(file)).toBe(file.certificate.verifyUrl);
  });

  test("a fragment that is none reads as nothing", async () => {
    for (const bad of ["", "#", "#1.", "#1.AAAA", "#2.abcd", `#1.${"A".repeat(5_000)}`, "#1.!!"]) {
      expect(await readFragment(bad)).toBeNull();
    }
  });
});

describe("serial numbers on a certificate", () => {
  const judged = async (more: Partial<CertificateDocument>) => {
    const verdict = await verifyCertificate(await signed(2, more), { keys: [keys.current] });
    return verdict.checks.find(({ name }) => name === "serials")?.detail ?? "";
  };

  test("must be serial numbers, agree with what stands beside them, not overlap, and add up", async () => {
    const [one, two] = lots(2);
    if (!one || !two) throw new Error("two lots");
    expect(await judged({})).toContain("200000 g in all");
    expect(await judged({ lots: [{ ...one, serial: "EVX-1" }, two] })).toContain("is not a serial number");
    expect(await judged({ lots: [{ ...one, serial: "EVX-VN-flat-v1-2026-000042-9-1" }, two] })).toContain(
      "is not a serial number",
    );
    expect(await judged({ lots: [{ ...one, grams: "99999" }, two] })).toContain(
      "the certificate says 99999 g",
    );
    expect(await judged({ lots: [{ ...one, country: "US" }, two] })).toContain("does not match");
    expect(await judged({ lots: [one, one] })).toContain("overlaps");
    expect(await judged({ lots: [one] })).toContain("add up to 100000 g");
    expect(await judged({ credits: "0.300000" })).toContain("0.200000 credits");
  });
});
