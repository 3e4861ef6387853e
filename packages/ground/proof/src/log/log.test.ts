import { describe, expect, test } from "bun:test";
import { type Bytes, hex, utf8 } from "../bytes.ts";
import { generateSigningKey, isSignedBy, readSigningKeys } from "../keys.ts";
import { sha256Now, sha256Plain } from "../sha256.ts";
import {
  bundleOf,
  consistencyPath,
  cosign,
  edgeOf,
  emptyEdge,
  emptyRoot,
  entriesOf,
  hashOfRange,
  inclusionPath,
  isConsistent,
  leafHash,
  nodeHash,
  noteKeyText,
  readCheckpoint,
  readNoteKey,
  readTilePath,
  rootByPath,
  rootOfEdge,
  signCheckpoint,
  signedAt,
  type TileReader,
  tilePath,
  withLeaf,
} from "./index.ts";

/** RFC 6962 §2.1, word for word. */
const naive = (leaves: readonly Bytes[]): Bytes => {
  if (leaves.length === 0) return emptyRoot;
  if (leaves.length === 1) return leaves[0] as Bytes;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(naive(leaves.slice(0, k)), naive(leaves.slice(k)));
};

const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => leafHash(utf8(`entry ${i}`)));

/** Tiles of a tree that lies in memory. */
const tilesOf = (leaves: readonly Bytes[]): TileReader => {
  const levels = [leaves];
  for (let at = 0; (levels[at] as Bytes[]).length >= 256; at++)
    levels.push(
      Array.from({ length: Math.floor((levels[at] as Bytes[]).length / 256) }, (_, i) =>
        naive((levels[at] as Bytes[]).slice(i * 256, i * 256 + 256)),
      ),
    );
  return async (level, n, width) => {
    const hashes = (levels[level] ?? []).slice(n * 256, n * 256 + width);
    if (hashes.length < width) throw new Error(`no tile ${level}/${n} of ${width}`);
    const bytes = new Uint8Array(width * 32);
    for (const [i, hash] of hashes.entries()) bytes.set(hash, i * 32);
    return bytes;
  };
};

test("SHA-256 at once is the runtime's SHA-256, whatever the length", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000]) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const wanted = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    expect([hex(sha256Now(bytes)), hex(sha256Plain(bytes))]).toEqual([wanted, wanted]);
  }
});

test("roots, inclusion and consistency of every tree up to 70 are those of RFC 6962, and no others pass", async () => {
  const leaves = leavesOf(70);
  let edge = emptyEdge;
  const roots: Bytes[] = [emptyRoot];
  for (const leaf of leaves) {
    edge = withLeaf(edge, leaf);
    roots.push(rootOfEdge(edge));
  }
  const read = tilesOf(leaves);
  for (let size = 1; size <= 70; size++) {
    const root = roots[size] as Bytes;
    expect(hex(root)).toBe(hex(naive(leaves.slice(0, size))));
    for (let index = 0; index < size; index += 3) {
      const path = await inclusionPath(read, index, size);
      const found = rootByPath(leaves[index] as Bytes, { index, size, path });
      expect(hex(found as Bytes)).toBe(hex(root));
      const elsewhere = rootByPath(leaves[index] as Bytes, { index: (index + 1) % size, size, path });
      expect(size > 1 && elsewhere !== null && hex(elsewhere) === hex(root)).toBe(false);
    }
    for (let older = 0; older <= size; older++) {
      const was = { size: older, root: roots[older] as Bytes };
      const path = await consistencyPath(read, older, size);
      expect(isConsistent(was, { size, root }, path)).toBe(true);
      if (older > 0 && older < size)
        expect(isConsistent({ size: older, root: emptyRoot }, { size, root }, path)).toBe(false);
    }
  }
});

test("a tree of 70,000 entries has 273 full tiles at level 0 and one of 112, and the roots of the reference", async () => {
  const leaves = leavesOf(70_000);
  const read = tilesOf(leaves);
  expect([Math.floor(70_000 / 256), 70_000 % 256]).toEqual([273, 112]);
  const root = naive(leaves);
  expect(hex(await hashOfRange(read, 0, 70_000))).toBe(hex(root));
  expect(hex(rootOfEdge(await edgeOf(read, 70_000)))).toBe(hex(root));
  for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
    const path = await inclusionPath(read, index, 70_000);
    expect(rootByPath(leaves[index] as Bytes, { index, size: 70_000, path })).toEqual(root);
  }
});

describe("addresses of tiles", () => {
  test("are C2SP's, and no other spelling is read", () => {
    expect(tilePath(0, 1_234_067, 256)).toBe("tile/0/x001/x234/067");
    expect(tilePath("entries", 273, 112)).toBe("tile/entries/273.p/112");
    expect(readTilePath("0/x001/x234/067")).toEqual({ level: 0, n: 1_234_067, width: 256 });
    for (const wrong of [
      "0/1",
      "0/x000/001",
      "00/001",
      "0/001.p/0",
      "0/001.p/256",
      "7/000",
      "0/001/",
      "../0",
    ])
      expect(readTilePath(wrong)).toBeNull();
  });

  test("a bundle cut short is seen, an entry of 65,536 bytes has no place", () => {
    const entries = [utf8("one"), new Uint8Array(65_535), utf8("")];
    const bundle = bundleOf(entries);
    expect(entriesOf(bundle, 3)).toEqual(entries);
    expect(entriesOf(bundle.slice(0, -1), 3)).toBeNull();
    expect(entriesOf(bundle, 2)).toBeNull();
    expect(() => bundleOf([new Uint8Array(65_536)])).toThrow("65535");
  });
});

describe("checkpoints", async () => {
  const { current: key } = await readSigningKeys(generateSigningKey());
  const { current: other } = await readSigningKeys(generateSigningKey());
  const noteKey = (name: string, kind: "log" | "witness", { publicKey }: { publicKey: string }) => ({
    name,
    kind,
    publicKey: Uint8Array.fromBase64(publicKey, { alphabet: "base64url" }) as Bytes,
  });
  const root = sha256Now(utf8("root"));
  const note = await signCheckpoint("evx.test/log", key, { size: 7, root });
  const read = readCheckpoint(note);

  test("carry origin, size and root, and hold under their key alone", async () => {
    if (!read) throw new Error("no checkpoint");
    expect({ origin: read.origin, size: read.size, root: read.root }).toEqual({
      origin: "evx.test/log",
      size: 7,
      root,
    });
    expect(await signedAt(read, noteKey("evx.test/log", "log", key))).toBe(true);
    expect(await signedAt(read, noteKey("evx.test/log", "log", other))).toBe(false);
    const changed = readCheckpoint(note.replace("\n7\n", "\n8\n"));
    if (!changed) throw new Error("no checkpoint");
    expect(await signedAt(changed, noteKey("evx.test/log", "log", key))).toBe(false);
  });

  test("a witness's line says when, and holds for this text alone", async () => {
    if (!read) throw new Error("no checkpoint");
    const line = await cosign("witness.test/w", other, read.text, 1_790_000_000);
    const both = readCheckpoint(note + line);
    if (!both) throw new Error("no checkpoint");
    expect(await signedAt(both, noteKey("witness.test/w", "witness", other))).toBe(1_790_000_000);
    expect(await signedAt(both, noteKey("witness.test/w", "witness", key))).toBe(false);
  });

  test("keys are read as other tools write them; a wrong hash or a key of small order is none", () => {
    const text = noteKeyText(noteKey("evx.test/log", "log", key));
    expect(readNoteKey(text)).toEqual(noteKey("evx.test/log", "log", key));
    expect(readNoteKey(text.replace(/\+[0-9a-f]{8}\+/, "+00000000+"))).toBeNull();
    const weak = new Uint8Array(32);
    expect(readNoteKey(noteKeyText({ name: "x", kind: "log", publicKey: weak }))).toBeNull();
  });

  test("texts that are no checkpoint are none", () => {
    for (const wrong of [
      "",
      "a\n1\n\n",
      note.trimEnd(),
      note.replace("\n7\n", "\n07\n"),
      "x".repeat(200_000),
    ])
      expect(readCheckpoint(wrong)).toBeNull();
  });

  test("under a key of small order no signature holds, not even the one that fits every text", async () => {
    const signature = new Uint8Array(64);
    signature[0] = 1;
    const text = (bytes: Uint8Array) => bytes.toBase64({ alphabet: "base64url", omitPadding: true });
    for (const first of [0, 1]) {
      const weak = new Uint8Array(32);
      weak[0] = first;
      expect(await isSignedBy(text(weak), utf8("anything"), text(signature))).toBe(false);
    }
  });
});
