import { expect, test } from "bun:test";
import { formatsPage } from "./page.ts";

test("docs/formats.md says what the formats say; `bun run docs` writes it anew", async () => {
  expect(await Bun.file(`${import.meta.dir}/../../../../docs/formats.md`).text()).toBe(formatsPage());
});
