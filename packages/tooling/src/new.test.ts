/** What `bun run new` makes passes style and types, and goes away without a trace. */
import { expect, test } from "bun:test";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Made, newPage, newTable, write } from "./new.ts";
import { root } from "./rooms.ts";

const said = async (command: string[], cwd: string): Promise<string> => {
  const child = Bun.spawn(command, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const text = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
  return (await child.exited) === 0 ? "" : text;
};

/** Has it in the tree while something looks at it. */
const made = async (what: Made, look: () => Promise<void>): Promise<void> => {
  const before = new Map(what.lines.map(({ file }) => [file, readFileSync(join(root, file), "utf8")]));
  try {
    write(root, what);
    await look();
  } finally {
    for (const file of Object.keys(what.files)) rmSync(join(root, file), { force: true });
    for (const file of Object.keys(what.files))
      if (file.endsWith("routes.ts")) rmSync(dirname(join(root, file)), { recursive: true, force: true });
    for (const [file, text] of before) writeFileSync(join(root, file), text);
  }
};

test("a page has words in both languages, a route, and passes style and types", async () => {
  const page = newPage({ area: "planted", title: "A planted page" });
  await made(page, async () => {
    const all = [...Object.keys(page.files), ...page.lines.map(({ file }) => file)];
    const biome = join(root, "node_modules/.bin/biome");
    expect(await said([biome, "check", "--error-on-warnings", ...all], root)).toBe("");
    expect(await said([join(root, "node_modules/.bin/tsc"), "--noEmit"], join(root, "apps/web"))).toBe("");
  });
}, 120_000);

test("a table is a migration with a key and the application's rights", () => {
  const { files } = newTable({ number: "0199", schema: "reports", table: "planted" });
  const [[file, sql] = ["", ""]] = Object.entries(files);
  expect(file).toBe("db/migrations/0199_reports_planted.sql");
  expect(sql).toContain("create table reports.planted (\n  id text primary key");
  expect(sql).toContain("grant select, insert on reports.planted to evx_app;");
});

test("what is there already is not overwritten", async () => {
  await made(newPage({ area: "planted", title: "One" }), async () => {
    expect(() => write(root, newPage({ area: "planted", title: "Two" }))).toThrow("EEXIST");
  });
});
