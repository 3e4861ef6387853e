/** What an operator does in the browser and everybody else then sees: a failed job, an announcement, a closed venue. */
import { expect, test } from "bun:test";
import { axeFindings, type Look, settled, sideways, signIn } from "./browser.ts";
import { inBrowser } from "./venue.ts";

const desk: Look = { theme: "light", width: 1360, locale: "en" };
const phone: Look = { theme: "light", width: 375, locale: "vi" };

/** A moment as a datetime-local field takes it, in the zone of the tests' browser (UTC+7). */
const local = (at: number) => new Date(at + 7 * 3_600_000).toISOString().slice(0, 16);

inBrowser("an operator", (venue) => {
  const reader = async (look: Look, path: string, as?: string) => {
    const context = await venue.reader(look);
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    if (as) await signIn(page, venue.base, as);
    await page.goto(`${venue.base}${path}`);
    await settled(page);
    return { context, page };
  };

  test("reads why a job failed in their language and runs it again, and it is gone from what failed", async () => {
    if (!venue.statements) return console.log("skipped: the product that was given has no database here");
    venue.statements(`insert into pgboss.job (name, data, source_name, source_retry_count, source_output) values
      ('jobs.dead_letter', '{"payload":{"exportId":"exp_01k00000000000000000000000"},"cause":"req-run-again"}',
       'reports.write_export', 12, '{"message":"connect ECONNREFUSED 10.0.0.7:587"}')`);
    const vietnamese = await reader(phone, "/admin/jobs", "admin@demo.evx");
    await vietnamese.page.getByText("Không kết nối được một dịch vụ bên ngoài").waitFor();
    expect(await vietnamese.page.getByText("ECONNREFUSED").isVisible()).toBe(false);
    await vietnamese.page.getByText("Chi tiết kỹ thuật").click();
    await vietnamese.page.getByText("connect ECONNREFUSED 10.0.0.7:587").waitFor();
    expect(await sideways(vietnamese.page)).toEqual([]);
    expect(await axeFindings(vietnamese.page)).toEqual([]);
    await vietnamese.context.close();

    const { context, page } = await reader(desk, "/admin/jobs", "admin@demo.evx");
    await page.getByText("A service outside could not be reached.").waitFor();
    const job = page.getByRole("row").filter({ hasText: "req-run-again" });
    await job.getByRole("button", { name: "Run again" }).click();
    await page.getByText("A job of Write report files runs again").waitFor();
    await job.waitFor({ state: "detached" });
    // The file that it was to write is nobody's any more: the job is done, and does not come back.
    await page.reload();
    await settled(page);
    await page.getByText("Nothing failed").waitFor();
    await page.getByText("All caught up").waitFor();
    await context.close();
  });

  test("announces something, and a visitor on a phone reads it in their language with its end, and can close it", async () => {
    const { context, page } = await reader(desk, "/admin/venue", "admin@demo.evx");
    await page.getByLabel("In English").fill("Withdrawals arrive a day later this week.");
    await page.getByLabel("In Vietnamese").fill("Tuần này tiền rút về chậm một ngày.");
    const end = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 26 * 3_600_000;
    await page.getByLabel("Until").fill(local(end));
    await page.getByRole("button", { name: "Announce" }).click();
    await page.getByText("The announcement is set.").waitFor();

    const visitor = await reader(phone, "/marketplace");
    const strip = visitor.page.getByRole("status").filter({ hasText: "Tuần này tiền rút về chậm một ngày." });
    const [day = "", hour = ""] = local(end).split("T");
    const said = await strip.textContent();
    expect(said).toContain(`Đến ${hour} ${day.split("-").reverse().join("/")}`);
    expect(await sideways(visitor.page)).toEqual([]);
    await strip.getByRole("button", { name: "Đóng thông báo này" }).click();
    await strip.waitFor({ state: "detached" });
    await visitor.page.reload();
    await settled(visitor.page);
    expect(await strip.count()).toBe(0);
    await visitor.context.close();

    await page.getByRole("button", { name: "Take down" }).first().click();
    await page.getByText("The announcement is taken down.").waitFor();
    await context.close();
  });

  test("closes the venue: a visitor reads that, why nothing is lost and when it should be open, and it opens again", async () => {
    const { context, page } = await reader(desk, "/admin/venue", "admin@demo.evx");
    await page.getByText("Read-only", { exact: true }).first().click();
    const end = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 3_600_000;
    await page.getByLabel("Expected end").fill(local(end));
    await page.getByLabel("Why").fill("A gateway is being changed");
    await page.getByRole("button", { name: "Set the mode" }).click();
    await page.getByText("The mode is set.").waitFor();

    for (const [look, words] of [
      [phone, ["Chúng tôi đang bảo trì sàn.", "Dự kiến xong trước", "cộng lại thời gian"]],
      [desk, ["We are working on the venue.", "We expect to be done by", "get their time back"]],
    ] as const) {
      const visitor = await reader(look, "/marketplace");
      const strip = visitor.page.getByRole("status").filter({ hasText: words[0] });
      for (const text of words) expect(await strip.textContent()).toContain(text);
      expect(await sideways(visitor.page)).toEqual([]);
      expect(await axeFindings(visitor.page)).toEqual([]);
      await visitor.context.close();
    }

    await page.getByText("Open", { exact: true }).first().click();
    await page.getByLabel("Why").fill("Done");
    await page.getByRole("button", { name: "Set the mode" }).click();
    await page.getByText(/The venue is open\./).waitFor();
    const after = await reader(phone, "/marketplace");
    expect(await after.page.getByText("Chúng tôi đang bảo trì sàn.").count()).toBe(0);
    await after.context.close();
    await context.close();
  });

  test("schedules a change of a rule and calls it off; both stay to be read, and it never holds", async () => {
    const { context, page } = await reader(desk, "/admin/rules", "admin@demo.evx");
    const card = page.locator("section, article").filter({ hasText: "Two auditors" }).last();
    await card.getByRole("button", { name: "Change" }).click();
    const [trial, no] = [`Trial ${Date.now()}`, `Not agreed ${Date.now()}`];
    await card.getByLabel("Above").fill("25");
    await card.locator("input[type=datetime-local]").fill(local(Date.now() + 3 * 86_400_000));
    await card.getByLabel("Why").fill(trial);
    await card.getByRole("button", { name: "Schedule the change" }).click();
    await page.getByText("The rule is set.").waitFor();

    await card.getByRole("button", { name: "Change" }).click();
    const planned = card.getByRole("listitem").filter({ hasText: trial });
    await planned.getByText("(scheduled)").waitFor();
    await planned.getByRole("button", { name: "Call off" }).click();
    const asked = page.getByRole("alertdialog").or(page.getByRole("dialog"));
    await asked.getByRole("button", { name: "Call off the change" }).click();
    await asked.getByText("Say why").waitFor();
    await asked.getByLabel("Why").fill(no);
    await asked.getByRole("button", { name: "Call off the change" }).click();
    await page.getByText(/Version \d+ is called off\./).waitFor();

    await card.getByRole("button", { name: "Change" }).click();
    await planned.getByText(/called off by version \d+/).waitFor();
    expect(await planned.getByRole("button", { name: "Call off" }).count()).toBe(0);
    await card
      .getByRole("listitem")
      .filter({ hasText: no })
      .getByText(/calls off version/)
      .waitFor();
    expect(await sideways(page)).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await context.close();
  });
});
