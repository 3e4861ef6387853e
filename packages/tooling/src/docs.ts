/** `bun run docs`: writes anew what our pages say of lines of code, and the glossary. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { glossary, glossaryPage } from "./glossary.ts";
import { root } from "./rooms.ts";
import { files } from "./sources.ts";
import { refreshed } from "./tour.ts";

/** Migrations first, then the functions' own files, which hold the present text. */
const sql = ["migrations", "functions"].flatMap((folder) =>
  [...new Glob(`db/${folder}/**/*.sql`).scanSync(root)].sort(),
);

const product = files.filter((file) => !/\.(test|testing)\.tsx?$|\/testing[/.]/.test(file));
const sources = { root, files: [...product, ...sql] };

/** Pages whose links name code. */
const pages: readonly string[] = ["docs/tour.md"];

/** Each page as it is and as it should be. */
export const compared = () => [
  ...pages.map((page) => {
    const text = readFileSync(join(root, page), "utf8");
    return { page, text, wanted: refreshed(sources, page, text) };
  }),
  {
    page: glossaryPage,
    text: existsSync(join(root, glossaryPage)) ? readFileSync(join(root, glossaryPage), "utf8") : "",
    wanted: glossary(),
  },
];

if (import.meta.main)
  for (const { page, text, wanted } of compared()) {
    if (wanted !== text) writeFileSync(join(root, page), wanted);
    console.log(`${page}: ${wanted === text ? "as it was" : "written anew"}`);
  }
