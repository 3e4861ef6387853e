import { expect, test } from "bun:test";
import { join } from "node:path";
import { planted } from "./planted.ts";

const root = join(import.meta.dir, "../../..");
const read = (file: string) => Bun.file(join(root, file)).text();

test("every guard that can be taken out stands once in its file, and the test that must notice is there", async () => {
  const wrong: string[] = [];
  for (const { file, guard, test: of, named } of planted) {
    if ((await read(file)).split(guard).length !== 2) wrong.push(`${file}: ${guard}`);
    if (!(await read(of)).includes(named)) wrong.push(`${of}: ${named}`);
  }
  expect(wrong).toEqual([]);
  expect(planted.length).toBeGreaterThan(25);
});

/** What stops at the engine: there is no guard of ours to take out. */
const ofTheEngine = ["a header of a megabyte", "thousands of half-open connections"];

test("of every attack that docs/security.md names a test sees it work: both ways, or with its guard taken out", async () => {
  const [table = ""] = (await read("docs/security.md")).split("\n## ");
  const rows = table.split("\n").filter((line) => line.startsWith("| ") && line.includes(".test.ts`: "));
  expect(rows.length).toBeGreaterThan(50);
  const unseen = rows.filter((row) => {
    const names = [...row.matchAll(/`: "([^"]+)"/g)].map(([, name = ""]) => name);
    const noticed = planted.some(({ named }) =>
      names.some((name) => name.includes(named) || named.includes(name)),
    );
    return (
      !noticed && !row.includes("*(both ways)*") && !ofTheEngine.some((what) => row.startsWith(`| ${what}`))
    );
  });
  expect(unseen).toEqual([]);
});
