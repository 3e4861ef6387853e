/** The code on a certificate's paper, read from the printed picture as a camera would, not from what was meant to be drawn. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pagesOf } from "@evx/certificates/testing";
import { readFragment, verifyCertificate } from "@evx/proof";
import jsQr from "jsqr";
import { keys, signed } from "./certificate.testing.ts";
import { certificatePdf } from "./certificate.ts";

setDefaultTimeout(60_000);

/** A printer's resolution: 300 points an inch. */
const dpi = 300;

/** The lower right quarter of a page, printed in grey: a P5 picture. */
const printed = async (pdf: Uint8Array, page: number) => {
  const folder = await mkdtemp(join(tmpdir(), "evx-printed-"));
  try {
    const file = join(folder, "paper.pdf");
    await Bun.write(file, pdf);
    const [width, height] = [1_240, 1_754];
    const words = [
      "-f",
      `${page}`,
      "-l",
      `${page}`,
      "-r",
      `${dpi}`,
      "-gray",
      "-x",
      `${width}`,
      "-y",
      `${height}`,
    ];
    const child = Bun.spawn([
      "pdftoppm",
      ...words,
      "-W",
      `${width}`,
      "-H",
      `${height}`,
      "-singlefile",
      file,
      join(folder, "page"),
    ]);
    expect(await child.exited).toBe(0);
    const bytes = await Bun.file(join(folder, "page.pgm")).bytes();
    const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(new TextDecoder("latin1").decode(bytes.subarray(0, 40)));
    if (!head) throw new Error("no picture");
    const [w, h] = [Number(head[1]), Number(head[2])];
    const pixels = new Uint8ClampedArray(w * h * 4).fill(255);
    for (const [at, grey] of bytes.subarray(head[0].length).entries()) pixels.fill(grey, at * 4, at * 4 + 3);
    return { pixels, width: w, height: h };
  } finally {
    await rm(folder, { recursive: true });
  }
};

test.skipIf(Bun.which("pdftoppm") === null).each(["en", "vi"] as const)(
  "what is scanned from the printed paper (%s) is the certificate itself, and it holds",
  async (locale) => {
    for (const lots of [1, 2, 3]) {
      const file = await signed(lots);
      const pdf = await certificatePdf(file, locale);
      const { pixels, width, height } = await printed(pdf, pagesOf(pdf));
      const address = jsQr(pixels, width, height)?.data ?? "";
      expect(address).toStartWith(`${file.certificate.verifyUrl}#1.`);
      const read = await readFragment(new URL(address).hash);
      expect(read?.certificate).toEqual(file.certificate);
      const { verdict } = await verifyCertificate(JSON.stringify(read), { keys: [keys.current] });
      expect(verdict).toBe("genuine");
    }
  },
);
