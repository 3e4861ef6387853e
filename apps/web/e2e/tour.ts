/**
 * Walks the product and writes the README's pictures into pictures/: the home page, the way of an owner, the market, a
 * certificate, the auditor's workbench and the operator's home. Against the product at BASE_URL, or one of its own.
 *
 *   bun run tour        from the project's root; DEMO_WORLD=town for the year of a whole town
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { settled, signIn, startBrowser } from "./browser.ts";
import { startProduct } from "./product.ts";

type Step = {
  readonly picture: string;
  readonly as: string | null;
  readonly path: string;
  /** Where the step goes on from its path, by a press. */
  readonly follow?: (page: Page) => Promise<void>;
};

const first = (selector: string) => async (page: Page) => {
  const link = page.locator(selector).first();
  await link.waitFor({ timeout: 15_000 });
  await link.click();
  await page.waitForTimeout(300);
};

/** What is for sale is counted each minute: a market that has just come up has no figure yet. */
const counted = async (page: Page) => {
  const end = Date.now() + 90_000;
  while (!(await page.locator("h1").textContent())?.includes("for sale") && Date.now() < end) {
    await page.waitForTimeout(5_000);
    await page.reload();
    await settled(page);
    await page.waitForTimeout(500);
  }
};

const steps: readonly Step[] = [
  { picture: "start", as: null, path: "/" },
  { picture: "market", as: null, path: "/marketplace", follow: counted },
  { picture: "trends", as: null, path: "/trends" },
  { picture: "registry", as: null, path: "/registry" },
  { picture: "owner", as: "owner@demo.evx", path: "/owner" },
  {
    picture: "certificate",
    as: "owner@demo.evx",
    path: "/owner/certificates",
    follow: first('main a[href^="/c/"]'),
  },
  { picture: "review", as: "cva@demo.evx", path: "/cva", follow: first('main a[href^="/cva/requests/"]') },
  { picture: "operator", as: "admin@demo.evx", path: "/admin" },
];

const folder = join(import.meta.dir, "../pictures");
mkdirSync(folder, { recursive: true });
const product = await startProduct();
const { reader, stop } = await startBrowser();
try {
  for (const step of steps) {
    const context = await reader({ theme: "light", width: 1360, locale: "en" });
    const page = await context.newPage();
    if (step.as) await signIn(page, product.base, step.as);
    await page.goto(product.base + step.path);
    await settled(page);
    await step.follow?.(page);
    await settled(page);
    // Pictures within sight are asked for late, and are part of what is seen.
    await page.waitForFunction(() =>
      [...document.images].every(
        (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
      ),
    );
    await page.waitForTimeout(1_000);
    await page.screenshot({ path: join(folder, `${step.picture}.png`) });
    console.log(`${step.picture}.png  ${new URL(page.url()).pathname}`);
    await context.close();
  }
} finally {
  await stop();
  await product.stop();
}
