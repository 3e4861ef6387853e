import { expect, test } from "bun:test";
import { type Look, settled, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

// What a person has typed or is in the middle of survives what goes wrong around it.

const desktop: Look = { theme: "light", width: 1360, locale: "en" };
const phone: Look = { theme: "light", width: 375, locale: "vi" };

inBrowser("nothing typed is lost", (venue) => {
  const open = async (path: string, { look = desktop, as }: { look?: Look; as?: string } = {}) => {
    const context = await venue.reader(look);
    const page = await context.newPage();
    if (as) await signIn(page, venue.base, as);
    await page.goto(venue.base + path);
    await settled(page);
    return { page, context };
  };

  test("a session that ended asks to sign in over the page, and the form is as it was", async () => {
    const { page, context } = await open("/buyer/retire", { as: "buyer@demo.evx" });
    await page.locator("input[name=beneficiaryName]").fill("Mekong Cold Chain");
    await context.clearCookies();
    await page.locator("input[name=amount]").fill("0.001");
    await page.locator("select[name=reason]").selectOption("event");
    await page.locator("form button[type=submit]").click();
    await page.getByText("for good").first().waitFor();
    await page.locator("form button[type=submit]").click();
    await page.locator("[role=dialog] input[name=password]").waitFor();
    expect(await page.locator("[role=dialog] input[name=email]").inputValue()).toBe("buyer@demo.evx");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
    await page.keyboard.type("demo-password-1");
    await page.keyboard.press("Enter");
    await page.locator("[role=dialog] input[name=password]").waitFor({ state: "detached" });
    expect(new URL(page.url()).pathname).toBe("/buyer/retire");
    expect(await page.locator("form").textContent()).toContain("Mekong Cold Chain");
    await page.locator("form button[type=submit]").click();
    await page.locator("a[href^='/certificates/']").waitFor();
    await context.close();
  });

  test("a form that is open in a list stays open, as it was typed, when the list is read anew", async () => {
    const { page, context } = await open("/admin/rules", { as: "admin@demo.evx" });
    const card = page.locator("section, article").filter({ hasText: "How long positions are kept" }).last();
    await card.getByRole("button", { name: "Change" }).click();
    await card.getByLabel("Why").fill("The regulator asks for it");
    const again = page.waitForResponse((answer) => answer.url().includes("rules.list"));
    // As another window's focus has it, after what was read has grown old.
    await page.evaluate(() => {
      const now = Date.now;
      Date.now = () => now() + 60_000;
      dispatchEvent(new Event("visibilitychange"));
    });
    await again;
    await page.waitForTimeout(500);
    expect(await card.getByLabel("Why").inputValue()).toBe("The regulator asks for it");
    await context.close();
  });

  test("a form's draft survives a reload, and never holds a password", async () => {
    const { page, context } = await open("/sign-up?role=ev_owner", { look: phone });
    await page.locator("input[name=fullName]").fill("Nguyễn Thị Hường");
    await page.locator("input[name=password]").fill("a-long-password-7");
    await page.reload();
    await settled(page);
    expect(await page.locator("input[name=fullName]").inputValue()).toBe("Nguyễn Thị Hường");
    expect(await page.locator("input[name=password]").inputValue()).toBe("");
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain("a-long-password");
    await context.close();
  });

  test("a request that hangs for three seconds is spoken of, and the words go when the answer comes", async () => {
    // What a service worker fetches cannot be held here.
    const context = await venue.browser.newContext({
      serviceWorkers: "block",
      locale: "en-US",
      viewport: { width: 1360, height: 900 },
    });
    const page = await context.newPage();
    await page.goto(`${venue.base}/registry`);
    await settled(page);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/\/trpc\//, async (route) => {
      await held;
      // Some are still under way when the page is closed.
      await route.continue().catch(() => {});
    });
    await page.getByRole("link", { name: "Market trends" }).first().click();
    await page.getByText("taking longer than usual").waitFor();
    release();
    await page.getByText("taking longer than usual").waitFor({ state: "detached" });
    await context.close();
  });

  test("offline in the middle of a form is said, and what was typed stays", async () => {
    const { page, context } = await open("/sign-in");
    await page.locator("input[name=email]").fill("owner@demo.evx");
    await page.locator("input[name=password]").fill("demo-password-1");
    await context.setOffline(true);
    await page.locator("button[type=submit]").click();
    await page.getByText("You're offline").waitFor();
    expect(await page.locator("input[name=email]").inputValue()).toBe("owner@demo.evx");
    await context.setOffline(false);
    await page.getByText("Connected again").waitFor();
    await page.locator("button[type=submit]").click();
    await page.waitForURL(/\/owner/);
    await context.close();
  });

  test("a form that is opened without a connection comes when it is back, and the page stands meanwhile", async () => {
    const { page, context } = await open("/owner/vehicles", { as: "owner@demo.evx" });
    await context.setOffline(true);
    await page.getByRole("button", { name: "Add a vehicle" }).first().click();
    await page.getByText("You're offline").waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Your vehicles");
    await context.setOffline(false);
    await page.getByRole("dialog").locator("input[name=make]").waitFor();
    await context.close();
  });

  test("a page and a form whose code did not get through come once it does", async () => {
    const context = await venue.browser.newContext({
      serviceWorkers: "block",
      locale: "en-US",
      viewport: { width: 1360, height: 900 },
    });
    const page = await context.newPage();
    await signIn(page, venue.base, "owner@demo.evx");
    await page.goto(`${venue.base}/owner`);
    await settled(page);
    let down = true;
    await page.route(/\/(assets|health)/, (route) => (down ? route.abort() : route.continue()));
    await page.getByRole("link", { name: "Vehicles" }).first().click();
    await page.getByText("You're offline").waitFor();
    down = false;
    await page.getByRole("heading", { level: 1, name: "Your vehicles" }).waitFor();
    down = true;
    await page.getByRole("button", { name: "Add a vehicle" }).first().click();
    await page.getByText("You're offline").waitFor();
    down = false;
    await page.getByRole("dialog").locator("input[name=make]").waitFor();
    await context.close();
  });

  test("a page of another role offers to use another account, and comes back to that page", async () => {
    const { page, context } = await open("/cva", { as: "owner@demo.evx" });
    await page.getByRole("button", { name: "Use another account" }).click();
    await page.waitForURL(/\/sign-in\?next=%2Fcva/);
    await page.locator("input[name=email]").fill("cva@demo.evx");
    await page.locator("input[name=password]").fill("demo-password-1");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${venue.base}/cva`);
    await context.close();
  });

  test("signing up is reachable on a phone, and the footer leads to the terms", async () => {
    const { page, context } = await open("/", { look: phone });
    const box = await page.getByRole("link", { name: "Đăng ký", exact: true }).first().boundingBox();
    expect(box && box.x + box.width <= 375 && box.y < 64).toBe(true);
    await page.getByRole("contentinfo").getByRole("link", { name: "Điều khoản" }).click();
    await page.waitForURL(/\/terms/);
    expect(await page.locator("h1").textContent()).toBe("Điều khoản");
    await context.close();
  });

  test("the keyboard starts a dialog at its first field, and is led back where it was", async () => {
    const { page, context } = await open("/owner/vehicles", { as: "owner@demo.evx" });
    const add = page.getByRole("button", { name: /Add a (car|vehicle)/i }).first();
    await add.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toMatch(/INPUT|SELECT/);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.tagName === "BUTTON");
    await context.close();
  });
});
