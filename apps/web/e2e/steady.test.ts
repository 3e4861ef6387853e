/**
 * Public pages on a phone with a slow line: nothing moves while they load, nothing blocks the thumb, nothing is wider
 * than the narrowest phones, and what was kept for times without a connection opens.
 */
import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { settled, sideways, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

const publicPages = [
  "/",
  "/marketplace",
  "/book",
  "/buy",
  "/trends",
  "/registry",
  "/certificates",
  "/methods",
  "/sign-up",
];
const mostShift = 0.02;
/** Slow 4G as Lighthouse has it: 1.6 Mbit/s down, 750 kbit/s up, 150 ms. */
const slow4g = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };

/** Sums up what moved, from before the page's first byte on. */
const watchShifts = () => {
  const seen = globalThis as unknown as { shifted: number; moved: string[] };
  seen.shifted = 0;
  seen.moved = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources?: { node?: Node }[];
    })[]) {
      if (entry.hadRecentInput) continue;
      seen.shifted += entry.value;
      for (const { node } of entry.sources ?? [])
        if (node instanceof HTMLElement) seen.moved.push(`${node.tagName}.${node.className}`.slice(0, 80));
    }
  }).observe({ type: "layout-shift", buffered: true });
};

const shiftsOf = (page: Page) =>
  page.evaluate(() => {
    const { shifted, moved } = globalThis as unknown as { shifted: number; moved: string[] };
    return { shifted, moved: moved.slice(0, 6) };
  });

inBrowser("public pages on a slow phone", (venue) => {
  /** What moves while a page loads in a language, and what is wider than the narrowest phone. */
  const unsteady = async (locale: "en" | "vi", path: string): Promise<string[]> => {
    const context = await venue.reader({ theme: "light", width: 375, locale });
    const page = await context.newPage();
    await page.addInitScript(watchShifts);
    const line = await context.newCDPSession(page);
    await line.send("Network.enable");
    await line.send("Network.emulateNetworkConditions", slow4g);
    await page.goto(venue.base + path);
    await settled(page);
    await page.waitForTimeout(1_000);
    const { shifted, moved } = await shiftsOf(page);
    await page.setViewportSize({ width: 360, height: 740 });
    const wide = await sideways(page);
    await context.close();
    return [
      ...(shifted > mostShift
        ? [`${path} (${locale}) moved by ${shifted.toFixed(3)}: ${moved.join(" | ")}`]
        : []),
      ...wide.map((element) => `${path} (${locale}) at 360 px: ${element}`),
    ];
  };

  for (const locale of ["en", "vi"] as const)
    test(`nothing moves while a page loads, and nothing is wider than 360 px (${locale})`, async () => {
      const read = async (path: string) => (await fetch(`${venue.base}/api${path}`)).json();
      const { items: listings } = (await read("/marketplace/listings")) as { items: { id: string }[] };
      const { items: certificates } = (await read("/public/certificates")) as {
        items: { certificateNumber: string }[];
      };
      const things = [
        ...listings.slice(0, 2).map(({ id }) => `/marketplace/${id}`),
        ...certificates.slice(0, 1).map(({ certificateNumber }) => `/c/${certificateNumber}`),
      ];
      expect(things.length).toBe(3);
      const found: string[] = [];
      // One after the other: beside each other they would wait for the processor, which no phone's reader does.
      for (const path of [...publicPages, ...things]) found.push(...(await unsteady(locale, path)));
      expect(found).toEqual([]);
    });

  test("a member's frame stands from the first paint on: the page does not make room for it later", async () => {
    const first = await venue.reader({ theme: "light", width: 1360, locale: "en" });
    await signIn(await first.newPage(), venue.base, "owner@demo.evx");
    const state = await first.storageState();
    await first.close();
    const context = await venue.reader({ theme: "light", width: 1360, locale: "en" }, state);
    const page = await context.newPage();
    await page.addInitScript(watchShifts);
    // What comes late on a busy day comes late here: its place must be kept.
    await page.route(/\/assets\/(row-countdown|chosen|filters|market-price)-/, async (route) => {
      await Bun.sleep(400);
      await route.continue();
    });
    for (const path of ["/owner", "/marketplace"]) {
      await page.goto(venue.base + path);
      await settled(page);
      await page.waitForTimeout(1_000);
      const { shifted, moved } = await shiftsOf(page);
      expect({ path, moved: shifted > mostShift ? moved : [] }).toEqual({ path, moved: [] });
    }
    await context.close();
  });

  test("without a connection the check of certificates still opens", async () => {
    const context = await venue.reader({ theme: "light", width: 375, locale: "en" });
    const page = await context.newPage();
    await page.goto(`${venue.base}/`);
    await settled(page);
    await page.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready;
      while (worker.active?.state !== "activated") await new Promise((done) => setTimeout(done, 50));
    });
    await context.setOffline(true);
    await page.goto(`${venue.base}/certificates`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator("input[type=file]").waitFor({ state: "attached" });
    await page.getByRole("link", { name: "You can still check a certificate's file." }).waitFor();
    await context.close();
  });
});
