/** What people write is shown as they wrote it and never run; and the operator's console does what it says. */
import { beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { type Look, settled, signIn } from "./browser.ts";
import { fillWithUglyText, ugly, uglyName, uglyWord } from "./ugly.ts";
import { inBrowser } from "./venue.ts";

const english: Look = { theme: "light", width: 1360, locale: "en" };
const vietnamese: Look = { theme: "dark", width: 1360, locale: "vi" };

/** Whether any of the text ran in a page, and how much of it became elements. */
const seen = () => ({
  ran: "ran" in globalThis,
  markup: document.querySelectorAll("img[src=x], [onerror], [onfocus], svg[onload]").length,
});

inBrowser("trust", (venue) => {
  let life: Awaited<ReturnType<typeof fillWithUglyText>>;

  beforeAll(async () => {
    life = await fillWithUglyText(venue.base);
  }, 180_000);
  const reader = async (look: Look, email?: string, password?: string) => {
    const context = await venue.reader(look);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    if (email) await signIn(page, venue.base, email, password);
    return { page, context };
  };

  /** Types into every field of a page and presses Enter there, as somebody would who looks for a hole. */
  const typeEverywhere = async (page: Page) => {
    const fields = page.locator(
      "main input:not([type]), main input[type=text], main input[type=search], main textarea",
    );
    for (let index = 0; index < Math.min(await fields.count(), 6); index++) {
      const field = fields.nth(index);
      if (!(await field.isEditable().catch(() => false))) continue;
      await field.fill(ugly.slice(0, 90), { timeout: 3_000 }).catch(() => {});
      await field.press("Enter", { timeout: 3_000 }).catch(() => {});
    }
    await page.waitForTimeout(150);
  };

  const tours = {
    owner: (): [string, string?, string?][] => [
      ["/owner"],
      ["/owner/vehicles", uglyWord],
      [`/owner/vehicles/${life.vehicleId}`, uglyWord],
      [`/owner/vehicles/${life.vehicleId}/trips/${life.tripId}`, ugly],
      [`/owner/vehicles/${life.vehicleId}/import`],
      ["/owner/requests"],
      [`/owner/requests/${life.requestId}`, ugly],
      ["/owner/wallet"],
      ["/owner/certificates"],
      ["/owner/listings/new"],
      ["/notifications", ugly.slice(0, 200)],
      ["/account"],
    ],
    cva: (): [string, string?, string?][] => [
      [`/cva/requests/${life.requestId}`, ugly],
      ["/cva/certificates"],
      ["/cva/kyc"],
    ],
    admin: (): [string, string?, string?][] => [
      [`/admin/users?q=${encodeURIComponent(uglyName)}`, uglyName],
      [`/admin/users/${life.ownerId}`, uglyName],
      ["/admin/log"],
      ["/admin/payments"],
    ],
    visitor: (): [string, string?, string?][] => [
      [`/c/${life.number}`, ugly.slice(0, 200)],
      ["/certificates"],
      ["/registry"],
      [`/registry/serials/${encodeURIComponent(uglyWord)}`],
      [`/marketplace?q=${encodeURIComponent(ugly)}`],
      [`/sign-in?next=${encodeURIComponent("javascript:globalThis.ran=1")}`],
      [`/verify-email?token=${encodeURIComponent(ugly)}`],
      [`/c/${encodeURIComponent(uglyWord)}#1.${encodeURIComponent(ugly)}`],
    ],
  };

  const people: [keyof typeof tours, () => [string, string] | []][] = [
    ["owner", () => [life.email, life.password]],
    ["cva", () => ["cva@demo.evx", "demo-password-1"]],
    ["admin", () => ["admin@demo.evx", "demo-password-1"]],
    ["visitor", () => []],
  ];
  test("the text is as bad as it looks: in a page that trusts it, it runs", async () => {
    const { page, context } = await reader(english);
    page.on("dialog", (dialog) => void dialog.dismiss());
    await page.setContent(`<p title="${ugly}">${ugly}</p><input value="${uglyName}">`);
    await page.waitForFunction(() => "ran" in globalThis);
    expect((await page.evaluate(seen)).ran).toBe(true);
    expect((await page.evaluate(seen)).markup).toBeGreaterThan(2);
    await context.close();
  });

  for (const [who, credentials] of people) {
    test(`as ${who}: script, markup and SQL in any text are shown as they were written, and nothing runs`, async () => {
      const { page, context } = await reader(english, ...credentials());
      const found: string[] = [];
      let here = "";
      page.on("dialog", (dialog) => {
        found.push(`${here}: a dialog opened`);
        void dialog.dismiss();
      });
      page.on("pageerror", (error) => found.push(`${here}: ${error.message}`));
      for (const [path, shows] of tours[who]()) {
        here = path;
        await page.goto(venue.base + path);
        await settled(page);
        if (shows) {
          const shown = await page
            .getByText(shows, { exact: false })
            .first()
            .waitFor({ timeout: 15_000 })
            .then(
              () => true,
              () => false,
            );
          if (!shown) found.push(`${here}: the text is not shown as it was written`);
        }
        await typeEverywhere(page);
        const grown = await page.evaluate(seen);
        if (grown.ran) found.push(`${here}: a script ran`);
        if (grown.markup > 0) found.push(`${here}: text became markup`);
      }
      expect(found).toEqual([]);
      await context.close();
    });
  }

  for (const look of [english, vietnamese]) {
    const vi = look.locale === "vi";
    const say = (en: string, other: string) => (vi ? other : en);

    test(`the console in ${look.locale}: find, create, accredit, change role, suspend, let in, sign out, read sessions and trail`, async () => {
      const { page, context } = await reader(look, "admin@demo.evx");
      const email = `new-${look.locale}-${Date.now()}@journey.example`;
      const name = `Console ${look.locale}`;
      await page.goto(`${venue.base}/admin/users`);
      await settled(page);
      await page.getByRole("button", { name: say("Create a user", "Tạo người dùng") }).click();
      const form = page.getByRole("dialog");
      await form.locator("input[name=fullName]").fill(name);
      await form.locator("input[name=email]").fill(email);
      await form.locator("select").selectOption("cva");
      await form.getByRole("button", { name: say("Create a user", "Tạo người dùng") }).click();
      await form.waitFor({ state: "hidden" });

      await page.getByLabel(say("Name or email", "Tên hoặc email")).fill(email);
      const row = page.getByRole("link", { name: new RegExp(email) });
      await row.waitFor();
      await page.getByLabel(say("Role", "Vai trò")).selectOption("buyer");
      await row.waitFor({ state: "hidden" });
      await page.getByLabel(say("Role", "Vai trò")).selectOption("cva");
      await page.getByLabel(say("State", "Trạng thái")).selectOption("unaccredited");
      await row.click();
      await settled(page);

      const act = async (
        label: string,
        fill?: (dialog: ReturnType<Page["getByRole"]>) => Promise<unknown>,
      ) => {
        await page
          .getByRole("button", { name: say(`Actions for ${name}`, `Thao tác cho ${name}`) })
          .first()
          .click();
        await page.getByRole("menuitem", { name: label, exact: true }).click();
        const dialog = page.getByRole("dialog").or(page.getByRole("alertdialog"));
        await dialog.waitFor();
        await fill?.(dialog);
        await dialog.getByRole("button", { name: label, exact: true }).click();
        await dialog.waitFor({ state: "hidden" });
      };
      const told = (await import(`../src/i18n/${look.locale}/audit.ts`)).default as Record<string, string>;
      const traced = (action: string) => page.getByText(`${told[action]}`).first().waitFor();
      await act(say("Accredit", "Công nhận"));
      await traced("user.accredit");
      await act(say("Change role", "Đổi vai trò"), (dialog) =>
        dialog.locator("select").selectOption("buyer"),
      );
      await traced("user.change_role");
      await act(say("Suspend", "Tạm khóa"), (dialog) => dialog.locator("input").fill("Stolen identity"));
      await traced("user.suspend");
      await page.getByText("Stolen identity").first().waitFor();
      await act(say("Lift the suspension", "Mở khóa"));
      await traced("user.unsuspend");
      await act(say("Sign out everywhere", "Đăng xuất mọi nơi"));
      await traced("user.force_sign_out");

      // Somebody who is signed in is seen to be, and the trail proves itself.
      await page.goto(`${venue.base}/admin/users?q=admin@demo.evx`);
      await page.getByRole("link", { name: /admin@demo\.evx/ }).click();
      await page
        .getByText(/HeadlessChrome|Chrome/)
        .first()
        .waitFor();
      await page.goto(`${venue.base}/admin/log`);
      await page.getByRole("button", { name: say("Verify the log", "Kiểm tra toàn vẹn") }).click();
      await page.getByText(say("The trail is intact", "Nhật ký toàn vẹn")).first().waitFor();
      await context.close();
    });
  }

  test("an operator is told that their own role is another's to change", async () => {
    const { page, context } = await reader(english, "admin@demo.evx");
    const answer = await page.evaluate(async () => {
      const call = async (path: string, body: object) =>
        (
          await fetch(`/trpc/${path}`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          })
        ).json();
      const { result } = await (await fetch("/trpc/identity.me")).json();
      return call("identity.users.changeRole", { id: result.data.user.id, role: "buyer" });
    });
    expect(answer.error.message).toMatch(/ask another operator/);
    await context.close();
  });
});
