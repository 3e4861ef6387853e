import { expect, test } from "bun:test";
import { drawSeal, sealDigest, sealRootOf } from "./seal.ts";

/** Roots, the digests that draw them, and the SHA-256 of all path strings at 40 and at 160 pixels. */
const vectors = [
  {
    root: "00".repeat(32),
    digest: "4edc7901df50cd73f2d801684faa732857a1d675147f7b51517f20715edb4bd0",
    stamp: "01ef7ae2889764baae9dc2a72fdfd551a1bbdc0a8c6bc5b244943acf2fb3fb3c",
    lines: "6aeee115dd8027284d6a4d2da41e3207e612c4967c419cac3b6a3b8f3c4b27df",
    pair: 0,
  },
  {
    root: "ff".repeat(32),
    digest: "de59cf0082412b32ac6d44ba16cca987e86808180007286db632f58a4afeb4f8",
    stamp: "80babc3b5e83af291823287f4d09c1e4ace7f223e9fc5ab090bf4bb04b3b1450",
    lines: "cb3bd5df881ec48935247e928aa882b9f11e60023e0a10a1b62e2bc668972e39",
    pair: 0,
  },
  {
    root: "7e7927d5a0a693791deedd1d6ad7f4fbbc4089e1a5beba7b1a4dccd7580b8cff",
    digest: "cfc6e52f1742675987c254591781892038d03c5bbeb1c3866ffa710836ccd827",
    stamp: "402b9f3c8fdc8a18e5c1777eedd475dac8211782776b81ad4fffb7e5935094fc",
    lines: "3f99c3f3f07d7c98f50a6ff215f32f7d2bfe7329fe5d62a75157f1181869b37e",
    pair: 3,
  },
];

const hashOf = (digest: Uint8Array, size_px: number): string =>
  new Bun.CryptoHasher("sha256")
    .update(
      drawSeal(digest, size_px)
        .paths.map(({ d }) => d)
        .join("\n"),
    )
    .digest("hex");

test("a root draws the same seal everywhere: the rule's vectors hold to the letter", async () => {
  for (const { root, digest, stamp, lines, pair } of vectors) {
    const bytes = await sealDigest(root);
    expect(bytes.toHex()).toBe(digest);
    expect(drawSeal(bytes, 160).pair).toBe(pair);
    expect(hashOf(bytes, 40)).toBe(stamp);
    expect(hashOf(bytes, 160)).toBe(lines);
  }
});

test("one bit of the root changes every ring", async () => {
  const [one, other] = [await sealDigest("00".repeat(32)), await sealDigest(`${"00".repeat(31)}01`)];
  const [a, b] = [drawSeal(one, 160).paths, drawSeal(other, 160).paths];
  for (const [place, path] of a.slice(0, 5).entries()) expect(b[place]?.d).not.toBe(path.d);
});

test("what is no root draws nothing", () => {
  expect(sealDigest("abc")).rejects.toThrow(RangeError);
});

test("grams of several batches have the seal of the hash of their roots, in order and each once", async () => {
  const [a, b] = ["00".repeat(32), "ff".repeat(32)];
  expect(await sealRootOf([a])).toBe(a);
  expect(await sealRootOf([a, null, a])).toBe(a);
  expect(await sealRootOf([null])).toBeNull();
  const both = new Bun.CryptoHasher("sha256").update(Buffer.from(a + b, "hex")).digest("hex");
  expect(await sealRootOf([a, b, a])).toBe(both);
  expect(await sealRootOf([b, a])).not.toBe(both);
});
