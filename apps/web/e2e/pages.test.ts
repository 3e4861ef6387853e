import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  axeFindings,
  hasBrowser,
  type Look,
  nameOf,
  settled,
  sideways,
  signIn,
  startBrowser,
} from "./browser.ts";
import { startProduct } from "./product.ts";

setDefaultTimeout(120_000);

const source = join(import.meta.dir, "../src");

/** Addresses in a source file, as its own lines name them. */
const named = (file: string, pattern: RegExp) =>
  [...readFileSync(join(source, file), "utf8").matchAll(pattern)].map(([, address]) => address as string);

const routed = readdirSync(join(source, "pages"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("routes.ts"))
  .flatMap((file) => named(`pages/${file}`, /path: "([^"]+)"/g));

const people = {
  visitor: { email: null, nav: "visitor" },
  owner: { email: "owner@demo.evx", nav: "ev_owner" },
  buyer: { email: "buyer@demo.evx", nav: "buyer" },
  cva: { email: "cva@demo.evx", nav: "cva" },
  admin: { email: "admin@demo.evx", nav: "admin" },
} as const;

const extra = { visitor: ["/", "/sign-in", "/sign-up"], owner: ["/notifications", "/account"] } as Record<
  string,
  string[]
>;

const looks: Look[] = [
  { theme: "light", width: 1360, locale: "en" },
  { theme: "dark", width: 375, locale: "vi" },
  { theme: "light", width: 375, locale: "en" },
  { theme: "dark", width: 1360, locale: "vi" },
];

const runs = await hasBrowser();

test("every place in the navigation has a page", () => {
  const places = Object.values(people).flatMap(({ nav }) => named(`nav/${nav}.ts`, /href: "([^"]+)"/g));
  expect([...new Set(places)].filter((place) => !routed.includes(place))).toEqual([]);
});

describe.if(runs)("every page", () => {
  let product: Awaited<ReturnType<typeof startProduct>>;
  let chromium: Awaited<ReturnType<typeof startBrowser>>;

  beforeAll(async () => {
    product = await startProduct();
    chromium = await startBrowser();
  }, 180_000);

  afterAll(async () => {
    await chromium?.stop();
    await product?.stop();
  });

  for (const [who, { email, nav }] of Object.entries(people)) {
    const places = named(`nav/${nav}.ts`, /href: "([^"]+)"/g).filter((place) => routed.includes(place));
    const pages = [...new Set([...places, ...(extra[who] ?? [])])].filter((place) => routed.includes(place));

    test(`as ${who}: reads in both languages, themes and widths; axe finds nothing; nothing is wider than the page`, async () => {
      const findings: string[] = [];
      let state: Awaited<ReturnType<Awaited<ReturnType<typeof chromium.reader>>["storageState"]>> | undefined;
      if (email) {
        const context = await chromium.reader(looks[0] as Look);
        await signIn(await context.newPage(), product.base, email);
        state = await context.storageState();
        await context.close();
      }
      for (const look of looks) {
        const context = await chromium.reader(look, state);
        const page = await context.newPage();
        let at = "";
        const say = (line: string) => findings.push(`${at} ${nameOf(look)}: ${line}`);
        page.on("pageerror", (error) => say(`error: ${error.message}`));
        page.on("console", (message) => message.type() === "error" && say(`console: ${message.text()}`));
        for (const place of pages) {
          at = place;
          await page.goto(product.base + place);
          await settled(page).catch(() => say("never came to rest"));
          const text = await page.locator("#app").textContent();
          if (/\{\{|\bundefined\b|\bNaN\b|\[object /.test(text ?? ""))
            say("shows a placeholder or a programming word");
          if (await page.locator("main [role=alert]").count()) say("shows an error");
          for (const line of await axeFindings(page)) say(`axe ${line}`);
          for (const line of await sideways(page)) say(`wider than the page: ${line}`);
        }
        await context.close();
      }
      expect(findings).toEqual([]);
    });
  }
});
