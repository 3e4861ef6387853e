import type { Db, Tx } from "@evx/db";
import type { Bytes, SigningKey } from "@evx/proof";
import {
  edgeOf,
  emptyRoot,
  inclusionPath,
  leafHash,
  nodeHash,
  rootOfEdge,
  signCheckpoint,
  type TileReader,
  tilesOfPath,
  withLeaf,
} from "@evx/proof/log";
import { lastCheckpoint, pendingEntries, sequence, takeTurn, tileRow, tileRows } from "./queries/log.ts";

/** Who the log is. */
export type LogPorts = {
  /** The log's name, which stands first in each checkpoint: `evx.example/log`. It never changes. */
  readonly origin: string;
  /** The log's own key, apart from that of certificates. */
  readonly key: SigningKey;
};

/** Entries numbered at once; the next round takes the rest. */
const mostAtOnce = 1_000;

/** Reads tiles from the database. Throws when a tile has fewer hashes than are needed. */
export const tilesIn =
  (db: Db): TileReader =>
  async (level, n, width) => {
    const row = await tileRow(db, level, BigInt(n));
    if (!row || row.hashes.length < width * 32)
      throw new RangeError(`tile ${level}/${n} does not have ${width} hashes`);
    return new Uint8Array(row.hashes);
  };

/** The hashes beside an entry's way up; all tiles that they lie in are had in one read. */
export const provenAt = async (db: Db, index: number, size: number): Promise<Bytes[]> => {
  const rows = await tileRows(db, tilesOfPath(index, size));
  const tiles = new Map(rows.map(({ level, n, hashes }) => [`${level}/${n}`, hashes]));
  const read: TileReader = async (level, n, width) => {
    const hashes = tiles.get(`${level}/${n}`);
    if (!hashes || hashes.length < width * 32)
      throw new RangeError(`tile ${level}/${n} does not have ${width} hashes`);
    return new Uint8Array(hashes);
  };
  return inclusionPath(read, index, size);
};

/** The tile that grows at a level of a log of so many entries, without what is not there yet. */
const growing = async (tx: Tx, level: number, size: number): Promise<{ n: number; hashes: Bytes[] }> => {
  const count = Math.floor(size / 256 ** level);
  const n = Math.floor(count / 256);
  const row = count % 256 === 0 ? undefined : await tileRow(tx, level, BigInt(n));
  const hashes = Array.from(
    { length: count % 256 },
    (_, at) => new Uint8Array(row?.hashes.subarray(at * 32, at * 32 + 32) ?? []) as Bytes,
  );
  return { n, hashes };
};

const joinedHashes = (hashes: readonly Bytes[]): Uint8Array => {
  const bytes = new Uint8Array(hashes.length * 32);
  for (const [at, hash] of hashes.entries()) bytes.set(hash, at * 32);
  return bytes;
};

/** The root of a full tile's 256 hashes. */
const tileRoot = (hashes: readonly Bytes[]): Bytes => {
  let level = [...hashes];
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, at) =>
      nodeHash(level[at * 2] as Bytes, level[at * 2 + 1] as Bytes),
    );
  return level[0] as Bytes;
};

/** The tiles that change when leaves come to a log of `size` entries, level by level. */
const grown = async (tx: Tx, size: number, leaves: readonly Bytes[]) => {
  const tiles: { level: number; n: number; hashes: Uint8Array }[] = [];
  let fresh = [...leaves];
  for (let level = 0; fresh.length > 0; level++) {
    let { n, hashes } = await growing(tx, level, size);
    const above: Bytes[] = [];
    for (const hash of fresh) {
      hashes.push(hash);
      if (hashes.length < 256) continue;
      tiles.push({ level, n, hashes: joinedHashes(hashes) });
      above.push(tileRoot(hashes));
      [n, hashes] = [n + 1, []];
    }
    if (hashes.length > 0) tiles.push({ level, n, hashes: joinedHashes(hashes) });
    fresh = above;
  }
  return tiles;
};

/**
 * Numbers what is pending, extends the tiles and publishes a signed checkpoint over them, in one transaction: a
 * process that dies within it leaves the log as it was. Answers the size, and how many entries came; null while
 * another one is at it. A log without a checkpoint gets one, empty or not.
 */
export const sequencePending = async (
  tx: Tx,
  { origin, key }: LogPorts,
): Promise<{ size: number; added: number } | null> => {
  if (!(await takeTurn(tx))) return null;
  const last = await lastCheckpoint(tx);
  const size = Number(last?.size ?? 0n);
  const pending = await pendingEntries(tx, mostAtOnce);
  if (pending.length === 0 && last) return { size, added: 0 };
  const leaves = pending.map(({ body }) => leafHash(body));
  const tiles = await grown(tx, size, leaves);
  const before = await edgeOf(tilesIn(tx), size);
  const after = leaves.reduce(withLeaf, before);
  const root = after.size === 0 ? emptyRoot : rootOfEdge(after);
  const note = await signCheckpoint(origin, key, { size: after.size, root });
  const ids = pending.map(({ id }) => id);
  await sequence(tx, { size: BigInt(size), ids, tiles, root, note });
  return { size: after.size, added: leaves.length };
};
