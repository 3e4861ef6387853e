import { afterAll, beforeAll, describe, setDefaultTimeout } from "bun:test";
import type { Browser } from "playwright-core";
import { hasBrowser, startBrowser } from "./browser.ts";
import { startProduct } from "./product.ts";

const runs = await hasBrowser();
if (!runs) console.warn("e2e: no Chromium here (CHROMIUM_PATH), so nothing is tested in a browser");

type Chromium = Awaited<ReturnType<typeof startBrowser>>;

export type Venue = {
  /** Where the product answers: `http://localhost:41021`. */
  readonly base: string;
  readonly browser: Browser;
  /** A reader of that theme, width and language; who asks closes it. */
  readonly reader: Chromium["reader"];
};

/**
 * Tests in a browser: a product with a demo world of its own and a Chromium, there before the hooks and tests of `tests`
 * and gone after them. Where no Chromium is, they are skipped by name.
 */
export const inBrowser = (title: string, tests: (venue: Venue) => void): void =>
  describe.if(runs)(title, () => {
    setDefaultTimeout(180_000);
    let product: Awaited<ReturnType<typeof startProduct>>;
    let chromium: Chromium;
    beforeAll(async () => {
      product = await startProduct();
      chromium = await startBrowser();
    }, 180_000);
    tests({
      get base() {
        return product.base;
      },
      get browser() {
        return chromium.browser;
      },
      reader: (look, state) => chromium.reader(look, state),
    });
    // After the hooks of the tests themselves, which close what they opened.
    afterAll(async () => {
      await chromium?.stop();
      await product?.stop();
    });
  });
