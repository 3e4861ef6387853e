/** docs/security.md names the test of each attack: every one of them is there under that name. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "../../..");

/** `file.test.ts`: "what its name says", as often as a line has it. */
const named = /`([\w-]+\.test\.ts)`: "([^"]+)"/g;

test("every test that the table of attacks names exists, and every attack has one", async () => {
  const text = await Bun.file(join(root, "docs/security.md")).text();
  const sources = new Map<string, string>();
  for await (const path of new Glob("{packages,apps}/**/src/**/*.test.ts").scan({ cwd: root }))
    if (!path.includes("node_modules"))
      sources.set(path, (await Bun.file(join(root, path)).text()).replace(/\s+/g, " "));
  const [attacks = ""] = text.split("\n## ");
  const table = attacks.split("\n").filter((line) => line.startsWith("| ") && !/^\| (tried|---)/.test(line));
  expect(table.length).toBeGreaterThan(30);
  const missing: string[] = [];
  for (const line of table) {
    const tests = [...line.matchAll(named)];
    if (tests.length === 0) missing.push(`no test: ${line}`);
    for (const [, file = "", name = ""] of tests)
      if (![...sources].some(([path, source]) => path.endsWith(`/${file}`) && source.includes(name)))
        missing.push(`${file}: ${name}`);
  }
  expect(missing).toEqual([]);
});
