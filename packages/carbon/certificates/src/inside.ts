import { batchesByIds, batchNumber, hiddenRetirements } from "@evx/credits";
import type { Db } from "@evx/db";
import { faultsBy, schemaFaults } from "@evx/db/guard";
import { hour_ms } from "@evx/kernel";
import { hex } from "@evx/proof";
import { type NoteKey, readCheckpoint, signedAt } from "@evx/proof/log";
import { plainRootOf, rootOf } from "@evx/proof/tree";
import { keptBookFaults } from "./kept-books.ts";
import { checkpointRows, holderFaults, rowChecks, rowFaults, treeRows } from "./queries/inside.ts";

/** Trees that are read at once. */
const portion = 50;

/** Batches whose stored leaves do not give the root that is published: a stranger's check of them would fail. */
const treeFaults = async (db: Db): Promise<string[]> => {
  const faults: string[] = [];
  for (let after = ""; ; ) {
    const rows = await treeRows(db, after, portion);
    const batches = await batchesByIds(
      db,
      rows.map(({ batch_id }) => batch_id),
    );
    for (const { batch_id, root, leaves, sums, sum_g } of rows) {
      const batch = batches.get(batch_id);
      const hashes = new Uint8Array(leaves);
      const found = sums
        ? rootOf({ leaves: hashes, sums: new Uint8Array(sums) })
        : { root: plainRootOf(hashes), grams: sum_g };
      if (found.root !== root || found.grams !== sum_g)
        faults.push(
          `Batch ${batch ? batchNumber(batch.number) : batch_id}: its stored leaves do not give its root.`,
        );
    }
    const last = rows.at(-1);
    if (!last || rows.length < portion) return faults;
    after = last.batch_id;
  }
};

/** The checkpoints that were published, with their roots; and those that the log's key did not sign. */
export const publishedRoots = async (db: Db, key: NoteKey | null) => {
  const faults: string[] = [];
  const roots: { size: number; root: string }[] = [];
  for (const { size, root, note } of await checkpointRows(db)) {
    const checkpoint = readCheckpoint(note);
    const sound =
      key &&
      checkpoint &&
      checkpoint.size === Number(size) &&
      hex(checkpoint.root) === root.toString("hex") &&
      (await signedAt(checkpoint, key)) === true;
    if (!sound) faults.push(`The checkpoint of ${size} entries is not as the log's key signed it.`);
    roots.push({ size: Number(size), root: root.toString("hex") });
  }
  return { roots, faults };
};

/** A sale is certified within moments; what moved on so long ago and was not is nobody's mistake. */
const late_ms = hour_ms;

/** What is wrong with rows that only the inside sees; each in a sentence that names its row. */
export const insideFaults = async (db: Db, now: Date): Promise<string[]> => {
  const before = new Date(now.getTime() - late_ms);
  const faults = [...(await faultsBy("the database's schema", () => schemaFaults(db)))];
  for (const check of rowChecks) faults.push(...(await faultsBy(check, () => rowFaults(db, check))));
  return [
    ...faults,
    ...(await faultsBy("whose grams certificates read current for", () => holderFaults(db, before))),
    ...(await faultsBy("whether searches find every retirement", () => hiddenRetirements(db))),
    ...(await faultsBy("trees of trips", () => treeFaults(db))),
    ...(await faultsBy("daily books", () => keptBookFaults(db))),
  ];
};
