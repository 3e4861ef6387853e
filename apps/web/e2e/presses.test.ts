/**
 * How many presses the two main ways take, in both languages, on a desk and on a phone: from the sign-up page to the
 * first request, and from the market to a retirement that anybody can see. Typing and choosing a file are no presses.
 */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { type Look, settled, sideways, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

const looks: Look[] = (["en", "vi"] as const).flatMap((locale) =>
  ([1360, 375] as const).map((width) => ({ theme: "light" as const, width, locale })),
);

const words = async (locale: Look["locale"]) => ({
  home: (await import(`../src/i18n/${locale}/home.ts`)).default as Record<string, string>,
  entry: (await import(`../src/i18n/${locale}/entry.ts`)).default as Record<string, string>,
  vehicles: (await import(`../src/i18n/${locale}/vehicles.ts`)).default as Record<string, string>,
  review: (await import(`../src/i18n/${locale}/review.ts`)).default as Record<string, string>,
  listing: (await import(`../src/i18n/${locale}/listing.ts`)).default as Record<string, string>,
  payments: (await import(`../src/i18n/${locale}/payments.ts`)).default as Record<string, string>,
  credits: (await import(`../src/i18n/${locale}/credits.ts`)).default as Record<string, string>,
});

/** What a button says, whatever stands in its places. */
const saying = (text = ""): RegExp =>
  new RegExp(
    text
      .split(/\{\{[^}]*\}\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".+"),
  );

const counting = (page: Page) => {
  let presses = 0;
  const press = async (what: Locator) => {
    await what.first().click();
    presses++;
  };
  const named = (name: RegExp) => page.getByRole("button", { name }).or(page.getByRole("link", { name }));
  return { press, named, presses: () => presses };
};

inBrowser("presses", (venue) => {
  const folder = mkdtempSync(join(tmpdir(), "evx-presses-"));

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
  });

  const reader = async (look: Look) => {
    const context = await venue.reader(look);
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    return { context, page };
  };

  const tripsFile = (place: number): string => {
    const path = join(folder, `trips-${place}.csv`);
    const day = (which: number) => new Date(Date.UTC(2026, place, 3 + which)).toISOString().slice(0, 10);
    const rows = [0, 1, 2].map(
      (which) =>
        `${day(which)}T0${which + 1}:1${place}:00Z,${day(which)}T0${which + 1}:52:00Z,${21 + place + which},3.${which}`,
    );
    writeFileSync(path, `start_time,end_time,distance_km,energy_consumed\n${rows.join("\n")}\n`);
    return path;
  };

  for (const [place, look] of looks.entries()) {
    const name = `${look.locale} at ${look.width} px`;

    test(`from sign-up to the first request in at most six presses, ${name}`, async () => {
      const { context, page } = await reader(look);
      const { press, named, presses } = counting(page);
      const said = await words(look.locale);
      await page.goto(`${venue.base}/sign-up?role=ev_owner`);
      await settled(page);
      await page.locator("input[name=fullName]").fill("Đặng Thị Ngọc Ánh");
      await page.locator("input[name=email]").fill(`presses-${Date.now()}-${place}@journey.example`);
      await page.locator("input[type=password]").first().fill("a quiet morning drive");
      await press(named(saying(said.entry["signUp.action"])));
      await page.waitForURL("**/owner");
      await press(named(saying(said.home["owner.do.addCar"])));
      const form = page.getByRole("dialog");
      await form.locator("input[name=make]").fill("VinFast");
      await form.locator("input[name=model]").fill("VF e34");
      await form.locator("input[name=vin]").fill(`RLLVFE34XN${String(Date.now()).slice(-6)}${place}`);
      await form.locator("input[name=year]").fill("2022");
      await form.locator("select[name=countryCode]").selectOption("VN");
      await press(form.getByRole("button", { name: saying(said.vehicles["add.submit"]) }));
      await page.waitForURL("**/import");
      await page.locator("input[type=file]").setInputFiles(tripsFile(place));
      await settled(page);
      await press(named(saying(said.vehicles["import.go"])));
      await press(named(saying(said.vehicles["import.claim"])));
      await press(page.getByRole("dialog").getByRole("button", { name: saying(said.review["new.send"]) }));
      await page.waitForURL(/\/owner\/requests\/req_/);
      expect(presses()).toBeLessThanOrEqual(6);
      expect(await sideways(page)).toEqual([]);
      await context.close();
    });

    test(`from the market to a public retirement in at most eight presses, ${name}`, async () => {
      const { context, page } = await reader(look);
      const { press, named, presses } = counting(page);
      const said = await words(look.locale);
      await signIn(page, venue.base, "buyer@demo.evx");
      // The dearest first: of the small world's offers these are enough for four buyers, and 0.03 of them can be charged.
      await page.goto(`${venue.base}/marketplace?type=fixed&sort=-price&minCredits=0.03`);
      await settled(page);
      await press(page.locator('main a[href^="/marketplace/lst_"]'));
      // The market has such a field too, and stands until the listing is there.
      await page.waitForURL(/\/marketplace\/lst_/);
      const amount = page.locator("main form:has(button[type=submit]) input[inputmode=decimal]").first();
      await amount.fill(look.locale === "vi" ? "0,03" : "0.03");
      await press(page.getByRole("button", { name: saying(said.listing["buy.action"]) }));
      await press(
        page.getByRole("dialog").getByRole("button", { name: saying(said.listing["dialog.confirm"]) }),
      );
      await press(named(saying(said.payments["pay.now.stripe"])));
      await page.locator("input[name=card]").fill("4242424242424242");
      await press(page.locator("button[type=submit]"));
      await press(named(saying(said.payments["pay.retire"])));
      await page
        .locator("input[inputmode=decimal]")
        .first()
        .fill(look.locale === "vi" ? "0,01" : "0.01");
      await page.locator("input[name=beneficiaryName]").fill("Saigon Green Logistics");
      await page.locator("select[name=reason]").selectOption("corporate_inventory");
      await press(named(saying(said.credits["retire.next"])));
      await press(named(saying(said.credits["retire.do"])));
      await page.getByText(saying(said.credits["retire.done"])).first().waitFor();
      expect(presses()).toBeLessThanOrEqual(8);
      expect(await sideways(page)).toEqual([]);
      await context.close();
    });
  }
});
