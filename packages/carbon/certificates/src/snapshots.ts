import type { Db, Tx } from "@evx/db";
import { publishedCheckpoint } from "@evx/log";
import { canonical, signSnapshot, utf8 } from "@evx/proof";
import { refuse } from "./errors.ts";
import { ensureKey } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import { atOneMoment, insertSnapshot, snapshotContent, snapshotRows } from "./queries/snapshots.ts";
import { stateKinds, stateRows } from "./queries/state.ts";

/** Rows that are read at once. */
const portion = 2_000;

/** Every row of the registry as a line of JSON, a kind after the other. */
async function* lines(db: Db): AsyncGenerator<string> {
  for (const kind of stateKinds)
    for (let after = ""; ; ) {
      const rows = await stateRows(db, kind, { after, limit: portion });
      for (const { facts } of rows)
        yield `${canonical({ row: kind, ...facts } as Parameters<typeof canonical>[0])}\n`;
      const last = rows.at(-1);
      if (!last || rows.length < portion) break;
      after = last.name;
    }
}

/**
 * Keeps the whole registry as it is now under a day's name, with a signed statement of its hash and of the log's
 * checkpoint. Once a day; asked again it answers false. All rows and the checkpoint are of one moment, so the transaction is
 * its own: nothing was read in it before.
 */
export const takeSnapshot = async (tx: Tx, ports: CertificatePorts, day: string): Promise<boolean> => {
  await atOneMoment(tx);
  if (await snapshotContent(tx, day)) return false;
  const all = await Array.fromAsync(lines(tx));
  const content = utf8(all.join(""));
  await ensureKey(tx, ports);
  const { current: key } = ports.keys;
  const checkpoint = (await publishedCheckpoint(tx))?.note ?? "";
  const facts = { day, at: tx.at.toISOString(), rows: all.length, checkpoint };
  const signed = await signSnapshot(key, content, facts);
  await insertSnapshot(tx, { day, ...signed, content: Buffer.from(Bun.gzipSync(content)), key_id: key.id });
  return true;
};

/** So many days are listed; older ones are had by their day. */
const listed = 31;

/** The newest snapshots: each statement's text as it was signed, and its signature. */
export const publicSnapshots = async (db: Db) => ({ items: await snapshotRows(db, listed) });

/** A day's snapshot, packed. Refuses `snapshot_not_found`. */
export const snapshotFile = async (db: Db, day: string) => {
  const row = await snapshotContent(db, day);
  if (!row) throw refuse("snapshot_not_found");
  return {
    contentType: "application/gzip",
    fileName: `evx-registry-${day}.ndjson.gz`,
    content: new Uint8Array(row.content),
  };
};
