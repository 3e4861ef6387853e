import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { type BrowserContext, chromium, type Page } from "playwright-core";

export type Look = { theme: "light" | "dark"; width: 1360 | 375; locale: "en" | "vi" };

export const looks: Look[] = (["light", "dark"] as const).flatMap((theme) =>
  ([1360, 375] as const).flatMap((width) =>
    (["en", "vi"] as const).map((locale) => ({ theme, width, locale })),
  ),
);

export const nameOf = (look: Look) => `${look.width}-${look.theme}-${look.locale}`;

export const chromiumPath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** Whether browser tests can run here; where REQUIRE_BROWSER is set, they must. */
export const hasBrowser = async () =>
  process.env.REQUIRE_BROWSER === "1" || (await Bun.file(chromiumPath).exists());

/** Debian's chromium, headless, in a profile of its own that is removed afterwards. `more`: further switches of it. */
export const startBrowser = async (more: readonly string[] = []) => {
  const profile = mkdtempSync(join(tmpdir(), "evx-browser-"));
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--disk-cache-dir=${profile}`,
      ...more,
    ],
  });
  return {
    browser,
    /** A reader of that theme, width and language. */
    reader: async (look: Look, state?: Awaited<ReturnType<BrowserContext["storageState"]>>) => {
      const context = await browser.newContext({
        viewport: { width: look.width, height: look.width === 375 ? 812 : 900 },
        colorScheme: look.theme,
        locale: look.locale === "vi" ? "vi-VN" : "en-US",
        timezoneId: "Asia/Ho_Chi_Minh",
        isMobile: look.width === 375,
        hasTouch: look.width === 375,
        reducedMotion: "reduce",
        ...(state ? { storageState: state } : {}),
      });
      await context.addInitScript((locale) => localStorage.setItem("evx.locale", locale), look.locale);
      return context;
    },
    stop: async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
};

/** Signs in by the form, as a person does. */
export const signIn = async (page: Page, base: string, email: string, password = "demo-password-1") => {
  await page.goto(`${base}/sign-in`);
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
};

/** Waits until nothing on the page is still being fetched. Live streams never end, so the network is not asked. */
export const settled = async (page: Page) => {
  await page.waitForLoadState("load");
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("main .skeleton"));
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
};

/** What axe finds against WCAG 2.2 A and AA and its best practices: one line each. */
export const axeFindings = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run(): Promise<AxeAnswer> } }).axe;
    return (await run.run()).violations;
  });
  return found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} (${nodes
        .map(({ target }) => target.join(" "))
        .slice(0, 3)
        .join(" | ")})`,
  );
};

type AxeAnswer = { violations: { id: string; help: string; nodes: { target: string[] }[] }[] };

/** Elements that make the page scroll sideways, widest first; empty when it does not. */
export const sideways = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${String(element.className).slice(0, 60)}`)
      .slice(0, 5);
  });
