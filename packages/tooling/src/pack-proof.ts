/**
 * `bun packages/tooling/src/pack-proof.ts FOLDER`: makes the npm package that strangers install, plain JavaScript without dependencies.
 * `bun packages/tooling/src/pack-proof.ts FILE.tgz`: the same as one file, which `npx` runs from any address.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTar } from "nanotar";
import own from "../../ground/proof/package.json" with { type: "json" };

const source = join(import.meta.dir, "../../ground/proof/src");

/** Each entry is a file by itself, for browsers that load them without a bundler. */
const entries = { ".": "index", "./log": "log/index", "./monitor": "monitor", "./batch": "batch" } as const;

export const packTo = async (folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  const build = await Bun.build({
    entrypoints: [...Object.values(entries), "cli"].map((name) => join(source, `${name}.ts`)),
    root: source,
    outdir: folder,
    target: "browser",
    format: "esm",
    splitting: true,
    external: ["node:*"],
  });
  if (!build.success) throw new AggregateError(build.logs, "The package could not be built");
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify(
      {
        name: own.name,
        version: own.version,
        description: "Checks certificates, batches, holdings and the public log of an EV carbon registry",
        license: "MIT",
        type: "module",
        engines: { node: ">=20" },
        exports: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `./${file}.js`])),
        bin: { "evx-proof": "./cli.js" },
      },
      null,
      2,
    ),
  );
  copyFileSync(join(source, "../README.md"), join(folder, "README.md"));
  copyFileSync(join(import.meta.dir, "../../../LICENSE"), join(folder, "LICENSE"));
};

/** The package as npm's tarball. The same sources make the same bytes, so that two people can compare theirs. */
export const tarball = async (): Promise<Uint8Array> => {
  const folder = mkdtempSync(join(tmpdir(), "evx-proof-"));
  try {
    await packTo(folder);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    const tar = createTar(
      files.map((file) => ({
        name: `package${file.slice(folder.length)}`,
        data: readFileSync(file),
        attrs: { mtime: 0, mode: file.endsWith("/cli.js") ? "755" : "644" },
      })),
    );
    return Bun.gzipSync(new Uint8Array(tar));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

if (import.meta.main) {
  const to = process.argv[2] ?? join(source, "../dist");
  if (to.endsWith(".tgz")) writeFileSync(to, await tarball());
  else await packTo(to);
}
