import { inflateSync } from "node:zlib";

/** All letters that a reader could copy out of the file: the fonts' maps from glyphs back to text. */
export const lettersOf = (pdf: Uint8Array): Set<string> => {
  const text = Buffer.from(pdf).toString("latin1");
  const found = new Set<string>();
  for (const [, stream] of text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)) {
    let content: string;
    try {
      content = inflateSync(Buffer.from(stream ?? "", "latin1")).toString("latin1");
    } catch {
      continue;
    }
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
