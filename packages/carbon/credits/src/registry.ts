import type { Db } from "@evx/db";
import { csvFile } from "@evx/files";
import {
  afterMoment,
  creditsFromGrams,
  type Grams,
  type Id,
  momentKey,
  type Page,
  type PageInput,
  pageFrom,
} from "@evx/kernel";
import {
  type AccountKind,
  kindOf,
  ownersOf,
  spreadOf,
  type TransferKind,
  timelineOf,
  totals,
} from "@evx/ledger";
import { type Batch, batchNumbered, batchOf } from "./batches.ts";
import { refuse } from "./errors.ts";
import { type BatchFacts, factsOf } from "./lots.ts";
import { type BatchFilter, batchPage, counts } from "./queries/batches.ts";
import type { RetirementFilter } from "./queries/retirements.ts";
import { cancelledByBatch, revokedRows } from "./queries/revocations.ts";
import { retirements } from "./retirements.ts";
import type { lifeSteps, RetirementView, TimelineView } from "./schema.ts";
import { parseSerial, serialOf } from "./serial.ts";

export type RegistryBatch = BatchFacts & {
  serial: string;
  tripCount: number;
  periodFrom: Date;
  periodTo: Date;
  issued: Grams;
  circulating: Grams;
  retired: Grams;
  cancelled: Grams;
  buffer: Grams;
  /** Why and when the batch was found to be issued wrongly; null for a sound one. */
  revocation: { reason: string; revokedAt: Date; shortfall: Grams } | null;
};

/**
 * The revocations of batches, by batch; no entry for a sound one. `shortfall` are the grams that were issued wrongly and
 * that nothing has made up for yet.
 */
export const revocationsOf = async (db: Db, batchIds: readonly Id<"batch">[]) => {
  const rows = batchIds.length > 0 ? await revokedRows(db, batchIds) : [];
  const cancelled = await cancelledByBatch(
    db,
    rows.map(({ batch_id }) => batch_id),
  );
  return new Map(
    rows.map(({ batch_id, reason, revoked_at, owed_g }) => {
      const left = owed_g - (cancelled.get(batch_id) ?? 0n);
      return [batch_id, { reason, revokedAt: revoked_at, shortfall: left > 0n ? left : 0n }] as const;
    }),
  );
};

/** A batch with where its grams are now, as the ledger says. */
const registered = async (db: Db, batches: readonly Batch[]): Promise<RegistryBatch[]> => {
  const facts = await factsOf(db, batches);
  const ids = batches.map((batch) => batch.id);
  const [spread, revocations] = [await spreadOf(db, ids), await revocationsOf(db, ids)];
  return batches.flatMap((batch) => {
    const known = facts.get(batch.id);
    const in_ = (kind: AccountKind): Grams => spread.get(batch.id)?.get(kind) ?? 0n;
    if (!known) return [];
    return [
      {
        ...known,
        serial: serialOf(batch, 1n, batch.grams),
        tripCount: batch.tripCount,
        periodFrom: batch.firstTripAt,
        periodTo: batch.lastTripAt,
        issued: batch.grams,
        circulating: in_("wallet") + in_("listing"),
        retired: in_("retired"),
        cancelled: in_("cancelled"),
        buffer: in_("buffer"),
        revocation: revocations.get(batch.id) ?? null,
      },
    ];
  });
};

export type BatchSearch = {
  readonly q?: string | undefined;
  readonly vintage?: number | undefined;
  readonly country?: string | undefined;
  readonly method?: string | undefined;
};

/** A search text is a batch's number or a serial number. Anything else is nobody's: null. */
const numberIn = (q: string): bigint | null => {
  const serial = parseSerial(q);
  if (serial) return serial.number;
  return /^#?\d{1,18}$/.test(q.trim()) ? BigInt(q.trim().replace("#", "")) : null;
};

/** All batches that match, newest first. A search text is a batch's number or a serial number. */
export const registryBatches = async (
  db: Db,
  { q, limit, cursor, ...rest }: BatchSearch & PageInput,
): Promise<Page<RegistryBatch>> => {
  const filter: BatchFilter = { vintage: rest.vintage, country: rest.country, method: rest.method };
  if (q?.trim()) {
    const number = numberIn(q);
    if (number === null) return { items: [], nextCursor: null };
    filter.number = number;
  }
  const rows = await batchPage(db, filter, limit + 1, afterMoment("batch", cursor));
  const { items, nextCursor } = pageFrom(
    rows,
    limit,
    (row) => batchOf(row),
    (row) => momentKey(row.issued_at, row.id),
  );
  return { items: await registered(db, items), nextCursor };
};

/** One batch by its public number. Refuses `batch_not_found`. */
export const registryBatch = async (db: Db, number: bigint): Promise<RegistryBatch> => {
  const batch = await batchNumbered(db, number);
  const [view] = batch ? await registered(db, [batch]) : [];
  if (!view) throw refuse("batch_not_found");
  return view;
};

/**
 * What the ledger says of all credits. Wallets, listings, retired, cancelled and buffer sum to what was issued,
 * because every gram is in exactly one account.
 */
export const registryTotals = async (db: Db) => {
  const held = await totals(db, "gCO2e");
  const in_ = (kind: AccountKind): Grams => held.get(kind) ?? 0n;
  return {
    issued: -in_("issued"),
    circulating: in_("wallet") + in_("listing"),
    listed: in_("listing"),
    retired: in_("retired"),
    cancelled: in_("cancelled"),
    buffer: in_("buffer"),
    ...(await counts(db)),
  };
};

const steps: Partial<Record<TransferKind, (typeof lifeSteps)[number]>> = {
  issue: "issued",
  list: "listed",
  unlist: "unlisted",
  sale: "sold",
  transfer: "transferred",
  retire: "retired",
  cancel: "cancelled",
};

const states = {
  wallet: "held",
  listing: "listed",
  retired: "retired",
  cancelled: "cancelled",
  buffer: "buffer",
} as const;

type Span = { readonly first_g: bigint; readonly last_g: bigint };

/** The grams that two spans share. */
const overlap = (a: Span, b: Span): Span => {
  const [, first_g] = [a.first_g, b.first_g].sort((x, y) => Number(x - y)) as [bigint, bigint];
  const [last_g] = [a.last_g, b.last_g].sort((x, y) => Number(x - y)) as [bigint, bigint];
  return { first_g, last_g };
};

/** As many parts of one run as a page shows. */
const TIMELINE_RUNS = 20;

/**
 * The life of the grams that a serial number names, without persons: issued, listed, sold, retired, and when.
 * A run that was split since is shown part by part. Refuses `serial_not_found`.
 */
export const timeline = async (db: Db, text: string): Promise<TimelineView> => {
  const serial = parseSerial(text);
  const batch = serial && (await batchNumbered(db, serial.number));
  if (!serial || !batch || serial.last_g > batch.grams) throw refuse("serial_not_found");
  if (serialOf(batch, serial.first_g, serial.last_g) !== text.trim()) throw refuse("serial_not_found");
  const owners = await ownersOf(db, batch.id, serial, TIMELINE_RUNS + 1);
  const facts = (await factsOf(db, [batch])).get(batch.id) as BatchFacts;
  const runs: TimelineView["runs"] = [];
  for (const run of owners.slice(0, TIMELINE_RUNS)) {
    const { first_g, last_g } = overlap(run, serial);
    const life = await timelineOf(db, batch.id, first_g);
    runs.push({
      serial: serialOf(batch, first_g, last_g),
      credits: last_g - first_g + 1n,
      state: states[kindOf(run.account) as keyof typeof states],
      steps: (life?.events ?? []).map(({ kind, at }) => ({ step: steps[kind] ?? "moved", at })),
    });
  }
  return {
    serial: text.trim(),
    credits: serial.last_g - serial.first_g + 1n,
    batch: facts,
    runs,
    more: owners.length > TIMELINE_RUNS,
  };
};

/** More rows than a spreadsheet is read for; the newest are kept. */
const CSV_ROWS = 50_000;

const allOf = async <T>(
  read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> => {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read({ limit: 1_000, ...(cursor ? { cursor } : {}) });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && rows.length < CSV_ROWS);
  return rows;
};

/** All batches that match, as a CSV file. */
export const batchesFile = async (db: Db, search: BatchSearch) =>
  csvFile(
    "evx-batches.csv",
    "batch serial vintage vintage_from vintage_to country method factor_set quality vehicle_class verifier trips period_from period_to issued circulating retired cancelled buffer issued_at revoked_at revocation_reason".split(
      " ",
    ),
    (await allOf((page) => registryBatches(db, { ...search, ...page }))).map((row) => [
      row.number,
      row.serial,
      String(row.vintage),
      row.vintageFrom,
      row.vintageTo,
      row.country,
      row.method,
      row.factorSet,
      row.quality,
      row.vehicleClass,
      row.cvaName,
      String(row.tripCount),
      row.periodFrom.toISOString(),
      row.periodTo.toISOString(),
      ...[row.issued, row.circulating, row.retired, row.cancelled, row.buffer].map(creditsFromGrams),
      row.issuedAt.toISOString(),
      row.revocation?.revokedAt.toISOString() ?? "",
      row.revocation?.reason ?? "",
    ]),
  );

/** All retirements that match, as a CSV file. */
export const retirementsFile = async (db: Db, filter: RetirementFilter) =>
  csvFile(
    "evx-retirements.csv",
    "retirement credits beneficiary country period_from period_to reason message serials retired_at".split(
      " ",
    ),
    (await allOf<RetirementView>((page) => retirements(db, { ...filter, ...page }))).map((row) => [
      row.id,
      creditsFromGrams(row.credits),
      row.beneficiaryName,
      row.beneficiaryCountry ?? "",
      row.periodFrom ?? "",
      row.periodTo ?? "",
      row.reason,
      row.message ?? "",
      row.serials.join(" "),
      row.retiredAt.toISOString(),
    ]),
  );
