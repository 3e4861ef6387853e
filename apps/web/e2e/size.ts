import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { firstPages } from "../build.ts";

// What a reader's browser must fetch before a page stands: the entry, what it imports, the page's chunk and its words.
type Chunk = { file: string; imports?: string[]; css?: string[] };

const languages = ["en", "vi"] as const;

/** First-load budget of the public pages, in bytes of gzipped JavaScript. */
export const BUDGET = 60_000;

const root = join(import.meta.dir, "..");

/** Builds the web as it is shipped into a folder. */
export const buildInto = async (dist: string): Promise<void> => {
  const build = Bun.spawn(
    ["bunx", "vite", "build", "--logLevel", "error", "--outDir", dist, "--emptyOutDir"],
    { cwd: root, env: { ...process.env, NODE_ENV: "production" }, stdout: "ignore", stderr: "inherit" },
  );
  if ((await build.exited) !== 0) throw new Error("The web app could not be built; the lines above say why.");
};

/** Every page that anybody may open, as its room's routes say: where it is written, and the areas of its words. */
const publicPages = (): Record<string, { source: string; areas: readonly string[] }> => {
  const folder = join(root, "src/pages");
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("routes.ts"))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const named = Object.fromEntries(
        [...text.matchAll(/const (\w+) = \(\) => import\("\.\/([^"]+)"\)/g)].map(([, name, at]) => [
          name,
          at,
        ]),
      );
      return [...text.matchAll(/page\(\{([\s\S]*?)\}\),\n/g)].flatMap(([, told = ""]) => {
        const path = told.match(/path: "([^"]+)"/)?.[1];
        const load = told.match(/load: (?:\(\) => import\("\.\/([^"]+)"\)|(\w+))/);
        const at = load?.[1] ?? named[load?.[2] ?? ""];
        if (!path || !at || /\bfor: /.test(told)) return [];
        const areas = [...(told.match(/area: (\[[^\]]*\]|"[^"]+")/)?.[1] ?? "").matchAll(/"([^"]+)"/g)];
        return [
          [
            path,
            { source: join("src/pages", dirname(file), at), areas: areas.map(([, area]) => area ?? "") },
          ],
        ];
      });
    });
  return { ...Object.fromEntries(found), ...firstPages };
};

const gzipped = async (path: string) => Bun.gzipSync(await Bun.file(path).bytes(), { level: 9 }).byteLength;

/** Gzipped JavaScript of each public page's first load, with the files it is made of. */
export const firstLoads = async (dist = join(import.meta.dir, "../dist")) => {
  const manifest: Record<string, Chunk> = await Bun.file(join(dist, ".vite/manifest.json")).json();
  const collect = (name: string, found: Set<string>) => {
    const chunk = manifest[name];
    if (!chunk || found.has(chunk.file)) return found;
    found.add(chunk.file);
    for (const next of chunk.imports ?? []) collect(next, found);
    return found;
  };
  return Promise.all(
    Object.entries(publicPages())
      .filter(([, { source }]) => manifest[source])
      .flatMap(([page, found]) =>
        languages.map((language) => ({ page: `${page} (${language})`, language, ...found })),
      )
      .map(async ({ page, language, source, areas }) => {
        const files = new Set<string>(["boot.js"]);
        for (const name of [
          "index.html",
          source,
          `src/i18n/${language}/frame.ts`,
          ...areas.map((area) => `src/i18n/${language}/${area}.ts`),
        ])
          collect(name, files);
        const sizes = await Promise.all(
          [...files].map(async (file) => [file, await gzipped(join(dist, file))] as const),
        );
        return { page, total: sizes.reduce((sum, [, size]) => sum + size, 0), sizes };
      }),
  );
};

if (import.meta.main) {
  for (const { page, total, sizes } of await firstLoads()) {
    console.log(
      `${page}: ${(total / 1000).toFixed(1)} kB gzipped JavaScript ratio=${(total / BUDGET).toFixed(2)}`,
    );
    if (total > BUDGET)
      for (const [file, size] of sizes.toSorted((a, b) => b[1] - a[1])) {
        console.log(`  ${(size / 1000).toFixed(1).padStart(6)}  ${file}`);
      }
    if (total > BUDGET) process.exitCode = 1;
  }
}
