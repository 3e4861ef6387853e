import { expect, test } from "bun:test";
import type { CertificateFile } from "@evx/proof";
import { drawSeal, sealDigest } from "@evx/seal";
import { Resvg } from "@resvg/resvg-js";
import { cardSvg, certificateCardPng, fontFiles, linesOf } from "./certificate.ts";

const root = "7e7927d5a0a693791deedd1d6ad7f4fbbc4089e1a5beba7b1a4dccd7580b8cff";

const aFile = (beneficiary: string, grams = "12500000"): CertificateFile => ({
  certificate: {
    format: "evx-certificate/1",
    number: "EVXC-2026-C35FW-PV64C-L",
    kind: "retirement",
    issuer: "EV Carbon Exchange",
    issuedAt: "2026-11-28T02:41:00.000Z",
    holder: "Lê Quốc Bảo",
    grams,
    credits: "12.500000",
    vehicle: null,
    lots: [
      {
        serial: `EVX-VN-flat-v1-2026-000482-1-${grams}`,
        grams,
        batch: "bat_1",
        vintage: 2026,
        country: "VN",
        method: "flat-v1",
        factorSet: "flat-v1/0",
        quality: "connected",
        verifier: "Phạm Thu Hà",
        root,
      },
    ],
    retirement: {
      beneficiary,
      country: "VN",
      reason: "event",
      message: null,
      periodFrom: null,
      periodTo: null,
      retiredAt: "2026-11-28T02:41:00.000Z",
    },
    keyId: "k1",
    verifyUrl: "https://evx.example/c/EVXC-2026-C35FW-PV64C-L",
  } as unknown as CertificateFile["certificate"],
  signature: "",
  keyId: "k1",
  publicKey: "",
  algorithm: "Ed25519",
});

test("the card is a PNG of 1200 by 630", async () => {
  const png = Buffer.from(await certificateCardPng(aFile("Công ty Cổ phần Mekong Cold Chain"), "vi"));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1_200, 630]);
});

test("its seal has the rule's own path strings, as on screen and on paper", async () => {
  const svg = await cardSvg(aFile("Mekong"), "en");
  for (const { d } of drawSeal(await sealDigest(root), 200).paths) expect(svg).toContain(`d="${d}"`);
});

test("a name is text on the card whatever it says, and the longest fits", async () => {
  const svg = await cardSvg(aFile(`<script>alert(1)</script> & "${"X".repeat(120)}"`, "1"), "en");
  expect(svg).not.toContain("<script>");
  expect(svg).toContain("0.001 kg");
  expect(linesOf("one two three", 7, 2)).toEqual(["one two", "three"]);
  expect(linesOf("one two three four five", 7, 2)).toEqual(["one two", "three…"]);
  expect(linesOf("x".repeat(60), 26, 2).every((line) => line.length <= 26)).toBe(true);
});

test("the address stays within the frame, however long the venue's name is", async () => {
  const file = aFile("Mekong");
  for (const host of ["evx.example", "localhost:3340", "certificates.the-ev-carbon-exchange.example"]) {
    const address = `${host}/c/EVXC-2026-C35FW-PV64C-L`;
    const { certificate } = file;
    const svg = await cardSvg(
      { ...file, certificate: { ...certificate, verifyUrl: `https://${address}` } },
      "en",
    );
    const drawn = new Resvg(
      `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">${svg.match(/<text [^>]*y="545".*<\/text>/)?.[0]}</svg>`,
      { font: { fontFiles, loadSystemFonts: false, defaultFontFamily: "Be Vietnam Pro" } },
    ).getBBox();
    expect(drawn?.width).toBeGreaterThan(300);
    expect((drawn?.x ?? 0) + (drawn?.width ?? 0)).toBeLessThan(1_160);
  }
});
