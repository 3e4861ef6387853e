import { expect, test } from "bun:test";
import { settled, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

inBrowser("an auditor's keys", (venue) => {
  /** A request of three trips, one of which uses far more energy than a car of its kind. */
  const aRequest = async (): Promise<string> => {
    const context = await venue.reader({ theme: "light", width: 1360, locale: "en" });
    const page = await context.newPage();
    await signIn(page, venue.base, "owner@demo.evx");
    const post = async (path: string, data: object) => {
      const answer = await page.request.post(`${venue.base}/api${path}`, { data });
      expect([path, answer.status() < 300, await answer.text()]).toEqual([path, true, expect.any(String)]);
      return answer.json();
    };
    const letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    const random = crypto.getRandomValues(new Uint8Array(6));
    const vin = `RLVKEYS00TA${Array.from(random, (byte) => letters[byte % 10 === 9 ? 23 : 23 + (byte % 10)] ?? "0").join("")}`;
    const { vehicle } = await post("/vehicles", {
      vin,
      make: "VinFast",
      model: "VF 5",
      year: 2024,
      countryCode: "VN",
    });
    // A day and a distance of their own: the same trips twice would be twins, which need words and a second auditor.
    const day = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
    const at = (hour: number, minute = 0) =>
      new Date(Date.UTC(2026, 0, 2 + (day % 300), hour, (day % 15) + minute)).toISOString();
    const distanceKm = 19 + (day % 1_000) / 1_000;
    for (const [hour, energyKwh] of [
      [1, 3.1],
      [4, 9],
      [8, 3.3],
    ] as const) {
      await post(`/vehicles/${vehicle.id}/trips`, {
        startTime: at(hour),
        endTime: at(hour, 40),
        distanceKm,
        energyKwh,
      });
    }
    const { request } = await post("/credits/request", { vehicleId: vehicle.id });
    await context.close();
    return request.id;
  };

  test("refuse one trip and approve the rest in at most 12 keys, without a mouse", async () => {
    const id = await aRequest();
    const context = await venue.reader({ theme: "light", width: 1360, locale: "en" });
    const page = await context.newPage();
    await signIn(page, venue.base, "cva@demo.evx");
    await page.goto(`${venue.base}/cva/requests/${id}`);
    await settled(page);
    let keys = 0;
    const press = async (key: string) => {
      keys += 1;
      await page.keyboard.press(key);
    };
    await press("c");
    await page.getByRole("button", { name: "Approve", exact: true }).waitFor();
    await press("f");
    await press("r");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    // Nothing is chosen for the person: sending it so is refused.
    expect(await dialog.locator("input[type=radio]:checked").count()).toBe(0);
    await press("1");
    expect(await dialog.locator("input[type=radio]:checked").count()).toBe(1);
    await press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByText("1 trip", { exact: false }).first().waitFor();
    await press("a");
    await page.waitForFunction(() => document.activeElement?.matches("[role=dialog] button[type=submit]"));
    await press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Approved", { exact: true }).first().waitFor();
    expect(keys).toBeLessThanOrEqual(12);
    await context.close();
  });

  test("? shows the keys, and keys that are typed into a field do nothing else", async () => {
    const context = await venue.reader({ theme: "dark", width: 1360, locale: "vi" });
    const page = await context.newPage();
    await signIn(page, venue.base, "cva@demo.evx");
    await page.goto(`${venue.base}/cva`);
    await settled(page);
    await page.locator("a[href^='/cva/requests/']").first().click();
    // The keys belong to the request's page: the list stands until that one is there.
    await page.locator("main a[href='/cva']").first().waitFor();
    await settled(page);
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Phím tắt").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.evaluate(() => {
      const field = document.createElement("input");
      field.id = "typed";
      document.querySelector("main")?.append(field);
      field.focus();
    });
    await page.keyboard.type("?car");
    expect(await page.locator("#typed").inputValue()).toBe("?car");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await context.close();
  });
});
