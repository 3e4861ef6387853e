/** What outlives a session asks for the password over the page, and then goes on with what was typed. */
import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { axeFindings, settled, sideways, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

const words = {
  en: { wrong: "password" },
  vi: { wrong: "mật khẩu" },
} as const;

/** Where the keyboard is: what somebody types who does not look. */
const keyboardIn = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("name"));

inBrowser("a session older than ten minutes", (venue) => {
  const aged = async () => {
    await venue.statements?.(
      "update identity.session set created_at = created_at - interval '11 minutes', proven_at = null",
    );
  };
  /** Gives a wrong password and then the right one, with nothing but the keyboard. */
  const prove = async (page: Page, wrong: string) => {
    const password = page.locator("input[name=password]");
    await password.waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "password");
    expect([await sideways(page), await axeFindings(page)]).toEqual([[], []]);
    await page.keyboard.type("not-the-password");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: wrong }).waitFor();
    await password.fill("demo-password-1");
    await page.keyboard.press("Enter");
    await password.waitFor({ state: "hidden" });
  };

  for (const locale of ["en", "vi"] as const) {
    const look = { theme: "light", width: 375, locale } as const;

    test(`asks over a page and makes the token that was named (${locale})`, async () => {
      const context = await venue.reader(look);
      const page = await context.newPage();
      await signIn(page, venue.base, "owner@demo.evx");
      await page.goto(`${venue.base}/owner/vehicles`);
      await settled(page);
      const car = await page.locator('main a[href*="/owner/vehicles/veh_"]').first().getAttribute("href");
      await page.goto(`${venue.base}${car}?view=settings`);
      await settled(page);
      await page.locator("input[name=label]").fill(`Box ${locale}`);
      await aged();
      await page.locator("input[name=label]").press("Enter");
      await prove(page, words[locale].wrong);
      await page.locator("li", { hasText: `Box ${locale}` }).waitFor();
      await context.close();
    });

    test(`asks over another dialog, where the keyboard follows, and loses nothing when it is closed (${locale})`, async () => {
      const context = await venue.reader(look);
      const page = await context.newPage();
      await signIn(page, venue.base, "admin@demo.evx");
      await page.goto(`${venue.base}/admin/users`);
      await settled(page);
      await page.locator("main header button, main button").first().click();
      const [name, email] = [`Made ${locale}`, `made-${locale}@demo.evx`];
      await page.locator("[role=dialog] input[name=fullName]").fill(name);
      await page.locator("[role=dialog] input[name=email]").fill(email);
      await aged();
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "password");
      await page.keyboard.press("Escape");
      await page.locator("input[name=password]").waitFor({ state: "hidden" });
      expect(await page.locator("[role=dialog] input[name=email]").inputValue()).toBe(email);
      await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]"));
      expect(await keyboardIn(page)).not.toBe("password");
      await page.locator("[role=dialog] input[name=email]").press("Enter");
      await prove(page, words[locale].wrong);
      await page.locator("[role=dialog]").waitFor({ state: "hidden" });
      await page.getByText(name, { exact: true }).first().waitFor();
      await context.close();
    });
  }
});
