import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { guideOf } from "../../../guide.ts";
import { excerptOf } from "./excerpt.ts";
import { groups, titles } from "./titles.ts";

const docs = join(import.meta.dir, "../../../../../docs");
const alerts = readdirSync(join(docs, "alerts")).map((name) => join(docs, "alerts", name));
const listed = Object.values(groups).flat();
const fileOf = (name: string): string => join(docs, name === "spec" ? "spec/README.md" : `${name}.md`);
const files = [...listed.map(fileOf), ...alerts];
const guides = files.map((file) => ({
  name: file === fileOf("spec") ? "spec" : basename(file, ".md"),
  guide: guideOf(file, readFileSync(file, "utf8")),
}));

test("the contents name every page by its title, and every alert has one", () => {
  expect(Object.fromEntries(guides.map(({ name, guide }) => [name, guide.title]))).toEqual({ ...titles });
  expect(alerts.length).toBeGreaterThan(10);
});

test("no link within the pages leads nowhere, and none leaves for a file of ours", () => {
  const anchors = new Map(
    guides.map(({ name, guide }) => [
      name,
      new Set([...guide.html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
    ]),
  );
  const broken: string[] = [];
  for (const { name, guide } of guides)
    for (const [, href = ""] of guide.html.matchAll(/<a href="([^"]+)"/g)) {
      if (/^https?:/.test(href)) continue;
      const [path = "", anchor] = href.split("#");
      if (path.startsWith("/spec/")) {
        if (!existsSync(join(docs, path))) broken.push(`${name}: ${href}`);
        continue;
      }
      const page = path === "" ? name : path.replace("/docs/", "");
      const exists =
        path === "" ||
        (path.startsWith("/docs/") && readdirSync(docs).includes(`${page}.md`)) ||
        anchors.has(page);
      if (!exists || (anchor && !anchors.get(page)?.has(anchor))) broken.push(`${name}: ${href}`);
    }
  expect(broken).toEqual([]);
});

test("headings are anchors, code and strangers' tags are text, and sections hold what the search reads", () => {
  const { title, html, sections } = guideOf(
    join(docs, "x.md"),
    "# Title\n\nFirst <b>bold</b>.\n\n## Disk full\n\n```sh\na < b\n```\n\n[there](alerts/disk-full.md), [code](../packages/x.ts)\n",
  );
  expect(title).toBe("Title");
  expect(html).toContain('<h2 id="disk-full">Disk full</h2>');
  expect(html).toContain("&lt;b&gt;bold");
  expect(html).toContain("a &lt; b");
  expect(html).toContain('<a href="/docs/disk-full">there</a>, code');
  const spec = guideOf(fileOf("spec"), readFileSync(fileOf("spec"), "utf8")).html;
  for (const file of [
    "verify.py",
    "formats.py",
    "snapshot.py",
    "vectors.json",
    "schemas/status.json",
    "schemas/snapshot.json",
  ])
    expect(spec).toContain(`<a href="/spec/${file}">`);
  expect(guideOf(join(docs, "x.md"), "# T\n\n[s](spec/README.md#trees)").html).toContain(
    'href="/docs/spec#trees"',
  );
  expect(sections.map(({ id }) => id)).toEqual(["title", "disk-full"]);
  expect(sections[1]?.text).toContain("a < b");
});

test("the search finds a setting and a metric by its whole name, and reads no mark of emphasis", () => {
  const { sections } = guideOf(
    join(docs, "x.md"),
    "# T\n\n_Avoid:_ `evx_ready{part}`\n\n```sh\nDATABASE_ADMIN_URL=… bun run cli backup\n```\n",
  );
  expect(sections[0]?.text).toContain("Avoid: evx_ready{part}");
  expect(sections[0]?.text).toContain("DATABASE_ADMIN_URL=…");
  const handbook = guides.find(({ name }) => name === "operations")?.guide;
  expect(handbook?.sections.find(({ id }) => id === "backup")?.text).toContain("DATABASE_ADMIN_URL");
});

test("an excerpt begins and ends with whole words, and keeps the signs of an expression", () => {
  const text = `${"when the disk is full, no write is answered any more ".repeat(3)}and PostgreSQL tries again by itself until ${"there is room for it ".repeat(9)}`;
  const place = text.indexOf("PostgreSQL");
  const said = excerptOf(text, place);
  expect(said).toContain("PostgreSQL tries again");
  for (const word of said.split(" ").filter((one) => one !== "…")) expect(text.split(" ")).toContain(word);
  expect(said).toMatch(/^… .* …$/);
  expect(excerptOf("No more than this.", 3)).toBe("No more than this.");
  expect(excerptOf("x".repeat(400), 200).length).toBeGreaterThan(100);
  const { sections } = guideOf(join(docs, "x.md"), "# T\n\n> Quoted: `max(evx_a) > 1e9 or max(evx_b) > 0`\n");
  expect(sections[0]?.text).toBe("Quoted: max(evx_a) > 1e9 or max(evx_b) > 0");
});
