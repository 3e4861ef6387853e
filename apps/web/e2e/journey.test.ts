/**
 * The first sale as people make it, in the browser: an owner signs up, brings a car's real trips, asks for credits;
 * the auditor approves; the owner lists; a buyer buys a part and pays by card; the certificate is there; the owner's
 * money grows and goes to a bank. Where the sample files are missing, the trips are generated.
 */

import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedData } from "@evx/kernel/testing";
import type { BrowserContext, Page } from "playwright-core";
import { type Look, settled, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

inBrowser("the first sale", (venue) => {
  const sample = sharedData("trips/seed-sample-trips-energy.csv");
  const desk: Look = { theme: "light", width: 1360, locale: "en" };

  const folder = mkdtempSync(join(tmpdir(), "evx-journey-"));
  const contexts: BrowserContext[] = [];

  const tripsFile = (): string => {
    if (existsSync(sample)) return sample;
    const own = join(folder, "trips.csv");
    const rows = [
      "2023-01-05T08:00:00Z,2023-01-05T08:30:00Z,15,3,there",
      "2023-01-10T18:00:00Z,2023-01-10T18:45:00Z,25,4.5,back",
    ];
    writeFileSync(own, `start_time,end_time,distance_km,energy_consumed,notes\n${rows.join("\n")}\n`);
    return own;
  };

  const person = async (): Promise<Page> => {
    const context = await venue.reader(desk);
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    return page;
  };

  afterAll(async () => {
    for (const context of contexts) await context.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const go = async (page: Page, path: string) => {
    await page.goto(venue.base + path);
    await settled(page);
  };

  const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();

  const signUp = async (): Promise<Page> => {
    const owner = await person();
    const email = `owner-${Date.now()}@journey.example`;
    await go(owner, "/sign-up");
    await owner.getByText("I drive an electric car").click();
    await owner.getByLabel("Full name").fill("Đặng Thị Ngọc Ánh");
    await owner.getByLabel("Email").fill(email);
    await owner.locator("input[type=password]").first().fill("a quiet morning drive");
    await press(owner, "Create account");
    await owner.waitForURL("**/owner");
    return owner;
  };

  const addCarWithTrips = async (owner: Page): Promise<void> => {
    await go(owner, "/owner/vehicles");
    await press(owner, "Add a vehicle");
    const form = owner.getByRole("dialog");
    await form.getByLabel("Make", { exact: true }).fill("VinFast");
    await form.getByLabel("Model", { exact: true }).fill("VF e34");
    await form.locator("input[name=vin]").fill(`RLLVFE34XN${String(Date.now()).slice(-7)}`);
    await form.locator("input[name=year]").fill("2022");
    await form.locator("select[name=countryCode]").selectOption("VN");
    await form.getByRole("button", { name: "Add this vehicle" }).click();
    await form.waitFor({ state: "hidden" });
    await go(owner, "/owner/vehicles");
    await owner.locator('a[href$="/import"]').first().click();
    await owner.locator("input[type=file]").setInputFiles(tripsFile());
    await press(owner, "Import this file");
    await owner
      .getByText(/2 .*(trips|new)|imported/i)
      .first()
      .waitFor();

    await go(owner, "/owner");
    await owner.getByText("4 kg").first().waitFor();

    await go(owner, "/owner/vehicles");
    await owner
      .getByRole("link", { name: /VF e34/ })
      .first()
      .click();
    for (const [period, shown] of [
      ["Day", /January 5, 2023|Jan 5, 2023/],
      ["Month", /January 2023/],
      ["Year", /^2023$/],
    ] as const) {
      await owner.getByText(period, { exact: true }).first().click();
      await owner.getByText(shown).first().waitFor();
    }
  };

  const askForCredits = async (owner: Page): Promise<void> => {
    await go(owner, "/owner/requests?new=1");
    const ask = owner.getByRole("dialog");
    const vehicle = ask.locator("select").first();
    await vehicle.locator("option").last().waitFor({ state: "attached" });
    await vehicle.selectOption({ index: (await vehicle.locator("option").count()) - 1 });
    await ask.getByRole("button", { name: "Send request" }).click();
    await owner
      .getByText(/in the queue/i)
      .first()
      .waitFor();
  };

  const approve = async (): Promise<void> => {
    const auditor = await person();
    await signIn(auditor, venue.base, "cva@demo.evx");
    await go(auditor, "/cva");
    await auditor
      .getByRole("link", { name: /VF e34|Ngọc Ánh/ })
      .first()
      .click();
    await press(auditor, "Take into review");
    await press(auditor, /^Approve$/);
    await auditor.getByRole("dialog").getByRole("button", { name: "Approve and issue" }).click();
    await auditor.getByText("Credits issued").first().waitFor();
  };

  /** Answers the listing's id. */
  const sell = async (owner: Page): Promise<string | undefined> => {
    await go(owner, "/owner/wallet");
    await owner
      .getByText(/EVX-VN-/)
      .first()
      .waitFor();
    await go(owner, "/owner/listings/new");
    await press(owner, /^All$/);
    await owner.getByLabel("Price per credit").fill("500");
    await owner.getByRole("button", { name: /^List/ }).click();
    await owner
      .getByText(/on sale/)
      .first()
      .waitFor();
    const listings = (await (await fetch(`${venue.base}/api/marketplace/listings?sort=-price`)).json()) as {
      items: { id: string; pricePerCredit: string }[];
    };
    const listing = listings.items.find(({ pricePerCredit }) => pricePerCredit === "500.00");
    return listing?.id;
  };

  const buyByCard = async (listingId: string | undefined): Promise<Page> => {
    const buyer = await person();
    await signIn(buyer, venue.base, "buyer@demo.evx");
    await go(buyer, "/marketplace?sort=-price");
    await buyer.locator(`a[href*="${listingId}"]`).first().click();
    await settled(buyer);
    await buyer.getByLabel("Credits to buy").fill("0.003");
    await buyer.getByRole("button", { name: /^Buy/ }).first().click();
    await buyer.getByRole("dialog").getByRole("button").last().click();
    await buyer.getByRole("button", { name: /^Pay .* by card$/ }).click();
    await buyer.locator("input[name=card]").waitFor();
    await buyer.locator("input[name=card]").fill("4242424242424242");
    await buyer.locator("button[type=submit]").first().click();
    await buyer.getByText("Paid. The credits are yours").first().waitFor({ timeout: 45_000 });
    return buyer;
  };

  const readCertificate = async (buyer: Page): Promise<void> => {
    await go(buyer, "/buyer/certificates");
    await buyer.locator('a[href^="/c/"]').first().click({ timeout: 45_000 });
    await settled(buyer);
    await buyer
      .getByText(/EVX-VN-.*-\d+-\d+/)
      .first()
      .waitFor();
  };

  const withdraw = async (owner: Page): Promise<void> => {
    // 0.003 credits at $500: $1.50, less 2.5 % ($0.04) and 1 % ($0.02).
    await go(owner, "/owner/earnings");
    await owner.getByText("$1.44").first().waitFor();
    await press(owner, "Withdraw to a bank");
    const withdrawal = owner.getByRole("dialog");
    await withdrawal.getByLabel("Amount").fill("1.44");
    await withdrawal.getByLabel("Where is the account?").selectOption({ label: "United States" });
    await withdrawal.getByLabel("Account number").fill("000123456789");
    await withdrawal.getByLabel("Routing number").fill("110000000");
    await withdrawal.getByRole("button", { name: /^Withdraw \$1\.44/ }).click();
    await withdrawal.waitFor({ state: "hidden" });
    await owner.getByText("Arrived").first().waitFor({ timeout: 45_000 });
    await go(owner, "/owner/earnings");
    await owner.getByText("$0.00").first().waitFor();
  };

  /** What anybody can do who was never here: the checker that we serve, held against all that we show. */
  const checkFromOutside = async (): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), "evx-outside-"));
    const served = await fetch(`${venue.base}/evx-proof.tgz`);
    await new Bun.Archive(await served.bytes()).extract(folder);
    const command = [process.execPath, join(folder, "package/cli.js"), "monitor", venue.base];
    const checker = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" });
    const said = JSON.parse(await new Response(checker.stdout).text());
    rmSync(folder, { recursive: true });
    expect(said.faults).toEqual([]);
    expect([await checker.exited, said.ok]).toEqual([0, true]);
  };

  test("a stranger's car becomes credits, is sold, paid for, certified and paid out, all in the browser", async () => {
    const owner = await signUp();
    await addCarWithTrips(owner);
    await askForCredits(owner);
    await approve();
    const listingId = await sell(owner);
    expect(listingId).toBeDefined();
    const buyer = await buyByCard(listingId);
    await readCertificate(buyer);
    await withdraw(owner);
    await checkFromOutside();
  });
});
