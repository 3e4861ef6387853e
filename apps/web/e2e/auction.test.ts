import { beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { type Look, settled, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

const desktop: Look = { theme: "light", width: 1360, locale: "en" };

inBrowser("an auction that is watched", (venue) => {
  let token = "";
  let listingId = "";

  const call = async (path: string, body?: object) => {
    const answer = await fetch(`${venue.base}/api${path}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };

  const bid = (bidAmount: string) => call("/marketplace/bids", { listingId, bidAmount });

  beforeAll(async () => {
    const account = { email: `rival-${Date.now()}@journey.example`, password: "a quiet morning drive" };
    await call("/users/register", { ...account, fullName: "A rival", role: "buyer" });
    ({ token } = await call("/users/login", account));
    const { items } = await call("/marketplace/listings?type=auction&limit=1");
    listingId = items[0].id;
  }, 180_000);

  const watcher = async (path: string) => {
    const context = await venue.reader(desktop);
    const page = await context.newPage();
    await signIn(page, venue.base, "buyer@demo.evx");
    await page.goto(venue.base + path);
    await settled(page);
    return { context, page };
  };

  const live = (page: Page) => page.getByText(/^Live, \d+ (person|people) here$/);

  test("the room tells how many are in it: one person in two tabs is one, and who leaves is gone", async () => {
    const [one, again] = [
      await watcher(`/marketplace/${listingId}`),
      await watcher(`/marketplace/${listingId}`),
    ];
    await one.page.getByText("Live, 1 person here", { exact: true }).waitFor();
    const context = await venue.reader(desktop);
    const stranger = await context.newPage();
    await stranger.goto(`${venue.base}/marketplace/${listingId}`);
    for (const page of [one.page, stranger])
      await page.getByText("Live, 2 people here", { exact: true }).waitFor();
    await context.close();
    await one.page.getByText("Live, 1 person here", { exact: true }).waitFor();
    for (const watching of [one, again]) await watching.context.close();
  });

  test("two browsers see a bid within a second, over one connection a tab", async () => {
    const [one, two] = [
      await watcher(`/marketplace/${listingId}`),
      await watcher(`/marketplace/${listingId}`),
    ];
    for (const { page } of [one, two]) await live(page).waitFor();
    const streams: string[] = [];
    one.page.on("request", (request) => {
      if (request.url().includes("live.many")) streams.push(request.url());
    });
    // A busy machine delays now one, now another; a stream that is polled would be late each time.
    const waits: number[] = [];
    for (const price of ["40.00", "42.00", "44.00"]) {
      await bid(price);
      const sent = performance.now();
      const { listing } = await call(`/marketplace/listings/${listingId}`);
      const words = new RegExp(`(took the lead|leads) at \\$${listing.currentBid.replace(".", "\\.")}`);
      await Promise.all([one, two].map(({ page }) => page.getByText(words).first().waitFor()));
      waits.push(performance.now() - sent);
    }
    expect(Math.min(...waits)).toBeLessThan(1_000);
    expect(streams).toEqual([]);
    for (const { context } of [one, two]) await context.close();
  });

  test("a lost connection is not called live; it heals by itself and misses no price", async () => {
    const { page, context } = await watcher(`/marketplace/${listingId}`);
    await live(page).waitFor();
    await context.setOffline(true);
    await live(page).waitFor({ state: "hidden" });
    await bid("50.00");
    await bid("51.00");
    await context.setOffline(false);
    await live(page).waitFor();
    const { listing } = await call(`/marketplace/listings/${listingId}`);
    await page.getByText(`$${listing.currentBid}`).first().waitFor();
    await context.close();
  });

  test("a listing is watched and a search saved, and both stand on one page", async () => {
    const { page, context } = await watcher(`/marketplace/${listingId}`);
    await page.getByRole("button", { name: "Watch", exact: true }).click();
    await page.getByRole("button", { name: "Stop watching" }).waitFor();
    await page.goto(`${venue.base}/marketplace?country=VN`);
    await settled(page);
    await page.getByRole("button", { name: "Save this search" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("From Vietnam");
    await dialog.getByRole("button", { name: "Save this search" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.goto(`${venue.base}/watching`);
    await settled(page);
    expect(await page.getByRole("link", { name: "From Vietnam" }).getAttribute("href")).toContain(
      "country=VN",
    );
    await page.locator(`a[href="/marketplace/${listingId}"]`).waitFor();
    await context.close();
  });
});
