import { axeFindings, settled, sideways, signIn, startBrowser } from "./browser.ts";

const base = "http://localhost:4400",
  out = "/tmp/evx-ledger/shots/";
const { reader, stop } = await startBrowser();
try {
  for (const [theme, width, locale] of [
    ["light", 1360, "en"],
    ["dark", 375, "vi"],
  ] as const) {
    const context = await reader({ theme, width, locale });
    const page = await context.newPage();
    const shot = async (name: string) => {
      await page.waitForTimeout(500);
      await page.screenshot({ path: `${out}dlg-${name}-${width}.png` });
      console.log(name, await axeFindings(page), await sideways(page));
    };
    page.on("console", (m) => m.type() === "error" && console.log("console", m.text()));
    page.on("pageerror", (e) => console.log("pageerror", e.message));
    await signIn(page, base, "owner@demo.evx", "demo-password-1");
    const other = await (await context.request.get(`${base}/api/public/registry`)).json();
    console.log(other);
    await page.goto(`${base}/owner/wallet`);
    await settled(page);
    await page
      .getByRole("button", { name: /^(Details|Chi tiết).*(Given|Tặng)/ })
      .first()
      .click();
    await shot("movement");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^(Transfer|Chuyển tặng)$/ }).click();
    await page.getByRole("button", { name: /^(Continue|Tiếp tục)$/ }).click();
    await shot("transfer-empty");
    await page.locator("input[name=toUserId]").fill(process.argv[2]!);
    await page.locator("input[name=amount]").fill(locale === "vi" ? "0,0025" : "0.0025");
    await page.locator("textarea[name=note]").fill("Thanks / cảm ơn");
    await shot("transfer-filled");
    await page.getByRole("button", { name: /^(Continue|Tiếp tục)$/ }).click();
    await shot("transfer-sure");
    await page.getByRole("button", { name: /^(Transfer |Chuyển )0/ }).click();
    await page.waitForTimeout(800);
    await shot("transfer-done");
    await page.getByRole("button", { name: /^(Done|Xong)$/ }).click();
    await page.getByRole("button", { name: /^(Retire|Xóa sổ)$/ }).click();
    await page.getByRole("button", { name: /^(Continue|Tiếp tục)$/ }).click();
    await shot("retire-empty");
    await page.locator("input[name=amount]").fill(locale === "vi" ? "0,001" : "0.001");
    await page
      .locator("input[name=beneficiaryName]")
      .fill("Công ty Cổ phần Vận tải và Thương mại Xanh Sài Gòn Quốc tế");
    await page.locator("select[name=reason]").selectOption("travel");
    await page.locator("select[name=beneficiaryCountry]").selectOption("VN");
    await page.locator("textarea[name=message]").fill("Flight Hanoi–Saigon");
    await page.getByRole("button", { name: /^(Continue|Tiếp tục)$/ }).click();
    await shot("retire-sure");
    await page.getByRole("button", { name: /^(Retire for good|Xóa sổ vĩnh viễn)$/ }).click();
    await page.waitForTimeout(1500);
    await shot("retire-done");
    await context.close();
  }
} finally {
  await stop();
}
