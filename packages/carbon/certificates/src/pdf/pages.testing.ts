import { inflateSync } from "node:zlib";

/** What is drawn and written: the streams of a file, unpacked. */
const contentsOf = (pdf: Uint8Array): string[] => {
  const text = Buffer.from(pdf).toString("latin1");
  return [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(([, stream]) => {
    try {
      return [inflateSync(Buffer.from(stream ?? "", "latin1")).toString("latin1")];
    } catch {
      return [];
    }
  });
};

/** Where the lines that a file draws begin and go: "x y", in the order of drawing. */
export const pointsOf = (pdf: Uint8Array): Set<string> =>
  new Set(
    contentsOf(pdf).flatMap((content) =>
      [...content.matchAll(/^(-?[\d.]+) (-?[\d.]+) [ml]$/gm)].map(([, x, y]) => `${Number(x)} ${Number(y)}`),
    ),
  );

/** All letters that a reader could copy out of the file: the fonts' maps from glyphs back to text. */
export const lettersOf = (pdf: Uint8Array): Set<string> => {
  const found = new Set<string>();
  for (const content of contentsOf(pdf)) {
    if (!content.includes("begincmap")) continue;
    for (const [, code] of content.matchAll(/<([0-9a-f]{4})>/gi)) {
      found.add(String.fromCharCode(Number.parseInt(code ?? "0", 16)));
    }
  }
  return found;
};

/** How many pages a file has. */
export const pagesOf = (pdf: Uint8Array): number =>
  [
    ...Buffer.from(pdf)
      .toString("latin1")
      .matchAll(/\/Type \/Page\b/g),
  ].length;
