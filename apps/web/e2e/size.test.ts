import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUDGET, buildInto, firstLoads } from "./size.ts";

const dist = mkdtempSync(join(tmpdir(), "evx-size-"));

beforeAll(() => buildInto(dist), 120_000);

afterAll(() => rmSync(dist, { recursive: true, force: true }));

test("the public pages' first load stays within 60 kB of gzipped JavaScript", async () => {
  const loads = await firstLoads(dist);
  expect(loads.length).toBeGreaterThan(0);
  for (const { page, total } of loads) expect([page, total <= BUDGET, total]).toEqual([page, true, total]);
});

test("the design system's gallery is in no production build", async () => {
  const manifest: Record<string, unknown> = await Bun.file(join(dist, ".vite/manifest.json")).json();
  expect(Object.keys(manifest).filter((name) => name.includes("gallery"))).toEqual([]);
});

test("index.html has no inline script or style", async () => {
  const html = await Bun.file(join(dist, "index.html")).text();
  expect(html.match(/<script(?![^>]*\bsrc=)[^>]*>/g)).toBeNull();
  expect(html).not.toMatch(/<style|\son\w+=/);
});
