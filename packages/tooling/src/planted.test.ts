import { expect, test } from "bun:test";
import { join } from "node:path";
import { planted } from "./planted.ts";

const root = join(import.meta.dir, "../../..");
const read = (file: string) => Bun.file(join(root, file)).text();

test("every guard that can be taken out stands once in its file, and the test that must notice is there", async () => {
  const wrong: string[] = [];
  for (const { file, guard, test: of, named } of planted) {
    if ((await read(file)).split(guard).length !== 2) wrong.push(`${file}: ${guard}`);
    if (!(await read(of)).includes(named)) wrong.push(`${of}: ${named}`);
  }
  expect(wrong).toEqual([]);
  expect(planted.length).toBeGreaterThan(25);
});
