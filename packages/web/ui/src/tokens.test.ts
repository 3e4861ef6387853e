import { expect, test } from "bun:test";
import { join } from "node:path";

const css = await Bun.file(join(import.meta.dir, "styles.css")).text();

const tokens = Object.fromEntries(
  [...css.matchAll(/^ {2}--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/gm)].map(
    ([, name, light, dark]) => [name, { light, dark }],
  ),
) as Record<string, { light: string; dark: string }>;

/** Relative luminance (WCAG 2.2). */
const luminance = (hex: string) => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (a: string, b: string) => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

const backgrounds = ["canvas", "surface", "sunken"];
const texts: [string, string[]][] = [
  ["ink", [...backgrounds, "warning-soft", "negative-soft", "info-soft", "accent-soft"]],
  ["ink-muted", [...backgrounds, "negative-soft", "warning-soft", "info-soft"]],
  ["accent", ["canvas", "surface", "sunken"]],
  ["positive", ["canvas", "surface"]],
  ["warning", ["canvas", "surface", "warning-soft"]],
  ["negative", ["canvas", "surface", "sunken", "negative-soft"]],
  ["info", ["canvas", "surface", "info-soft"]],
  ["on-accent", ["accent", "accent-hover"]],
  ["on-accent-soft", ["accent-soft"]],
  ["on-danger", ["danger", "danger-hover"]],
  ["on-lit", ["lit", "lit-hover"]],
  ["plate-ink", ["plate"]],
  ["plate-muted", ["plate"]],
];
/** Borders of controls, dots and lines that carry meaning need 3:1. */
const shapes: [string, string[]][] = [
  ["line-strong", ["canvas", "surface"]],
  ["positive", ["surface"]],
  ["warning", ["surface"]],
  ["chart-2", ["surface"]],
  ["chart-3", ["surface"]],
  ["accent", ["canvas", "surface"]],
  ...["held", "listed", "sold", "retired", "buffer"].map((state): [string, string[]] => [state, ["surface"]]),
  ...[0, 1, 2, 3, 4, 5].flatMap((pair): [string, string[]][] => [
    [`seal-${pair}a`, ["surface"]],
    [`seal-${pair}b`, ["surface"]],
  ]),
];

for (const theme of ["light", "dark"] as const) {
  const pairs = (list: [string, string[]][], least: number) => {
    for (const [name, on] of list) {
      for (const under of on) {
        const fore = tokens[name]?.[theme];
        const back = tokens[under]?.[theme];
        if (!fore || !back) throw new Error(`styles.css has no token ${name} or ${under}`);
        const found = contrast(fore, back);
        if (found < least)
          throw new Error(`${theme}: ${name} on ${under} is ${found.toFixed(2)}:1, needs ${least}:1`);
      }
    }
  };

  test(`${theme}: every text colour reads on every ground it stands on (AA, 4.5:1)`, () => pairs(texts, 4.5));
  test(`${theme}: controls, dots and chart lines stand out from their ground (3:1)`, () => pairs(shapes, 3));
}

test("each colour is given for both themes", () => {
  expect(Object.keys(tokens).length).toBeGreaterThan(25);
});

test("a colour that a class names is a token: one that is none would have no colour at all, and nobody would see why", async () => {
  const named = new Set([...css.matchAll(/^ {2}--color-([\w-]+):/gm)].map(([, name]) => name));
  const families = [...new Set([...named].map((name) => name?.split("-")[0]))].join("|");
  const used = new RegExp(
    `(?<![\\w-])(?:text|bg|border|outline|decoration|fill|stroke)-((?:${families})(?:-[a-z]+)*)(?![\\w-])`,
    "g",
  );
  const unknown: string[] = [];
  for (const folder of [import.meta.dir, join(import.meta.dir, "../../../../apps/web/src")])
    for (const file of new Bun.Glob("**/*.{ts,tsx}").scanSync(folder)) {
      if (file.includes(".test.")) continue;
      const text = await Bun.file(join(folder, file)).text();
      for (const [whole, name] of text.matchAll(used))
        if (!named.has(name)) unknown.push(`${file}: ${whole}`);
    }
  expect(named.has("ink")).toBe(true);
  expect(unknown).toEqual([]);
});
