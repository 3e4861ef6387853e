/** The house's own source, as the house rules read it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { root } from "./rooms.ts";

/** Every TypeScript file that a person wrote, from the project's root, in order. */
export const files: readonly string[] = [
  ...new Glob("{apps,packages,db}/**/*.{ts,tsx}").scanSync({ cwd: root, dot: false }),
]
  .filter((file) => !/node_modules|\/dist\/|\.gen\.ts$|\.d\.ts$/.test(file))
  .sort();

export const text = (file: string): string => readFileSync(join(root, file), "utf8");

/** Source without comments, so that a rule's own explanation does not break it. */
export const code = (file: string): string =>
  text(file)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|[^:"'`])\/\/.*$/gm, "$1");

export const isTest = (file: string): boolean =>
  /\.(test|testing)\.tsx?$|\/testing(\/|\.ts$)|\/bench\/|\/e2e\//.test(file);
