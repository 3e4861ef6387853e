import { expect, test } from "bun:test";
import { Glob } from "bun";

const here = new URL("./", import.meta.url).pathname;
const ui = new URL("../../../../../packages/web/ui/src/", import.meta.url).pathname;

/** Parts that other components draw, or that draw nothing of their own. */
const inner = new Set([
  "Field",
  "ChartFrame",
  "Grid",
  "PageHeader",
  "UiProvider",
  "VisuallyHidden",
  "Toaster",
]);
const innerFiles = /charts\/(time-marks|frame)\.tsx$|\.test\.tsx$/;

test("the gallery shows every component of the design system", async () => {
  const shown = await Promise.all(
    ["gallery.tsx", "marks.tsx", "states.tsx"].map((file) => Bun.file(here + file).text()),
  ).then((texts) => texts.join("\n"));
  const missing: string[] = [];
  let count = 0;
  for await (const file of new Glob("**/*.tsx").scan({ cwd: ui })) {
    if (innerFiles.test(file)) continue;
    for (const [, name = ""] of (await Bun.file(ui + file).text()).matchAll(
      /^export const ([A-Z][A-Za-z]+) = /gm,
    )) {
      if (inner.has(name)) continue;
      count++;
      if (!shown.includes(`<${name}`)) missing.push(name);
    }
  }
  expect(count).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});
