import { type Batch, batchesByIds, batchesOfRequest, batchNumber, issuedBatchRows } from "@evx/credits";
import type { Db } from "@evx/db";
import { faultsBy } from "@evx/db/guard";
import { claimedTotals } from "@evx/trips";
import { reproduced } from "./proofs.ts";
import { decisionFaults, orphanFaults } from "./queries/issued.ts";
import { requestRow } from "./queries/requests.ts";

/** Batches that are read at once. */
const portion = 100;

/** What is wrong with a batch, seen from the request and the trips that it stands on; in sentences. */
const faultsOf = async (db: Db, batch: Batch): Promise<string[]> => {
  const name = `Batch ${batchNumber(batch.number)}`;
  const request = await requestRow(db, batch.requestId);
  if (!request) return [`${name} stands on request ${batch.requestId}, which is not there.`];
  const { status, batch_id, issued_g, owner_id, decided_by } = request;
  const siblings = await batchesOfRequest(db, request.id);
  const issued = siblings.reduce((sum, { grams }) => sum + grams, 0n);
  const twisted: string[] = [];
  if (status !== "approved" || !siblings.some(({ id }) => id === batch_id))
    twisted.push(`its request ${request.id} is ${status} and names ${batch_id ?? "no batch"}`);
  if (issued_g !== issued)
    twisted.push(`its request was issued ${issued_g ?? "no"} g, the batch has ${issued} g with others of it`);
  if (owner_id !== batch.ownerId || decided_by !== batch.cvaId)
    twisted.push("its request names another owner or another reviewer");
  const { grams, vintages } = await reproduced(db, request);
  const totals = await claimedTotals(db, request.id);
  const own = vintages.get(batch.vintageYear);
  if (own?.tree.batch_id !== batch.id)
    return [...twisted, "it has no tree"].map((what) => `${name}: ${what}.`);
  if (BigInt(own.trips) !== own.tree.leaf_count || own.trips !== batch.tripCount)
    twisted.push(
      `${own.trips} trips stand behind it, it says ${batch.tripCount} and its tree ${own.tree.leaf_count}`,
    );
  if (own.grams !== batch.grams) twisted.push(`its trips say ${own.grams} g, it has ${batch.grams} g`);
  if (grams !== issued) twisted.push(`its request's trips give ${grams} g, ${issued} g were issued`);
  const year = totals?.years.find((one) => one.year === batch.vintageYear);
  const driven = [year?.firstAt, year?.lastAt].map((at) => at?.getTime());
  if (driven[0] !== batch.firstTripAt.getTime() || driven[1] !== batch.lastTripAt.getTime())
    twisted.push(
      `its trips begin on ${year?.firstAt.toISOString() ?? "no day"} and ${year?.lastAt.toISOString() ?? "none"}, it says ${batch.firstTripAt.toISOString()} and ${batch.lastTripAt.toISOString()}`,
    );
  if (request.vehicle_class !== batch.vehicleClass)
    twisted.push(`its request is of a ${request.vehicle_class}, it says ${batch.vehicleClass}`);
  if (!own.sameTree) twisted.push("its trips do not give the tree that was logged");
  return twisted.map((what) => `${name}: ${what}.`);
};

/** What cannot even be read is a fault of its batch, and keeps nobody from the others. */
const judged = async (db: Db, batch: Batch): Promise<string[]> => {
  try {
    return await faultsOf(db, batch);
  } catch (error) {
    return [
      `Batch ${batchNumber(batch.number)}: it cannot be computed again (${error instanceof Error ? error.message : error}).`,
    ];
  }
};

/** What only the audit trail says of requests. */
const insideFaults = async (db: Db): Promise<string[]> => [
  ...(await faultsBy("who approved requests", () => orphanFaults(db))),
  ...(await faultsBy("what was decided of requests", () => decisionFaults(db))),
];

/**
 * Computes every batch again from its trips by its frozen factors, and holds it against its request and its tree: what
 * only the inside can show. Each fault is a sentence that names its batch.
 */
export const verifyIssued = async (db: Db): Promise<{ batches: number; faults: string[] }> => {
  const faults: string[] = [];
  let [batches, after] = [0, ""];
  for (;;) {
    const rows = await issuedBatchRows(db, { after, limit: portion });
    const known = await batchesByIds(
      db,
      rows.map(({ id }) => id),
    );
    for (const batch of known.values()) faults.push(...(await judged(db, batch)));
    batches += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < portion) return { batches, faults: [...faults, ...(await insideFaults(db))] };
    after = last.id;
  }
};
