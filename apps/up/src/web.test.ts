import { expect, test } from "bun:test";
import { resolve } from "node:path";
import { webSources } from "./web.ts";

const root = resolve(import.meta.dir, "../../..");

test("a page, a word, a component, a rule's sentence: whatever the web is built of makes the next start build it anew", () => {
  const sources = new Set(webSources(root));
  for (const file of [
    "bun.lock",
    "apps/web/build.ts",
    "apps/web/index.html",
    "apps/web/src/main.tsx",
    "apps/web/src/i18n/vi/frame.ts",
    "apps/web/public/pages.json",
    "packages/web/ui/src/index.ts",
    "packages/ground/kernel/src/index.ts",
    "packages/people/accounts/src/schema.ts",
    "packages/market/listings/src/errors.ts",
    "docs/operations.md",
  ])
    expect([file, sources.has(file)]).toEqual([file, true]);
});
