import type { Db } from "@evx/db";
import type { Bytes } from "@evx/proof";
import { bundleOf, readTilePath, widthOf } from "@evx/proof/log";
import { cosignatures, entryRows, lastCheckpoint, placeOf, tileRow } from "./queries/log.ts";
import { provenAt } from "./sequencer.ts";

/** The newest checkpoint with what witnesses put under it; null before the first. */
export const publishedCheckpoint = async (db: Db): Promise<{ size: number; note: string } | null> => {
  const last = await lastCheckpoint(db);
  if (!last) return null;
  const lines = await cosignatures(db, last.size);
  return { size: Number(last.size), note: last.note + lines.map(({ line }) => line).join("") };
};

/** A tile or bundle of entries by the path after `tile/`; null for one that the log does not have, or not so wide. */
export const tileBytes = async (db: Db, path: string): Promise<Uint8Array | null> => {
  const asked = readTilePath(path);
  const last = asked && (await lastCheckpoint(db));
  if (!last || widthOf(Number(last.size), asked.level, asked.n) < asked.width) return null;
  if (asked.level === "entries") {
    const first = BigInt(asked.n) * 256n;
    const rows = await entryRows(db, first, first + BigInt(asked.width));
    return bundleOf(rows.map(({ body }) => body));
  }
  const row = await tileRow(db, asked.level, BigInt(asked.n));
  return row ? row.hashes.subarray(0, asked.width * 32) : null;
};

export type Logged = {
  readonly index: number;
  /** The entry's bytes as text. */
  readonly entry: string;
  readonly proof: Bytes[];
  readonly checkpoint: string;
};

/** Where something was logged, with the proof under the newest checkpoint; null while it is not. */
export const loggedAt = async (db: Db, kind: string, subject: string): Promise<Logged | null> => {
  const found = await placeOf(db, kind, subject);
  const published = found && (await publishedCheckpoint(db));
  if (!published || Number(found.place) >= published.size) return null;
  const index = Number(found.place);
  return {
    index,
    entry: found.body.toString("utf8"),
    proof: await provenAt(db, index, published.size),
    checkpoint: published.note,
  };
};
