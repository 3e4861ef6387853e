import { expect, test } from "bun:test";
import { Glob } from "bun";
import en from "./en/audit.ts";

const root = new URL("../../../../", import.meta.url).pathname;

/** Codes that the rooms write into the trail, read from their sources. */
const written = async (): Promise<string[]> => {
  const codes = new Set<string>();
  for await (const file of new Glob("packages/*/*/src/**/*.ts").scan({ cwd: root })) {
    if (/\.test\.|testing/.test(file)) continue;
    const text = await Bun.file(root + file).text();
    for (const [, code = ""] of text.matchAll(/\baudit\(\s*[\w.]+,\s*[^,]+?,\s*"([a-z_0-9]+\.[a-z_0-9]+)"/g))
      codes.add(code);
    for (const [, one = "", other = ""] of text.matchAll(
      /\baudit\(\s*[\w.]+,\s*[^,]+?,[^,]*\? "([a-z_0-9]+\.[a-z_0-9]+)" : "([a-z_0-9]+\.[a-z_0-9]+)"/g,
    ))
      codes.add(one).add(other);
  }
  return [...codes].sort();
};

test("every action that the trail holds has a name in both languages", async () => {
  const codes = await written();
  expect(codes.length).toBeGreaterThan(50);
  expect(codes).toContain("driver.leave");
  expect(codes.filter((code) => !Object.hasOwn(en, code))).toEqual([]);
});
