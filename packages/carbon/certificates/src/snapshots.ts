import { Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Db, Tx } from "@evx/db";
import { afterCursor, type Page, type PageInput, pageFrom } from "@evx/kernel";
import { loggedAt, publishedCheckpoint } from "@evx/log";
import { canonical, type PublicKey, signSnapshot, snapshotFault, utf8 } from "@evx/proof";
import { base64 } from "@evx/proof/log";
import { refuse } from "./errors.ts";
import { ensureKey } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import {
  atOneMoment,
  insertSnapshot,
  insertSnapshotPart,
  isSnapshotTaken,
  missedSnapshots,
  type SnapshotRow,
  snapshotParts,
  snapshotRow,
  snapshotRows,
} from "./queries/snapshots.ts";
import { copiedKinds, stateRows } from "./queries/state.ts";

/** Rows that are read at once. */
const portion = 2_000;

/** Every row of the registry as lines of JSON, a kind after the other, a portion at once. */
async function* lines(db: Db): AsyncGenerator<string[]> {
  for (const kind of copiedKinds)
    for (let after = ""; ; ) {
      const rows = await stateRows(db, kind, { after, limit: portion });
      yield rows.map(
        ({ facts }) => `${canonical({ row: kind, ...facts } as Parameters<typeof canonical>[0])}\n`,
      );
      const last = rows.at(-1);
      if (!last || rows.length < portion) break;
      after = last.name;
    }
}

/** A part of a snapshot has at least as many bytes, but for the last. */
const partBytes = 1_000_000;

/** Packs what is written to it, and hands it on in parts while more comes. */
const packer = (keep: (part: Buffer) => Promise<void>) => {
  const gzip = createGzip();
  let [made, size]: [Buffer[], number] = [[], 0];
  gzip.on("data", (piece: Buffer) => {
    made.push(piece);
    size += piece.length;
  });
  const handOn = async () => {
    const part = Buffer.concat(made);
    [made, size] = [[], 0];
    if (part.length > 0) await keep(part);
  };
  return {
    write: async (bytes: Uint8Array): Promise<void> => {
      await new Promise<void>((resolve, reject) =>
        gzip.write(bytes, (error) => (error ? reject(error) : resolve())),
      );
      if (size >= partBytes) await handOn();
    },
    end: async (): Promise<void> => {
      gzip.end();
      await finished(gzip);
      await handOn();
    },
  };
};

/**
 * Keeps the whole registry as it is now under a day's name, with a signed statement of its hash and of the log's
 * checkpoint. Once a day; asked again it answers false. All rows and the checkpoint are of one moment, so the transaction is
 * its own: nothing was read in it before. However large the registry, a portion of it is held at once.
 */
export const takeSnapshot = async (tx: Tx, ports: CertificatePorts, day: string): Promise<boolean> => {
  await atOneMoment(tx);
  if (await isSnapshotTaken(tx, day)) return false;
  const hash = new Bun.CryptoHasher("sha256");
  let [rows, place] = [0, 0];
  const packed = packer((content) => insertSnapshotPart(tx, { day, place: place++, content }));
  for await (const texts of lines(tx)) {
    const bytes = utf8(texts.join(""));
    hash.update(bytes);
    rows += texts.length;
    await packed.write(bytes);
  }
  await packed.end();
  await ensureKey(tx, ports);
  const { current: key } = ports.keys;
  const checkpoint = (await publishedCheckpoint(tx))?.note ?? "";
  const facts = { day, at: tx.at.toISOString(), rows, checkpoint };
  const signed = await signSnapshot(key, { sha256: hash.digest("hex") }, facts);
  await insertSnapshot(tx, { day, ...signed, key_id: key.id });
  return true;
};

/** Days that are made up for at once, so that a run ends. */
const daysAtOnce = 10;

/**
 * Days that want a snapshot, the oldest first: the given one, and days whose book was closed when the venue stood still before
 * it took theirs. What is made up for says by its moment that it was taken later.
 */
export const dueSnapshots = async (db: Db, day: string): Promise<string[]> => {
  const missed = (await missedSnapshots(db, daysAtOnce)).filter((each) => each < day);
  return (await isSnapshotTaken(db, day)) ? missed : [...missed, day];
};

/** Snapshots, the newest first: each statement's text as it was signed, and its signature. */
export const publicSnapshots = async (db: Db, { limit, cursor }: PageInput): Promise<Page<SnapshotRow>> => {
  const before = afterCursor(cursor, ([day, ...rest]) =>
    rest.length === 0 && typeof day === "string" && /^\d{4}-\d\d-\d\d$/.test(day) ? day : null,
  );
  return pageFrom(
    await snapshotRows(db, limit + 1, before),
    limit,
    (row) => row,
    ({ day }) => [day],
  );
};

/** A day's statement with what shows that it was logged, once it is. Refuses `snapshot_not_found`. */
export const snapshotStatement = async (db: Db, day: string) => {
  const row = await snapshotRow(db, day);
  if (!row) throw refuse("snapshot_not_found");
  const log = await loggedAt(db, "snapshot", day);
  return { ...row, log: log && { ...log, proof: log.proof.map(base64) } };
};

/** A day's snapshot, packed, as a stream. Refuses `snapshot_not_found`. */
export const snapshotFile = async (db: Db, day: string) => {
  if (!(await isSnapshotTaken(db, day))) throw refuse("snapshot_not_found");
  const parts = snapshotParts(db, day);
  return {
    contentType: "application/gzip",
    fileName: `evx-registry-${day}.ndjson.gz`,
    content: new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { value } = await parts.next();
        if (value) controller.enqueue(value);
        else controller.close();
      },
    }),
  };
};

/** What is wrong with a kept snapshot, read part by part: a sentence, or null. */
export const keptFault = async (
  db: Db,
  { day, ...signed }: SnapshotRow,
  keys: readonly PublicKey[],
): Promise<string | null> => {
  const hash = new Bun.CryptoHasher("sha256");
  const unpacked = createGunzip();
  try {
    await pipeline(Readable.from(snapshotParts(db, day)), unpacked, async (pieces) => {
      for await (const piece of pieces) hash.update(piece as Uint8Array);
    });
  } catch (error) {
    // What is no gzip any more has another hash.
    if (!isUnpacking(error)) throw error;
    hash.update("broken");
  }
  return snapshotFault(signed, { sha256: hash.digest("hex") }, keys);
};

/** Whether an error is that of bytes that are no gzip, or not a whole one; what the database throws has no such code. */
const isUnpacking = (error: unknown): boolean =>
  error instanceof Error && "code" in error && /^Z_/.test(String(error.code));
