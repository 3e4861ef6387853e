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

/** Debian's chromium, headless, in a profile of its own that is removed afterwards. */
export const startBrowser = async () => {
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

/**
 * What a thumb would miss: everything that can be pressed and is smaller than 44 px either way, or lies under another
 * such thing; only what is within the window is tried for that. Links within a sentence
 * are as high as its lines, what lies in a label is pressed anywhere on it, and the strip under the header is a picture
 * whose page is in the menu, too.
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const least = 43.5;
    const pressable =
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=switch], label:has(> input.sr-only)";
    const inSentence = (element: Element) =>
      getComputedStyle(element).display === "inline" &&
      [...(element.parentElement?.childNodes ?? [])].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim().length > 1,
      );
    const labelOf = (element: HTMLElement) =>
      element.matches("input[type=checkbox], input[type=radio], input[type=file]")
        ? (element.closest("label") ?? (element as HTMLInputElement).labels?.[0])
        : null;
    /** What answers a press on it: itself, or what its ::after covers of the box that it is placed in. */
    const reach = (element: HTMLElement): DOMRect => {
      const cover = getComputedStyle(element, "::after");
      if (cover.position !== "absolute" || cover.content === "none") return element.getBoundingClientRect();
      let box: HTMLElement | null = element;
      while (box && getComputedStyle(box).position === "static") box = box.parentElement;
      const { left, top, right, bottom } = (box ?? document.body).getBoundingClientRect();
      const inset = (side: string) => Number.parseFloat(side) || 0;
      const x = left + inset(cover.left);
      const y = top + inset(cover.top);
      return new DOMRect(x, y, right - inset(cover.right) - x, bottom - inset(cover.bottom) - y);
    };
    const seen = (element: HTMLElement) => {
      const { width, height } = element.getBoundingClientRect();
      const { visibility, opacity } = getComputedStyle(element);
      return (
        width > 1.5 &&
        height > 1.5 &&
        visibility !== "hidden" &&
        (opacity !== "0" || element.closest("label"))
      );
    };
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()} "${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}"`;
    /** Another thing that answers where this one is drawn: near its corners, or in its middle. */
    const coveredBy = (element: HTMLElement): string | undefined => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      const inset = Math.min(6, (bottom - top) / 3);
      const label = labelOf(element);
      for (const [x, y] of [
        [left + inset, top + inset],
        [right - inset, bottom - inset],
        [(left + right) / 2, (top + bottom) / 2],
      ] as const) {
        // A button within a field is meant to be there, and what the bar at the foot covers can be scrolled from it.
        if (y > innerHeight - 80) continue;
        const hit = document.elementFromPoint(x, y)?.closest(pressable);
        if (element.matches("input") && element.parentElement?.contains(hit ?? null)) continue;
        if (hit && hit !== element && hit !== label && !hit.contains(element) && !element.contains(hit))
          return nameOf(hit);
      }
      return undefined;
    };
    const all = [...document.querySelectorAll<HTMLElement>(pressable)].filter(
      (element) =>
        !element.closest("[inert], [aria-hidden=true], [data-strip]") &&
        seen(element) &&
        !inSentence(element),
    );
    const small = all
      .map((element) => ({ element, box: reach(labelOf(element) ?? element) }))
      .filter(({ box }) => box.width < least || box.height < least)
      .map(
        ({ element, box }) =>
          `${nameOf(element)} is ${Math.round(box.width)} by ${Math.round(box.height)} px`,
      );
    const covered = all.flatMap((element) => {
      const by = coveredBy(element);
      return by ? [`${nameOf(element)} lies under ${by}`] : [];
    });
    return [...small, ...covered].slice(0, 12);
  });
