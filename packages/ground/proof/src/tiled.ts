import type { Bytes } from "./bytes.ts";
import { nodeHash, tilePath } from "./log/index.ts";

/** The root over as many hashes as a tile has. */
const rootOfTile = (hashes: readonly Bytes[]): Bytes => {
  let level = [...hashes];
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, at) =>
      nodeHash(level[at * 2] as Bytes, level[at * 2 + 1] as Bytes),
    );
  return level[0] as Bytes;
};

/** A tile as it must be served. */
type Due = { readonly path: string; readonly hashes: readonly Bytes[] };

/** What the log's tiles of hashes must hold, worked out from its entries: proofs are made of them. */
export class Tiled {
  /** The tile that grows at each level, and its number. */
  readonly #growing: { n: number; hashes: Bytes[] }[] = [];
  #full: Due[] = [];

  add(leaf: Bytes, level = 0): void {
    this.#growing[level] ??= { n: 0, hashes: [] };
    const tile = this.#growing[level];
    tile.hashes.push(leaf);
    if (tile.hashes.length < 256) return;
    this.#full.push({ path: tilePath(level, tile.n, 256), hashes: tile.hashes });
    this.#growing[level] = { n: tile.n + 1, hashes: [] };
    this.add(rootOfTile(tile.hashes), level + 1);
  }

  /** Tiles that became full since they were asked for. */
  full(): Due[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** Tiles that are still growing. */
  growing(): Due[] {
    return this.#growing.flatMap(({ n, hashes }, level) =>
      hashes.length === 0 ? [] : [{ path: tilePath(level, n, hashes.length), hashes: [...hashes] }],
    );
  }
}

/** Whether a tile as it was served holds just these hashes. */
export const holds = (tile: Uint8Array | null, hashes: readonly Bytes[]): boolean =>
  tile !== null &&
  tile.length === hashes.length * 32 &&
  hashes.every((hash, at) => hash.every((byte, place) => byte === tile[at * 32 + place]));
