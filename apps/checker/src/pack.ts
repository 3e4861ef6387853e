/**
 * `bun src/pack.ts FOLDER`: makes the npm package that strangers install, plain JavaScript without dependencies.
 * `bun src/pack.ts FILE.tgz`: the same as one file, which `npx` runs from any address.
 */
import { join } from "node:path";
import { createTar } from "nanotar";
import own from "../package.json" with { type: "json" };

/** What the package holds: each entry is a file by itself, for browsers that load them without a bundler. */
const source = join(import.meta.dir, "package");
const entries = {
  ".": "index",
  "./log": "log",
  "./monitor": "monitor",
  "./batch": "batch",
  "./daily": "daily",
} as const;

const manifest = {
  name: "@evx/proof",
  version: own.version,
  description: "Checks certificates, batches, holdings and the public log of an EV carbon registry",
  license: "MIT",
  type: "module",
  engines: { node: ">=20" },
  exports: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `./${file}.js`])),
  bin: { "evx-proof": "./cli.js" },
};

/** The package's files by their names. */
const files = async (): Promise<[name: string, content: Uint8Array][]> => {
  const build = await Bun.build({
    entrypoints: [...Object.values(entries), "cli"].map((name) => join(source, `${name}.ts`)),
    root: source,
    target: "browser",
    format: "esm",
    splitting: true,
    external: ["node:*"],
  });
  if (!build.success) throw new AggregateError(build.logs, "The package could not be built");
  const all: [string, Blob][] = [
    ...build.outputs.map((output): [string, Blob] => [output.path.replace(/^\.\//, ""), output]),
    ["package.json", new Blob([JSON.stringify(manifest, null, 2)])],
    ["README.md", Bun.file(join(import.meta.dir, "../README.md"))],
    ["LICENSE", Bun.file(join(import.meta.dir, "../../../LICENSE"))],
  ];
  return Promise.all(all.map(async ([name, content]) => [name, new Uint8Array(await content.arrayBuffer())]));
};

export const packTo = async (folder: string): Promise<void> => {
  for (const [name, content] of await files()) await Bun.write(join(folder, name), content);
};

/** The package as npm's tarball. The same sources make the same bytes, so that two people can compare theirs. */
export const tarball = async (): Promise<Uint8Array> => {
  const sorted = (await files()).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const tar = createTar(
    sorted.map(([name, data]) => ({
      name: `package/${name}`,
      data,
      attrs: { mtime: 0, mode: name === "cli.js" ? "755" : "644" },
    })),
  );
  return Bun.gzipSync(new Uint8Array(tar));
};

if (import.meta.main) {
  const to = process.argv[2] ?? join(import.meta.dir, "../dist");
  if (to.endsWith(".tgz")) await Bun.write(to, await tarball());
  else await packTo(to);
}
