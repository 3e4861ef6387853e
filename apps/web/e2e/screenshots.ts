/**
 * Pictures of pages in light and dark, 1360 and 375 px, English and Vietnamese, with what axe finds and whether the
 * page scrolls sideways.
 *
 *   bun e2e/screenshots.ts --base http://127.0.0.1:5173 --as owner@demo.evx /owner /owner/vehicles
 *
 * --only 375-dark-vi  one look (a part of its name is enough)     --out folder  default: screenshots/
 * --full              the whole page, not only the first screen
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { axeFindings, looks, nameOf, settled, sideways, signIn, startBrowser } from "./browser.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: "string", default: "http://127.0.0.1:5173" },
    as: { type: "string" },
    password: { type: "string", default: "demo-password-1" },
    only: { type: "string", default: "" },
    out: { type: "string", default: join(import.meta.dir, "../screenshots") },
    full: { type: "boolean", default: false },
  },
});

mkdirSync(values.out, { recursive: true });
const { reader, stop } = await startBrowser();
let faults = 0;

try {
  let state: Awaited<ReturnType<Awaited<ReturnType<typeof reader>>["storageState"]>> | undefined;
  if (values.as) {
    const context = await reader({ theme: "light", width: 1360, locale: "en" });
    await signIn(await context.newPage(), values.base, values.as, values.password);
    state = await context.storageState();
    await context.close();
  }
  for (const look of looks.filter((each) => nameOf(each).includes(values.only))) {
    const context = await reader(look, state);
    for (const path of positionals.length > 0 ? positionals : ["/"]) {
      const page = await context.newPage();
      const heard = new Set<string>();
      const said = { push: (line: string) => heard.add(line) };
      page.on("console", (message) => message.type() === "error" && said.push(`console: ${message.text()}`));
      page.on("pageerror", (error) => said.push(`error: ${error.message}`));
      await page.goto(values.base + path);
      await settled(page).catch((error: Error) => said.push(`not settled: ${error.message.split("\n")[0]}`));
      const file = join(
        values.out,
        `${path.replaceAll(/[^\w]+/g, "_").replace(/^_|_$/g, "") || "start"}-${nameOf(look)}.png`,
      );
      await page.screenshot({ path: file, fullPage: values.full });
      const found = [
        ...heard,
        ...(await axeFindings(page)).map((line) => `axe ${line}`),
        ...(await sideways(page)).map((line) => `wider than the page: ${line}`),
      ];
      faults += found.length;
      console.log(`${found.length === 0 ? "ok  " : "LOOK"} ${nameOf(look)} ${path} ${file}`);
      for (const line of found) console.log(`       ${line}`);
      await page.close();
    }
    await context.close();
  }
} finally {
  await stop();
}
process.exitCode = faults === 0 ? 0 : 1;
