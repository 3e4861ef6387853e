/** `bun run bench NAME [NAME...]`: runs the benchmarks that live in the packages' `bench/` folders. */
import { basename, join, resolve } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "../../..");

const benches = new Map(
  [...new Glob("{apps,packages,db}/**/bench/*.ts").scanSync(root)]
    .filter((file) => !file.includes("node_modules"))
    .map((file) => [basename(file, ".ts"), join(root, file)] as const)
    .sort(),
);

const given = process.argv.slice(2);
const isFile = (name: string) => name.toLowerCase().endsWith(".csv");
const files = given.filter(isFile).map((file) => resolve(file));
const names = given.filter((name) => !isFile(name));
const unknown = names.filter((name) => !benches.has(name));
if (names.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no benchmark named ${unknown.join(", ")}.`);
  console.error(`Usage: bun run bench NAME... [FILE.csv...]   (${[...benches.keys()].join(", ")})`);
  process.exit(2);
}

for (const name of names) {
  // A process of its own for each: what one leaves in memory must not colour the next.
  const child = Bun.spawn(
    ["bun", join(import.meta.dir, "run-bench.ts"), benches.get(name) as string, ...files],
    {
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
    },
  );
  if ((await child.exited) !== 0) process.exit(1);
}
