/**
 * What the product is made of, from what is locked and installed: names, versions, hashes, licences. `bun run sbom [FILE]`
 * writes it as CycloneDX 1.6; `bun run licences` lists licences.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packages, root } from "./rooms.ts";

/** What may be part of the product or of its making: each asks for its text to be kept, and nothing of our own code. */
export const allowed: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "CC-BY-4.0",
  "ISC",
  "MIT",
  "MIT-0",
  // By file: ours are not touched by it, and theirs are used as they come.
  "MPL-2.0",
  "OFL-1.1",
  "PostgreSQL",
  "PSF-2.0",
  "Python-2.0",
  "Unlicense",
  "Zlib",
]);

export type Component = {
  readonly name: string;
  readonly version: string;
  /** base64, of SHA-512, as the lock says. */
  readonly integrity: string;
  /** As its own package.json says, or that of the package which has it made for other machines. Null where neither says. */
  readonly licence: string | null;
  /** Names of what it needs itself. */
  readonly needs: readonly string[];
  /** Made for other machines than this one. */
  readonly elsewhere: boolean;
};

const textsIn = (value: unknown): string[] =>
  typeof value === "object" && value !== null ? Object.keys(value) : [];

const installedAt = (name: string, version: string): string | null => {
  const stem = `${name.replaceAll("/", "+")}@${version}`;
  const plain = join(root, "node_modules/.bun", stem, "node_modules", name, "package.json");
  if (existsSync(plain)) return plain;
  // What has peers is kept under a name with a hash of them.
  const [found] = [
    ...new Bun.Glob(`${stem}+*/node_modules/${name}/package.json`).scanSync(join(root, "node_modules/.bun")),
  ];
  return found ? join(root, "node_modules/.bun", found) : null;
};

/** Older packages write their licence as an object, or several in a list. */
export const licenceIn = (manifest: unknown): string | null => {
  const { license, licenses } = Object(manifest) as { license?: unknown; licenses?: unknown };
  const nameOf = (one: unknown): string | null =>
    typeof one === "string"
      ? one
      : typeof one === "object" && one !== null
        ? nameOf(Reflect.get(one, "type"))
        : null;
  if (Array.isArray(licenses)) return licenses.map(nameOf).filter(Boolean).join(" OR ") || null;
  return nameOf(license ?? licenses);
};

/** Whether an expression such as `(MIT OR GPL-2.0)` can be kept with what is allowed. */
export const isAllowed = (expression: string): boolean =>
  expression
    .replace(/^\((.*)\)$/, "$1")
    .split(/ OR /i)
    .some((choice) => choice.split(/ AND /i).every((one) => allowed.has(one.replace(/[()]/g, "").trim())));

/** The licence of the same thing made for this machine: `@biomejs/cli-linux-x64` for `@biomejs/cli-darwin-x64`. */
const ofItsKind = (name: string, all: readonly Component[]): string | null => {
  const kind = name.replace(
    /[-/](?:android|darwin|freebsd|linux|linuxmusl|netbsd|openbsd|openharmony|sunos|aix|wasm32|win32|windows|wasi)\b.*$/,
    "",
  );
  return all.find((one) => one.licence && one.name !== name && one.name.startsWith(kind))?.licence ?? null;
};

/** Everything that bun.lock names, our own packages apart. */
export const components = (): Component[] => {
  const lock: unknown = Bun.JSONC.parse(readFileSync(join(root, "bun.lock"), "utf8"));
  const known = new Map<string, Component>();
  for (const entry of Object.values(Object(Reflect.get(Object(lock), "packages")))) {
    if (!Array.isArray(entry) || entry.length < 4) continue;
    const [spec, , facts, integrity] = entry as [string, string, Record<string, unknown>, string];
    const cut = spec.lastIndexOf("@");
    const [name, version] = [spec.slice(0, cut), spec.slice(cut + 1)];
    const place = installedAt(name, version);
    const manifest: unknown = place ? JSON.parse(readFileSync(place, "utf8")) : null;
    known.set(spec, {
      name,
      version,
      integrity,
      licence: manifest ? licenceIn(manifest) : null,
      needs: [...textsIn(facts.dependencies), ...textsIn(facts.optionalDependencies)],
      elsewhere: place === null,
    });
  }
  const parents = new Map<string, Component>();
  for (const one of known.values()) for (const name of one.needs) if (one.licence) parents.set(name, one);
  return [...known.values()]
    .map((one) => ({
      ...one,
      licence:
        one.licence ?? ofItsKind(one.name, [...known.values()]) ?? parents.get(one.name)?.licence ?? null,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
};

type Manifest = { name: string; dependencies: string[]; tools: string[]; versions: Record<string, string> };

/** Which package of ours leans on which of others', and for what. */
export const manifests = (): (Manifest & { folder: string })[] =>
  [...packages.map(({ folder }) => folder), "."].map((folder) => {
    const file: unknown = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const of = (kind: string) => Object(Reflect.get(Object(file), kind)) as Record<string, string>;
    const theirs = (names: object) => Object.keys(names).filter((name) => !name.startsWith("@evx/"));
    const [product, optional, tools] = [
      of("dependencies"),
      of("optionalDependencies"),
      of("devDependencies"),
    ];
    return {
      folder,
      name: String(Reflect.get(Object(file), "name")),
      dependencies: theirs({ ...product, ...optional }),
      tools: theirs(tools),
      versions: { ...product, ...optional, ...tools },
    };
  });

const purl = ({ name, version }: Pick<Component, "name" | "version">): string =>
  `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;

/** The bill of materials as CycloneDX 1.6. The same lock gives the same bill: no moment and no random name in it. */
export const billOfMaterials = (all: readonly Component[]): object => {
  const byName = new Map(all.map((one) => [one.name, purl(one)]));
  const direct = new Set(manifests().flatMap(({ dependencies }) => dependencies));
  const own = "pkg:generic/ev-carbon-exchange@0.1.0";
  const refs = (names: readonly string[]) =>
    [...new Set(names.flatMap((name) => byName.get(name) ?? []))].sort();
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": own,
        name: "ev-carbon-exchange",
        version: "0.1.0",
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: all.map((one) => ({
      type: "library",
      "bom-ref": purl(one),
      name: one.name,
      version: one.version,
      purl: purl(one),
      scope: one.elsewhere ? "optional" : "required",
      hashes: [
        {
          alg: "SHA-512",
          content: Buffer.from(one.integrity.replace(/^sha512-/, ""), "base64").toString("hex"),
        },
      ],
      ...(one.licence
        ? {
            licenses: [
              / OR | AND |^\(/.test(one.licence)
                ? { expression: one.licence }
                : { license: { id: one.licence } },
            ],
          }
        : {}),
    })),
    dependencies: [
      { ref: own, dependsOn: refs([...direct]) },
      ...all.map((one) => ({ ref: purl(one), dependsOn: refs(one.needs) })),
    ],
  };
};

if (import.meta.main) {
  const [what = "", file] = process.argv.slice(2);
  const all = components();
  if (what === "sbom") {
    const bill = `${JSON.stringify(billOfMaterials(all), null, 2)}\n`;
    if (file) await Bun.write(file, bill);
    else process.stdout.write(bill);
  } else if (what === "licences") {
    const counts = new Map<string, string[]>();
    for (const { name, version, licence } of all) {
      const under = licence ?? "not installed on this machine";
      counts.set(under, [...(counts.get(under) ?? []), `${name}@${version}`]);
    }
    for (const [licence, names] of [...counts].sort(([, a], [, b]) => b.length - a.length))
      console.log(
        `${licence} (${names.length})${isAllowed(licence) ? "" : "  NOT ON THE LIST"}\n  ${names.join(" ")}\n`,
      );
  } else {
    console.error("Usage: bun run sbom [FILE] | bun run licences");
    process.exit(2);
  }
}
