import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { root } from "./rooms.ts";

const pages = ["README.md", ...new Glob("docs/**/*.md").scanSync(root)].map((page) => ({
  page,
  text: readFileSync(join(root, page), "utf8"),
}));

const found = (pattern: RegExp): { page: string; name: string }[] =>
  pages.flatMap(({ page, text }) =>
    [...text.matchAll(pattern)].map(([, name = ""]) => ({ page, name })).filter(({ name }) => name !== ""),
  );

test("every command that a page names is one of ours", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const named = found(/bun run (?!--)([a-z][\w:-]*)/g);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ name }) => !(name in scripts))).toEqual([]);
});

test("every place that a page names is there", () => {
  const written = ["*.md", "{docs,apps,db,packages}/**/*.md"]
    .flatMap((pattern) => [...new Glob(pattern).scanSync(root)])
    .filter((page) => !page.includes("node_modules/"));
  expect(written.length).toBeGreaterThan(50);
  const gone = written.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/(?<![\w/@.-])(?:packages|apps|db)\/[\w./-]*\w/g)]
      .map(([place]) => place)
      .filter((place) => !existsSync(join(root, place)))
      .map((place) => `${page}: ${place}`),
  );
  expect(gone).toEqual([]);
});

test("every service that a page speaks to is one of the composition", () => {
  const composition = readFileSync(join(root, "docker-compose.yml"), "utf8");
  const services = new Set([...composition.matchAll(/^ {2}([a-z][\w-]*):$/gm)].map(([, name]) => name));
  const named = found(/docker-compose (?:exec|logs|stop|up|ps|run)((?: [\w"$./-]+)+)/g).flatMap(
    ({ page, name }) =>
      name
        .trim()
        .split(" ")
        .filter((word) => /^(server|worker|postgres|nginx|migrate|mail)[\w-]*$/.test(word))
        .map((service) => ({ page, service })),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ service }) => !services.has(service))).toEqual([]);
});
