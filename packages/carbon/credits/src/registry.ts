import type { Db } from "@evx/db";
import {
  afterMoment,
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
import { ruleAt } from "@evx/rules";
import { type Batch, batchNumbered, batchOf } from "./batches.ts";
import { refuse } from "./errors.ts";
import { type BatchFacts, factsOf } from "./lots.ts";
import { bufferShares } from "./policy.ts";
import { type BatchFilter, batchPage, counts } from "./queries/batches.ts";
import { batchesCertified, certificateNumbers } from "./queries/certified.ts";
import { replacedByBatch } from "./queries/replacements.ts";
import { retirementsNamed } from "./queries/retirements.ts";
import { cancelledByBatch, revokedRows, shortfallOfAll } from "./queries/revocations.ts";
import type { lifeSteps, TimelineView } from "./schema.ts";
import { parseSerial, serialOf } from "./serial.ts";

/** Why a batch was revoked, what is owed for it, and by whom it was made up for. */
export type Revocation = {
  reason: string;
  revokedAt: Date;
  owed: Grams;
  fromOwner: Grams;
  fromBuffer: Grams;
  /** Of what came from the buffer, what an operator put into it for this batch. */
  replaced: Grams;
  shortfall: Grams;
};

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
  revocation: Revocation | null;
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
  const replacements = await replacedByBatch(
    db,
    rows.map(({ batch_id }) => batch_id),
  );
  return new Map(
    rows.map(({ batch_id, reason, revoked_at, owed_g }) => {
      const { owner, buffer } = cancelled.get(batch_id) ?? { owner: 0n, buffer: 0n };
      const left = owed_g - owner - buffer;
      const shortfall = left > 0n ? left : 0n;
      const made = {
        owed: owed_g,
        fromOwner: owner,
        fromBuffer: buffer,
        replaced: replacements.get(batch_id) ?? 0n,
        shortfall,
      };
      return [batch_id, { reason, revokedAt: revoked_at, ...made }] as const;
    }),
  );
};

/** When a day's month begins, or the one after it: where somebody was to the minute is nobody's business. */
const monthOf = (day: string, later: 0 | 1): Date =>
  new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + later, 1));

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
        periodFrom: monthOf(batch.vintageFrom, 0),
        periodTo: monthOf(batch.vintageTo, 1),
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

/** The batches that a text names: one by its number or a serial number, a certificate's. Anything else is nobody's. */
const numbersIn = async (db: Db, q: string): Promise<bigint[]> => {
  const text = q.trim();
  const serial = parseSerial(text);
  if (serial) return [serial.number];
  if (/^EVXC-/i.test(text)) return batchesCertified(db, text.toUpperCase());
  return /^#?\d{1,18}$/.test(text) ? [BigInt(text.replace("#", ""))] : [];
};

/** All batches that match, newest first. A search text is a batch's number, a serial number or a certificate's number. */
export const registryBatches = async (
  db: Db,
  { q, limit, cursor, ...rest }: BatchSearch & PageInput,
): Promise<Page<RegistryBatch>> => {
  const filter: BatchFilter = { vintage: rest.vintage, country: rest.country, method: rest.method };
  if (q?.trim()) {
    filter.numbers = await numbersIn(db, q);
    if (filter.numbers.length === 0) return { items: [], nextCursor: null };
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
  const [held, short] = [await totals(db, "gCO2e"), await shortfallOfAll(db)];
  const in_ = (kind: AccountKind): Grams => held.get(kind) ?? 0n;
  return {
    issued: -in_("issued"),
    circulating: in_("wallet") + in_("listing"),
    listed: in_("listing"),
    retired: in_("retired"),
    cancelled: in_("cancelled"),
    buffer: in_("buffer"),
    shortfall: short.grams,
    revokedBatches: short.batches,
    ...(await counts(db)),
  };
};

/** How much of each batch goes to the buffer now, by its data, in basis points; and what lies in it. */
export const bufferRule = async (db: Db, at: Date) => {
  const [{ value }, held] = [await ruleAt(db, bufferShares, at), await totals(db, "gCO2e")];
  return { sharesBps: value, held: held.get("buffer") ?? 0n };
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

type Life = NonNullable<Awaited<ReturnType<typeof timelineOf>>>;

/** What happened to a run of grams, each step with the certificate that tells of it. */
const stepsOf = async (db: Db, batch: Batch, { events }: Pick<Life, "events">) => {
  const ids = events.map(({ transferId }) => transferId);
  const retired = new Map((await retirementsNamed(db, ids)).map((row) => [row.transfer_id, row] as const));
  const subjectOf = ({ kind, transferId }: Life["events"][number]): string =>
    kind === "issue" ? batch.requestId : (retired.get(transferId)?.id ?? transferId);
  const numbers = await certificateNumbers(db, events.map(subjectOf));
  return events.map((event) => ({
    // A sale may take grams straight out of circulation.
    step: kindOf(event.to) === "retired" ? ("retired" as const) : (steps[event.kind] ?? "moved"),
    at: event.at,
    certificateNumber: numbers.get(subjectOf(event)) ?? null,
    beneficiaryName: retired.get(event.transferId)?.beneficiary_name ?? null,
  }));
};

/**
 * The life of the grams that a serial number names: issued, listed, sold, retired, and when, each step with its
 * certificate. A run that was split since is shown part by part. Refuses `serial_not_found`.
 */
export const timeline = async (db: Db, text: string): Promise<TimelineView> => {
  const serial = parseSerial(text);
  const batch = serial && (await batchNumbered(db, serial.number));
  if (!serial || !batch || serial.last_g > batch.grams) throw refuse("serial_not_found");
  if (serialOf(batch, serial.first_g, serial.last_g) !== text.trim()) throw refuse("serial_not_found");
  const owners = await ownersOf(db, batch.id, serial, TIMELINE_RUNS + 1);
  const facts = (await factsOf(db, [batch])).get(batch.id) as BatchFacts;
  const revocation = (await revocationsOf(db, [batch.id])).get(batch.id);
  const runs: TimelineView["runs"] = [];
  for (const run of owners.slice(0, TIMELINE_RUNS)) {
    const { first_g, last_g } = overlap(run, serial);
    const life = await timelineOf(db, batch.id, first_g);
    runs.push({
      serial: serialOf(batch, first_g, last_g),
      credits: last_g - first_g + 1n,
      state: states[kindOf(run.account) as keyof typeof states],
      steps: life ? await stepsOf(db, batch, life) : [],
    });
  }
  return {
    serial: text.trim(),
    credits: serial.last_g - serial.first_g + 1n,
    batch: facts,
    revoked: revocation ? { reason: revocation.reason, revokedAt: revocation.revokedAt } : null,
    runs,
    more: owners.length > TIMELINE_RUNS,
  };
};
