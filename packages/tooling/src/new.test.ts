/** What `bun run new` makes passes style and types, and goes away without a trace. */
import { expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Made, newJob, newPage, newProcedure, newRoom, newTable, write } from "./new.ts";
import { domainGroups, root } from "./rooms.ts";

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

const room = "packages/readers/planted";

/** Has a room with a procedure and a job in the tree while something looks at it. No other room is touched. */
const planted = async (parts: readonly Made[], look: () => Promise<void>): Promise<void> => {
  try {
    for (const part of [newRoom({ group: "readers", room: "planted" }), ...parts]) write(root, part);
    // What `bun install` would link, without a change of the lock file.
    symlinkSync("../notifications/node_modules", join(root, room, "node_modules"));
    await look();
  } finally {
    rmSync(join(root, room), { recursive: true, force: true });
  }
};

const passes = async (): Promise<void> => {
  const bin = join(root, "node_modules/.bin");
  expect(await said([join(bin, "biome"), "check", "--error-on-warnings", room], root)).toBe("");
  expect(await said([join(bin, "tsc"), "--noEmit"], join(root, room))).toBe("");
  const rules = ["test", "src/tidy.test.ts", "src/habits.test.ts", "src/function-length.test.ts"];
  expect(await said(["bun", ...rules], join(root, "packages/tooling"))).toBe("");
};

test("a room has the shape of all rooms, and passes style, types and the rules of the house", async () => {
  await planted([], passes);
}, 120_000);

test("a procedure and a job, in an empty room and beside others, pass all that, and their tests", async () => {
  const named = { room: "readers/planted" };
  const parts = [
    newProcedure({ ...named, name: "latestSale" }),
    newJob({ ...named, name: "noteSale" }),
    newProcedure({ ...named, name: "oldestSale" }),
    newJob({ ...named, name: "dropSale" }),
  ];
  await planted(parts, async () => {
    await passes();
    expect(await said(["bun", "test"], join(root, room))).toBe("");
    const router = readFileSync(join(root, room, "src/router.ts"), "utf8");
    expect(router).toContain('import { member, router, told } from "@evx/rpc";');
    const { dependencies } = JSON.parse(readFileSync(join(root, room, "package.json"), "utf8"));
    expect(Object.keys(dependencies)).toEqual(["@evx/db", "@evx/jobs", "@evx/kernel", "@evx/rpc", "valibot"]);
  });
}, 120_000);

test("a room may be made in each group that holds the business", () => {
  const config = readFileSync(join(root, "turbo/generators/config.ts"), "utf8");
  expect(config).toContain(`choices: ${JSON.stringify(domainGroups).replaceAll(",", ", ")}`);
});

test("a room that has no place for it is left as it was", () => {
  const made = newJob({ room: "fleet/emissions", name: "noteSale" });
  expect(() => write(root, made)).toThrow("packages/fleet/emissions/src/jobs.ts");
  const left = Object.keys(made.files).filter((file) => existsSync(join(root, file)));
  for (const file of left) rmSync(join(root, file));
  expect(left).toEqual([]);
});
