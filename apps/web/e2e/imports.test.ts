/**
 * Bringing trips from files, in the browser: a file nobody knows is mapped by hand and remembered, a large one shows its
 * progress through a reload, can be stopped and undone, and says which rows it could not use.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { settled, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

inBrowser("bringing trips", (venue) => {
  const folder = mkdtempSync(join(tmpdir(), "evx-imports-"));
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    context = await venue.reader({ theme: "light", width: 1360, locale: "en" });
    page = await context.newPage();
    page.setDefaultTimeout(45_000);
    await signIn(page, venue.base, "owner@demo.evx");
  });
  afterAll(async () => {
    await context?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string, lines: string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, lines.join("\r\n"));
    return path;
  };
  const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const press = (name: string) => page.getByRole("button", { name, exact: true }).first().click();

  const aCar = async (): Promise<string> => {
    const made = await page.request.post(`${venue.base}/api/vehicles`, {
      headers: { origin: venue.base },
      data: {
        make: "Nissan",
        model: "Leaf 40 kWh",
        year: 2020,
        vin: `VF1AGVYB0${String(Date.now()).slice(-8)}`,
        countryCode: "VN",
      },
    });
    expect(made.status()).toBe(201);
    return ((await made.json()) as { vehicle: { id: string } }).vehicle.id;
  };
  const choose = async (vehicle: string, path: string) => {
    await page.goto(`${venue.base}/owner/vehicles/${vehicle}/import`);
    await settled(page);
    await page.locator("input[type=file]").setInputFiles(path);
  };

  test("a file that nobody knows is mapped by hand once; the next one is read at once", async () => {
    const vehicle = await aCar();
    // Esperanto, which no format knows.
    const header = "Ekveturo;Alveno;Vojlongo;Rimarko";
    await choose(vehicle, file("first.csv", [header, "02.03.2026 08:00;02.03.2026 08:40;31,5;zur Arbeit"]));
    await see("We do not recognise this file");
    await page.getByLabel("Start time").selectOption("Ekveturo");
    await page.getByLabel("End time").selectOption("Alveno");
    await page.getByLabel("Distance", { exact: true }).selectOption("Vojlongo");
    await press("Use these columns");
    await see("Here's how we read it");
    await see(/31\.5\skm/);
    await press("Import this file");
    await see("1 trip imported");

    await choose(vehicle, file("next.csv", [header, "03.03.2026 08:00;03.03.2026 08:40;33;heim"]));
    await see("Here's how we read it");
    await see(/33\.0\skm/);
    await press("Import this file");
    await see("1 trip imported");
  });

  test("a fleet's file is taken apart by a column that is pointed out, shown, imported, and remembered", async () => {
    const serial = String(Date.now()).slice(-7);
    const cars = [0, 1].map((n) => `RLLV5SMA1${n}${serial},VinFast,VF 5,2024,VN,30A-${serial}.${n}`);
    const added = await page.request.post(`${venue.base}/api/fleet/vehicles`, {
      headers: { origin: venue.base, "content-type": "text/csv" },
      data: ["vin,make,model,year,country,plate", ...cars].join("\n"),
    });
    expect(await added.json()).toMatchObject({ created: 2 });
    const rows = (day: string) => [
      "Kasko;Ekveturo;Alveno;Vojlongo",
      `30A-${serial}.0;${day} 10:00;${day} 10:40;20,5`,
      `B 7;${day} 15:00;${day} 15:20;9,5`,
      `30A-${serial}.0;${day} 11:00;${day} 11:40;21,5`,
      `30A-${serial}.1;${day} 10:00;${day} 10:40;22,5`,
    ];
    const chooseFile = async (day: string) => {
      await page.goto(`${venue.base}/owner/fleet/import`);
      await settled(page);
      await page.locator("input[type=file]").setInputFiles(file(`${day}.csv`, rows(day)));
    };
    await chooseFile("02.03.2026");
    await see("Which column names the car?");
    await page.getByLabel("Column that names the car").selectOption("Kasko");
    await see("2 of your cars are in this file");
    await see("B 7: 1 row");
    await page.getByLabel("Start time").selectOption("Ekveturo");
    await page.getByLabel("End time").selectOption("Alveno");
    await page.getByLabel("Distance", { exact: true }).selectOption("Vojlongo");
    await press("Use these columns");
    await see(/21\.5\skm/);
    await press("Import this file");
    await see("3 trips imported for 2 cars");
    await page.reload();
    await see("3 trips imported for 2 cars");

    await chooseFile("03.03.2026");
    await see(/21\.5\skm/);
    await press("Import this file");
    await see("3 trips imported for 2 cars");
  });

  test("a large import goes on through a reload, names what it could not use, and is undone", async () => {
    const vehicle = await aCar();
    const trip = (n: number) => {
      const start = new Date(Date.UTC(2020, 0, 1) + n * 3_600_000);
      const end = new Date(start.getTime() + 1_800_000);
      return `${start.toISOString()},${end.toISOString()},12.5,2.2`;
    };
    const rows = Array.from({ length: 40_000 }, (_, n) => trip(n));
    rows[20_000] = `${rows[20_000]?.split(",")[0]},never,12.5,2.2`;
    await choose(vehicle, file("large.csv", ["start,end,km,kwh", ...rows]));
    await press("Import this file");
    await page.waitForURL(/import=imp_/);
    await page.reload();
    await see("39,999 trips imported");
    await see("Rows that could not be used");
    await see("20,002");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download the report" }).click(),
    ]);
    expect(await Bun.file(await download.path()).text()).toContain("20002");
    await press("Undo this import");
    await press("Undo the import");
    await see("The import is undone");
    await page.goto(`${venue.base}/owner/vehicles/${vehicle}?view=trips`);
    await see("No trips yet");
  });

  test("what is no file of trips, or too large for one, is said before anything is sent", async () => {
    const vehicle = await aCar();
    await choose(vehicle, file("letter.txt", ["Dear all,", "I drove a lot."]));
    await see(/do not recognise/);
    const png = join(folder, "picture.csv");
    writeFileSync(png, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...new Uint8Array(500)));
    await choose(vehicle, png);
    await see(/is PNG, not text/);
  });
});
