/** What a browser loads to check a certificate, a batch or a balance is this package and nothing else. */
import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const vectors = JSON.parse(readFileSync(join(import.meta.dir, "../../../../docs/spec/vectors.json"), "utf8"));

test("built for a browser it stands alone, and reaches the answers of the specification's vectors", async () => {
  const built = await Bun.build({ entrypoints: [join(import.meta.dir, "index.ts")], target: "browser" });
  expect(built.outputs).toHaveLength(1);
  const text = (await built.outputs[0]?.text()) ?? "";
  expect(text).not.toMatch(/^import |from "node:|require\(|\bprocess\.|\bBuffer\b/m);
  const file = join(mkdtempSync(join(tmpdir(), "evx-browser-")), "proof.mjs");
  writeFileSync(file, text);
  const proof: typeof import("./index.ts") = await import(file);
  const trust = proof.trustIn(vectors.registry);
  if (!trust) throw new Error("no registry");
  const of = (kind: string) =>
    (vectors.vectors as { kind: string; input: Record<string, unknown>; answer: string }[]).filter(
      (vector) => vector.kind === kind,
    );
  for (const { input, answer } of of("certificate")) {
    const known = proof.trustIn({ ...vectors.registry, ...Object(input.registry) });
    const { verdict } = await proof.verifyCertificate(input.file, { ...known, number: String(input.number) });
    expect(verdict as string).toBe(answer);
  }
  for (const { input, answer } of of("batch"))
    expect(String((await proof.verifyBatch(input.batch, input.leaves, trust)).ok)).toBe(answer);
  for (const { input, answer } of of("holding")) {
    const { ok, grams } = await proof.verifyHolding(input.file, { ...trust, holder: String(input.holder) });
    expect(String(ok && grams.size > 0)).toBe(answer);
  }
});

test("the web's check pages judge by this package alone: no other page of theirs hashes or compares signatures", () => {
  const pages = join(import.meta.dir, "../../../../apps/web/src/pages/certificates");
  for (const name of readdirSync(pages).filter((each) => /\.tsx?$/.test(each))) {
    const text = readFileSync(join(pages, name), "utf8");
    // The list of reasons is the kernel's, and judges nothing.
    expect([
      name,
      /crypto\.subtle|(?<!\{ retirementReasons \} from ")@evx\/(?!proof"|ui"|seal)/.exec(text)?.[0] ?? null,
    ]).toEqual([name, null]);
  }
});
