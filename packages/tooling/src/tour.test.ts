import { describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compared } from "./docs.ts";
import { refreshed } from "./tour.ts";

test("the tour's links stand on the lines that they name; `bun run docs` mends them", () => {
  for (const { text, wanted } of compared()) expect(text).toBe(wanted);
});

test("the tour is seven steps, each with a link to code", () => {
  const steps = (compared()[0]?.wanted ?? "").split(/^## \d\. /m).slice(1);
  expect(steps).toHaveLength(7);
  for (const step of steps) expect(step).toMatch(/\[`[^`]+`\]\(\.\.\/[^)]+#L\d+\)/);
});

describe("how a link is resolved", () => {
  const house = (files: Record<string, string>, page: string): string => {
    const root = mkdtempSync(join(tmpdir(), "evx-tour-"));
    try {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), text);
      }
      return refreshed({ root, files: Object.keys(files) }, "docs/tour.md", page);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  };

  test("a line that has moved is found again", () => {
    expect(
      house({ "packages/a.ts": "const one = 1;\n\nexport const two = 2;\n" }, "[`two`](../packages/a.ts#L9)"),
    ).toBe("[`two`](../packages/a.ts#L3)");
  });

  test("so is a file", () => {
    expect(house({ "packages/b/a.ts": "export function two() {}\n" }, "[`two`](../packages/a.ts)")).toBe(
      "[`two`](../packages/b/a.ts#L1)",
    );
  });

  test("a function in SQL is where it was written last", () => {
    const files = {
      "db/migrations/1.sql": "create function ledger.post() returns void",
      "db/functions/ledger/post.sql": "-- Posts.\ncreate or replace function ledger.post() returns void",
    };
    expect(house(files, "[`ledger.post`](../db/migrations/1.sql#L1)")).toBe(
      "[`ledger.post`](../db/functions/ledger/post.sql#L2)",
    );
  });

  test("what is declared nowhere, or twice, fails by name", () => {
    expect(() => house({ "a.ts": "export const one = 1;\n" }, "[`two`](../a.ts)")).toThrow(
      "declared nowhere",
    );
    const twice = { "a/x.ts": "export const two = 1;\n", "b/x.ts": "export const two = 1;\n" };
    expect(() => house(twice, "[`two`](../c/x.ts)")).toThrow("name one of them");
  });
});
