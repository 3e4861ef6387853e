/** `bun src/pack.ts FOLDER`: makes the npm package that strangers install, plain JavaScript without dependencies. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import own from "../package.json" with { type: "json" };

const source = import.meta.dir;

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
  copyFileSync(join(source, "../../../../LICENSE"), join(folder, "LICENSE"));
};

if (import.meta.main) await packTo(process.argv[2] ?? join(source, "../dist"));
