/** The house as it stands on disk: its packages, and on which floor each lies. */
import { join } from "node:path";
import { Glob } from "bun";

export const root = join(import.meta.dir, "../../..");

export type Package = {
  /** From the project's root: `packages/people/accounts`. */
  readonly folder: string;
  /** Without the scope: `accounts`. */
  readonly name: string;
  /** The group that it belongs to: `people`; a package that stands alone is its own group. */
  readonly group: string;
};

/** Every workspace of the house, in the order of its folders. */
export const packages: readonly Package[] = [
  ...new Glob("{apps,packages}/*/package.json").scanSync(root),
  ...new Glob("packages/*/*/package.json").scanSync(root),
  "db/package.json",
]
  .filter((file) => !file.includes("node_modules"))
  .map((file) => {
    const folder = file.slice(0, -"/package.json".length);
    const parts = folder.split("/");
    return { folder, name: parts.at(-1) as string, group: parts[1] ?? "db" };
  })
  .sort((a, b) => (a.folder < b.folder ? -1 : 1));

/**
 * The floors, lowest first. A room leans on rooms of lower floors and of its own group; groups that share a floor do
 * not know each other.
 */
export const floors: readonly (readonly string[])[] = [
  ["db"],
  ["ground"],
  ["ledger"],
  ["people"],
  ["fleet", "money"],
  ["carbon"],
  ["market"],
  ["readers"],
  ["api"],
  ["runtime"],
];

/** The groups whose rooms hold the business: each room has the same inner shape. */
export const domainGroups = ["people", "fleet", "money", "carbon", "market", "readers"];

/** The rooms that hold the business. `proof`, `clocks`, `containers`, `copies`, `formats` and `adapters` are pure libraries with no wire of their own. */
const libraries = ["proof", "clocks", "columns", "containers", "copies", "formats", "adapters"];

export const domains = packages.filter(
  ({ group, name }) => domainGroups.includes(group) && !libraries.includes(name),
);
