/** Functions are short enough to be read at once. */
import { describe, expect, test } from "bun:test";
import { functionsOf } from "./function-length.ts";
import { files, text } from "./sources.ts";

const most = 70;

const numbered = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join("\n");

describe("how a function is measured", () => {
  const measured = (source: string) =>
    functionsOf("page.tsx", source).map(({ name, lines }) => [name, lines]);

  test("from its signature to its closing brace, with what is declared inside", () => {
    const inner = `const inner = () => {\n${numbered(5, (n) => `  step(${n});`)}\n};`;
    expect(measured(`const outer = (\n  one: string,\n) => {\n${inner}\n};`)).toEqual([
      ["outer", 11],
      ["inner", 7],
    ]);
  });

  test("a component without its markup; a function inside markup by itself", () => {
    const markup = `<div>\n${numbered(80, (n) => `<p>{words(${n})}</p>`)}\n<button onClick={() => {\n  go();\n}} />\n</div>`;
    expect(measured(`function Page() {\n  const t = useText();\n  return (\n${markup}\n  );\n}`)).toEqual([
      ["Page", 7],
      ["onClick", 3],
    ]);
  });

  test("each test of a list, not the list", () => {
    expect(measured(`describe("list", () => {\n  test("one", () => {\n    go();\n  });\n});`)).toEqual([
      [`test("one")`, 3],
    ]);
  });
});

test(`no function is longer than ${most} lines, markup apart`, () => {
  const long = files.flatMap((file) =>
    functionsOf(file, text(file))
      .filter(({ lines }) => lines > most)
      .map(({ name, line, lines }) => `${file}:${line} ${name} has ${lines} lines`),
  );
  expect(long).toEqual([]);
}, 60_000);
