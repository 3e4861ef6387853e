import { expect, test } from "bun:test";
import type { Route } from "playwright-core";
import { axeFindings, type Look, settled, sideways, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

const desktop: Look = { theme: "light", width: 1360, locale: "en" };
const phone: Look = { theme: "dark", width: 375, locale: "vi" };

inBrowser("the frame", (venue) => {
  const open = async (path: string, look: Look = desktop) => {
    const context = await venue.reader(look);
    const page = await context.newPage();
    await page.goto(venue.base + path);
    await settled(page);
    return { page, context };
  };

  test("a stranger at a member's page signs in and lands on that page", async () => {
    const { page, context } = await open("/notifications?from=mail");
    await page.waitForURL(/\/sign-in\?next=/);
    await page.locator("input[name=email]").fill("owner@demo.evx");
    await page.locator("input[name=password]").fill("demo-password-1");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${venue.base}/notifications?from=mail`);
    await context.close();
  });

  test("a server too busy to say who is here is no reason to sign in: the page says so, and asks again", async () => {
    const context = await venue.reader(desktop);
    const page = await context.newPage();
    await signIn(page, venue.base, "owner@demo.evx", "demo-password-1");
    const message = "Too many requests from here. Wait a moment and try again.";
    const busy = (url: URL) => url.pathname.includes("identity.me");
    await page.route(busy, (route) =>
      route.fulfill({ status: 429, json: { error: { code: "rate_limited", message } } }),
    );
    await page.goto(`${venue.base}/owner/vehicles`);
    await page.getByText(message).first().waitFor();
    expect(new URL(page.url()).pathname).toBe("/owner/vehicles");
    await page.unroute(busy);
    await page.getByRole("button", { name: "Try again" }).first().click();
    await page.locator("h1").first().waitFor();
    expect(new URL(page.url()).pathname).toBe("/owner/vehicles");
    await context.close();
  });

  const away: Record<string, (route: Route) => Promise<void>> = {
    "429 of the server": (route) =>
      route.fulfill({ status: 429, json: { code: "rate_limited", message: "Too many requests from here." } }),
    "429 of a gateway": (route) => route.fulfill({ status: 429, body: "<html>Too Many Requests</html>" }),
    "503 of the server": (route) =>
      route.fulfill({ status: 503, json: { code: "unavailable", message: "The venue is busy." } }),
    "502 of a gateway": (route) => route.fulfill({ status: 502, body: "<html>Bad Gateway</html>" }),
    "no network": (route) => route.abort("connectionreset"),
  };

  test("whatever keeps the server from saying who is here, the frame stays theirs, says so, and heals by itself", async () => {
    for (const look of [desktop, phone]) {
      const context = await venue.reader(look);
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await signIn(page, venue.base, "owner@demo.evx");
      const vi = look.locale === "vi";
      const vehicles = page
        .getByRole("navigation")
        .getByRole("link", { name: vi ? "Xe" : "Vehicles", exact: true })
        .first();
      const ways = page.getByRole("link", { name: vi ? /Đăng (nhập|ký)/ : /Sign (in|up)/ });
      const said = vi
        ? /Bạn vẫn đang đăng nhập|không có kết nối|ngoại tuyến|mất kết nối/i
        : /You are still signed in|You're offline/;
      for (const [how, answer] of Object.entries(away)) {
        const path = vi ? "/owner" : "/marketplace";
        const calls = (url: URL) => /^\/(trpc|health)/.test(url.pathname);
        await page.route(calls, answer);
        await page.goto(venue.base + path);
        await vehicles.waitFor();
        await page.getByText(said).first().waitFor();
        expect([how, path, await ways.count()]).toEqual([how, path, 0]);
        expect(new URL(page.url()).pathname).toBe(path);
        expect(await sideways(page)).toEqual([]);
        await page.unroute(calls);
        await page.getByText(said).first().waitFor({ state: "detached" });
        await page.locator("h1").first().waitFor();
        await page
          .getByText(vi ? "Không tải được" : "This could not be loaded")
          .first()
          .waitFor({ state: "detached" });
      }
      await context.close();
    }
  });

  test("a visitor whom a busy server cannot answer may sign in as ever", async () => {
    const context = await venue.reader(desktop);
    const page = await context.newPage();
    await page.route((url) => url.pathname.startsWith("/trpc"), away["429 of the server"] ?? (() => {}));
    await page.goto(`${venue.base}/marketplace`);
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    await context.close();
  });

  test("what is mistyped in an address is said, and no other figures are shown for a period that is none", async () => {
    const context = await venue.reader(desktop);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await signIn(page, venue.base, "owner@demo.evx");
    const said = async (path: string, sentence: string) => {
      await page.goto(venue.base + path);
      await page.getByText(sentence).first().waitFor();
      expect([path, await page.locator("main table").count()]).toEqual([path, 0]);
    };
    await said("/owner/reports?from=banana", "Enter a day such as 2026-03-01.");
    await said("/owner/reports?to=2026-02-30", "Enter a day such as 2026-03-01.");
    await said("/owner/reports?from=0002-01-01", "Enter a time in the years 1900 to 2199.");
    await said("/owner/reports?from=2026-03-01&to=2026-01-01", "The period ends before it begins.");
    await said("/owner/wallet?from=banana", "Enter the time as ISO 8601");
    await said("/owner/wallet?from=2026-03-01&to=2026-01-01", "The period ends before it begins.");

    await page.goto(`${venue.base}/registry?view=bananas&vintage=0002`);
    await page.getByText("“view=bananas”").waitFor();
    await page.getByText("“vintage=0002”").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.goto(`${venue.base}/registry?vintage=2026`);
    await settled(page);
    expect(await page.getByText("which this page cannot read").count()).toBe(0);
    await context.close();
  });

  test("who asks for the monthly mail and has chosen no zone gets it by the zone that the page counts in", async () => {
    const context = await venue.reader(desktop);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await signIn(page, venue.base, "owner@demo.evx");
    const zoneKept = async () => {
      const answer = await page.request.get(`${venue.base}/trpc/notifications.ways`);
      return ((await answer.json()) as { result: { data: { manner: { zone: string } } } }).result.data.manner
        .zone;
    };
    expect(await zoneKept()).toBe("UTC");
    await page.goto(`${venue.base}/owner/reports`);
    await page.getByRole("button", { name: "Send it to me" }).click();
    await page.getByRole("button", { name: "Stop sending it" }).waitFor();
    // The zone of the tests' browser.
    expect(await zoneKept()).toBe("Asia/Ho_Chi_Minh");
    await context.close();
  });

  test("what a link fills in beforehand, and no field can hold, is said on every page that fills in", async () => {
    const person = async (email: string) => {
      const page = await (await venue.reader(desktop)).newPage();
      page.setDefaultTimeout(20_000);
      if (email) await signIn(page, venue.base, email);
      return page;
    };
    let page = await person("");
    const said = async (path: string, ...parts: string[]) => {
      await page.goto(venue.base + path);
      for (const part of parts) await page.getByText(`“${part}”`).waitFor();
      await settled(page);
      expect(await axeFindings(page)).toEqual([]);
    };
    await said("/sign-up?role=banana", "role=banana");
    expect(await page.locator("input[type=radio]:checked").count()).toBe(0);
    await said("/buy?credits=banana&country=vn", "credits=banana", "country=vn");
    await page.context().close();
    page = await person("owner@demo.evx");
    await said(
      "/owner/listings/new?credits=-1&price=free&type=raffle",
      "credits=-1",
      "price=free",
      "type=raffle",
    );
    await said("/owner/requests?new=banana", "new=banana");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.context().close();
    page = await person("admin@demo.evx");
    await said("/admin/log?action=banana&person=lan&level=loud", "action=banana", "person=lan", "level=loud");
    await page.goto(`${venue.base}/admin/log?level=security`);
    await settled(page);
    expect(await page.getByText("which this page cannot read").count()).toBe(0);
    await page.context().close();
  });

  test("a sign-in link cannot send a person to another site", async () => {
    const { page, context } = await open("/sign-in?next=//evil.example/steal");
    await page.locator("input[name=email]").fill("buyer@demo.evx");
    await page.locator("input[name=password]").fill("demo-password-1");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    expect(new URL(page.url()).origin).toBe(new URL(venue.base).origin);
    await context.close();
  });

  test("a wrong password is said, and the address typed stays", async () => {
    const { page, context } = await open("/sign-in", phone);
    await page.locator("input[name=email]").fill("owner@demo.evx");
    await page.locator("input[name=password]").fill("not the password");
    await page.locator("button[type=submit]").click();
    await page.locator("[role=alert]").waitFor();
    expect(await page.locator("input[name=email]").inputValue()).toBe("owner@demo.evx");
    await context.close();
  });

  test("a missing field is named and takes the focus", async () => {
    const { page, context } = await open("/sign-in");
    await page.locator("button[type=submit]").click();
    await page.locator("input[name=email][aria-invalid=true]").waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("email");
    await context.close();
  });

  test("the language changes without a reload and is kept", async () => {
    const { page, context } = await open("/");
    await page.evaluate(() => Object.assign(globalThis, { kept: true }));
    await page.getByRole("button", { name: /Tiếng Việt/ }).click();
    await page.locator("html[lang=vi]").waitFor();
    expect(await page.locator("h1").textContent()).toContain("Lái xe điện");
    expect(await page.evaluate(() => "kept" in globalThis)).toBe(true);
    await context.close();
  });

  test("the chosen theme is there before the first paint", async () => {
    const { page, context } = await open("/");
    const label = () => page.locator("header button[title^='Theme']");
    await label().click();
    await label().click();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await page.reload({ waitUntil: "commit" });
    await page.locator("html[data-theme=dark]").waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
    await context.close();
  });

  test("a lost connection is said and heals without a reload", async () => {
    const { page, context } = await open("/sign-in");
    await context.setOffline(true);
    await page.locator("input[name=email]").fill("owner@demo.evx");
    await page.locator("input[name=password]").fill("demo-password-1");
    await page.locator("button[type=submit]").click();
    await page.getByText("You're offline").waitFor();
    expect(await page.locator("input[name=email]").inputValue()).toBe("owner@demo.evx");
    await context.setOffline(false);
    await page.getByText("Connected again").waitFor();
    await page.locator("button[type=submit]").click();
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    await context.close();
  });

  test("keyboard alone: skip link first, and a new page's heading takes the focus", async () => {
    const { page, context } = await open("/");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page.getByRole("link", { name: "Sign in" }).press("Enter");
    await page.waitForURL(/sign-in/);
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Sign in");
    await context.close();
  });

  test("an address without a page says so and keeps the frame", async () => {
    const { page, context } = await open("/no/such/page", phone);
    expect(await page.locator("h1").textContent()).toBe("Không tìm thấy trang");
    expect(await page.getByRole("banner").count()).toBe(1);
    await context.close();
  });

  test("signing out forgets everything and ends at the start", async () => {
    const context = await venue.reader(desktop);
    const page = await context.newPage();
    await signIn(page, venue.base, "owner@demo.evx");
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(`${venue.base}/`);
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    await page.goto(`${venue.base}/notifications`);
    await page.waitForURL(/sign-in/);
    await context.close();
  });

  test("the content security policy is kept: the page runs without a single violation", async () => {
    const context = await venue.reader(desktop);
    const page = await context.newPage();
    const said: string[] = [];
    page.on("console", (message) => message.type() === "error" && said.push(message.text()));
    await page.goto(venue.base);
    await settled(page);
    expect(said).toEqual([]);
    await context.close();
  });
});
