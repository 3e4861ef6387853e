/** The camera reads the code of a certificate: a picture of one is held before a camera that is made of it. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "qrcode";
import { startBrowser } from "./browser.ts";
import { inBrowser } from "./venue.ts";

const [width, height] = [640, 480];

/** One frame of a film, as Chromium's stand-in for a camera plays it: the code in the middle of grey. */
const filmOf = (text: string): Uint8Array => {
  const { data, size } = create(text, { errorCorrectionLevel: "M" }).modules;
  const cell = Math.floor((height - 80) / size);
  const [left, top] = [(width - size * cell) >> 1, (height - size * cell) >> 1];
  const light = new Uint8Array(width * height).fill(235);
  for (let y = 0; y < size * cell; y++)
    for (let x = 0; x < size * cell; x++)
      if (data[Math.floor(y / cell) * size + Math.floor(x / cell)]) light[(top + y) * width + left + x] = 16;
  const colour = new Uint8Array((width * height) / 2).fill(128);
  const words = new TextEncoder();
  return Buffer.concat([
    words.encode(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`),
    light,
    colour,
  ]);
};

inBrowser("a certificate before the camera", (venue) => {
  const folder = mkdtempSync(join(tmpdir(), "evx-film-"));

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the scanner with a camera that sees the code of a text. */
  const before = async (text: string) => {
    const film = join(folder, "code.y4m");
    await Bun.write(film, filmOf(text));
    const chromium = await startBrowser([
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${film}`,
    ]);
    const context = await chromium.reader({ theme: "light", width: 375, locale: "en" });
    const page = await context.newPage();
    await page.goto(`${venue.base}/certificates`);
    await page.getByRole("button", { name: "Scan the QR code" }).click();
    return { page, stop: chromium.stop };
  };

  test("its page opens by itself, and is checked there", async () => {
    const list = (await (await fetch(`${venue.base}/api/public/certificates`)).json()) as {
      items: { certificateNumber: string }[];
    };
    const number = list.items[0]?.certificateNumber ?? "";
    const { page, stop } = await before(`${venue.base}/c/${number}`);
    try {
      await page.waitForURL((url) => url.pathname === `/c/${number}`, { timeout: 30_000 });
      await page.getByText("Genuine", { exact: true }).waitFor();
    } finally {
      await stop();
    }
  });

  test("another code is said to be none of ours, and the camera goes on looking", async () => {
    const { page, stop } = await before("https://example.com/menu");
    try {
      await page.getByText("That QR code is not one of our certificates.").waitFor({ timeout: 30_000 });
      expect(new URL(page.url()).pathname).toBe("/certificates");
    } finally {
      await stop();
    }
  });
});
