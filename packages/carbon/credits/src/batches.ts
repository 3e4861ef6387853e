import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { assert, type Grams, type Id, namedId } from "@evx/kernel";
import {
  type AccountId,
  bufferAccount,
  type GramMove,
  issue,
  movesOf,
  movesOfAll,
  wallet,
} from "@evx/ledger";
import { ruleAt } from "@evx/rules";
import { refuse } from "./errors.ts";
import { creditsIssued } from "./events.ts";
import { bufferOf, bufferShares, type QualityTier } from "./policy.ts";
import {
  type BatchRow,
  batchByNumber,
  batchesOfRequestRows,
  batchRows,
  insertBatch,
  lockRequest,
} from "./queries/batches.ts";
import { serialOf } from "./serial.ts";

/** What one issuance created, and where it came from. Never changes. */
export type Batch = {
  readonly id: Id<"batch">;
  /** Short and public: the batch's part of its serial numbers. */
  readonly number: bigint;
  readonly requestId: Id<"request">;
  readonly transferId: Id<"transfer">;
  readonly ownerId: Id<"user">;
  readonly cvaId: Id<"user">;
  readonly vintageYear: number;
  /** The days of the first and the last trip where the vehicle was, "2026-03-01". */
  readonly vintageFrom: string;
  readonly vintageTo: string;
  readonly countryCode: string;
  readonly methodCode: string;
  readonly factorSet: string;
  readonly qualityTier: QualityTier;
  readonly vehicleClass: string;
  readonly tripCount: number;
  readonly firstTripAt: Date;
  readonly lastTripAt: Date;
  /** All grams, the buffer's included; numbered from 1. */
  readonly grams: Grams;
  /** The first grams of the batch, which were kept back. */
  readonly bufferGrams: Grams;
  readonly issuedAt: Date;
};

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

const batchOf = (row: BatchRow): Batch => ({
  id: row.id,
  number: row.number,
  requestId: row.request_id,
  transferId: row.transfer_id,
  ownerId: row.owner_id,
  cvaId: row.cva_id,
  vintageYear: row.vintage_year,
  // What a server of the version before issued says no days.
  vintageFrom: row.vintage_from ?? dayOf(row.first_trip_at),
  vintageTo: row.vintage_to ?? dayOf(row.last_trip_at),
  countryCode: row.country_code,
  methodCode: row.method_code,
  factorSet: row.factor_set,
  qualityTier: row.quality_tier,
  vehicleClass: row.vehicle_class,
  tripCount: row.trip_count,
  firstTripAt: row.first_trip_at,
  lastTripAt: row.last_trip_at,
  grams: row.grams_g,
  bufferGrams: row.buffer_g,
  issuedAt: row.issued_at,
});

/**
 * From which day to which a batch says that it was driven. One of a single trip would tell that trip's month, and by its
 * grams how far it went: it names its year instead, as far as that has come.
 */
export const statedDays = (
  { year, trips, firstDay, lastDay }: { year: number; trips: number; firstDay: string; lastDay: string },
  at: Date,
) => {
  if (trips > 1) return { vintageFrom: firstDay, vintageTo: lastDay };
  const [soFar = lastDay] = [dayOf(at), `${year}-12-31`].sort();
  return { vintageFrom: `${year}-01-01`, vintageTo: soFar < lastDay ? lastDay : soFar };
};

/**
 * A batch's vintage as everybody reads it: from the first day of the first trip's month to the last day of the last one's.
 * On which day somebody drove is nobody's business.
 */
export const publicVintage = ({ vintageFrom, vintageTo }: Pick<Batch, "vintageFrom" | "vintageTo">) => {
  const [year, month] = [Number(vintageTo.slice(0, 4)), Number(vintageTo.slice(5, 7))];
  return {
    vintageFrom: `${vintageFrom.slice(0, 8)}01`,
    vintageTo: dayOf(new Date(Date.UTC(year, month, 0))),
  };
};

export type Issuance = Omit<
  Batch,
  "number" | "transferId" | "bufferGrams" | "issuedAt" | "vintageFrom" | "vintageTo"
> & {
  /** The days of the vintage; those of its trips in UTC unless given. */
  readonly vintageFrom?: string;
  readonly vintageTo?: string;
  /** Instead of the rule's share for the quality tier: what the request froze. */
  readonly bufferGrams?: Grams;
};

export type Issued = {
  readonly batch: Batch;
  /** The serial number of all grams of the batch. */
  readonly serial: string;
  /** The serial number of what its owner received. */
  readonly ownerSerial: string;
  readonly ownerGrams: Grams;
  /** True when the request's batch was there already and nothing was issued. */
  readonly replayed: boolean;
};

const issuedView = (batch: Batch, replayed: boolean): Issued => ({
  batch,
  serial: serialOf(batch, 1n, batch.grams),
  ownerSerial: serialOf(batch, batch.bufferGrams + 1n, batch.grams),
  ownerGrams: batch.grams - batch.bufferGrams,
  replayed,
});

/**
 * Creates the credits of a year of an approved request: one batch, its grams numbered from 1, the owner's part in the
 * owner's wallet and the buffer's share (by quality tier, a rule) kept back. A request has one batch a vintage for ever:
 * asked again with the same figures it answers that one, with others it refuses `batch_of_request_differs`.
 */
export const issueBatch = async (tx: Tx, issuance: Issuance): Promise<Issued> => {
  assert(issuance.grams > 0n, `${issuance.requestId} issues more than zero grams`);
  await lockRequest(tx, issuance.requestId);
  const known = (await batchesOfRequestRows(tx, issuance.requestId)).find(
    ({ id, vintage_year }) => id === issuance.id || vintage_year === issuance.vintageYear,
  );
  if (known) {
    const same =
      known.id === issuance.id && known.grams_g === issuance.grams && known.owner_id === issuance.ownerId;
    if (!same) throw refuse("batch_of_request_differs");
    return issuedView(batchOf(known), true);
  }
  const { value: shares } = await ruleAt(tx, bufferShares, tx.at);
  const bufferGrams = issuance.bufferGrams ?? bufferOf(issuance.grams, shares[issuance.qualityTier]);
  const transferId = await namedId("transfer", `issue:${issuance.id}`);
  const row = await insertBatch(tx, {
    id: issuance.id,
    request_id: issuance.requestId,
    transfer_id: transferId,
    owner_id: issuance.ownerId,
    cva_id: issuance.cvaId,
    vintage_year: issuance.vintageYear,
    vintage_from: issuance.vintageFrom ?? dayOf(issuance.firstTripAt),
    vintage_to: issuance.vintageTo ?? dayOf(issuance.lastTripAt),
    country_code: issuance.countryCode,
    method_code: issuance.methodCode,
    factor_set: issuance.factorSet,
    quality_tier: issuance.qualityTier,
    vehicle_class: issuance.vehicleClass,
    trip_count: issuance.tripCount,
    first_trip_at: issuance.firstTripAt,
    last_trip_at: issuance.lastTripAt,
    grams_g: issuance.grams,
    buffer_g: bufferGrams,
    issued_at: tx.at,
  });
  const batch = batchOf(row);
  const ownerGrams = batch.grams - batch.bufferGrams;
  await emit(tx, creditsIssued, {
    batchId: batch.id,
    requestId: batch.requestId,
    transferId,
    ownerId: batch.ownerId,
    cvaId: batch.cvaId,
    grams: String(ownerGrams),
    bufferGrams: String(bufferGrams),
    vintage: batch.vintageYear,
    country: batch.countryCode,
    method: batch.methodCode,
    at: tx.at.toISOString(),
  });
  await issue(tx, {
    id: transferId,
    batchId: batch.id,
    legs: [
      { account: wallet(batch.ownerId), grams: ownerGrams },
      ...(bufferGrams > 0n ? [{ account: bufferAccount(), grams: bufferGrams }] : []),
    ],
    memo: { requestId: batch.requestId, batchId: batch.id },
  });
  return issuedView(batch, false);
};

/** Batches by id, in one query. Ids that no batch has are left out. */
export const batchesByIds = async (db: Db, ids: readonly Id<"batch">[]): Promise<Map<Id<"batch">, Batch>> => {
  if (ids.length === 0) return new Map();
  return new Map((await batchRows(db, [...new Set(ids)])).map((row) => [row.id, batchOf(row)]));
};

/** The batches that a request became, one a vintage, the oldest first; none before it is approved. */
export const batchesOfRequest = async (db: Db, requestId: Id<"request">): Promise<Batch[]> =>
  (await batchesOfRequestRows(db, requestId)).map(batchOf);

/** The batch with that public number, or null. */
export const batchNumbered = async (db: Db, number: bigint): Promise<Batch | null> => {
  const row = await batchByNumber(db, number);
  return row ? batchOf(row) : null;
};

export { batchOf };

/** A run of grams with its serial number and the batch that it is of. */
export type SerialRun = {
  readonly batchId: Id<"batch">;
  readonly first_g: bigint;
  readonly last_g: bigint;
  readonly serial: string;
  readonly grams: Grams;
  readonly batch: Batch;
};

type Run = { batchId: Id<"batch">; first_g: bigint; last_g: bigint };

/** Runs with their serial numbers. Those of batches that credits did not issue are left out. */
const numbered = (runs: readonly Run[], batches: ReadonlyMap<Id<"batch">, Batch>): SerialRun[] =>
  runs.flatMap(({ batchId, first_g, last_g }) => {
    const batch = batches.get(batchId);
    if (!batch) return [];
    const serial = serialOf(batch, first_g, last_g);
    return [{ batchId, first_g, last_g, serial, grams: last_g - first_g + 1n, batch }];
  });

/** Gives runs of grams their serial numbers. Runs of batches that credits did not issue are left out. */
export const serialRuns = async (db: Db, runs: readonly Run[]): Promise<SerialRun[]> => {
  const ids = runs.map((run) => run.batchId);
  return numbered(runs, await batchesByIds(db, ids));
};

/** Neighbouring runs of one batch as one run: what was split on its way reads as a whole again. */
export const joinRuns = (runs: readonly Run[]): Run[] => {
  const joined: Run[] = [];
  const order = (a: Run, b: Run) =>
    a.batchId === b.batchId ? Number(a.first_g - b.first_g) : a.batchId < b.batchId ? -1 : 1;
  for (const { batchId, first_g, last_g } of runs.toSorted(order)) {
    const last = joined.at(-1);
    if (last && last.batchId === batchId && last.last_g + 1n === first_g) last.last_g = last_g;
    else joined.push({ batchId, first_g, last_g });
  }
  return joined;
};

/**
 * The serial numbers that a transfer moved, neighbours joined. `account` keeps those that went to or came from it,
 * where a transfer has more than two sides.
 */
export const serialsOfTransfer = async (
  db: Db,
  transferId: Id<"transfer">,
  account?: AccountId,
): Promise<SerialRun[]> => serialRuns(db, joinRuns(touching(await movesOf(db, transferId), account)));

/** The same for many transfers at once. */
export const serialsOfTransfers = async (
  db: Db,
  transferIds: readonly Id<"transfer">[],
  account?: (transferId: Id<"transfer">) => AccountId | undefined,
): Promise<Map<Id<"transfer">, SerialRun[]>> => {
  const moves = await movesOfAll(db, transferIds);
  const joined = [...moves].map(
    ([transferId, all]) => [transferId, joinRuns(touching(all, account?.(transferId)))] as const,
  );
  const batches = await batchesByIds(
    db,
    joined.flatMap(([, runs]) => runs.map((run) => run.batchId)),
  );
  return new Map(joined.map(([transferId, runs]) => [transferId, numbered(runs, batches)]));
};

const touching = (moves: readonly GramMove[], account: AccountId | undefined): readonly GramMove[] =>
  account ? moves.filter((move) => move.from === account || move.to === account) : moves;
