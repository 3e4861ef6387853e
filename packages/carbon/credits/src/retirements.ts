import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import {
  afterMoment,
  type Grams,
  type Id,
  momentKey,
  namedId,
  type Page,
  type PageInput,
  pageFrom,
  type RetirementReason,
} from "@evx/kernel";
import { bringersOf, post, retiredAccount, wallet } from "@evx/ledger";
import { batchNumbered, type SerialRun, serialsOfTransfer, serialsOfTransfers } from "./batches.ts";
import { refuse } from "./errors.ts";
import { creditsRetired } from "./events.ts";
import { foldWords } from "./policy.ts";
import { certificateNumbers, retirementNumbered } from "./queries/certified.ts";
import {
  findableRetirements,
  insertRetirement,
  type RetirementFilter,
  type RetirementRow,
  retirementPage,
  retirementRow,
} from "./queries/retirements.ts";
import { revokedRows } from "./queries/revocations.ts";
import { refuseRevoked } from "./revoked.ts";
import type { RetirementView } from "./schema.ts";
import { parseSerial, type Serial } from "./serial.ts";
import { inCredits, serialTexts } from "./wallets.ts";

export type RetirementInput = {
  /** Named by the caller: the same id and content again is the same retirement. */
  readonly id: Id<"retirement">;
  readonly amount: Grams;
  readonly beneficiaryName: string;
  readonly beneficiaryCountry?: string | null | undefined;
  /** A company's Legal Entity Identifier. */
  readonly beneficiaryLei?: string | null | undefined;
  readonly reason: RetirementReason;
  readonly message?: string | null | undefined;
  /** The days whose consumption the credits stand for, both included. */
  readonly periodFrom?: Date | null | undefined;
  readonly periodTo?: Date | null | undefined;
};

export type Retirement = {
  readonly id: Id<"retirement">;
  readonly transferId: Id<"transfer">;
  readonly holderId: Id<"user">;
  readonly grams: Grams;
  readonly beneficiaryName: string;
  readonly beneficiaryCountry: string | null;
  readonly beneficiaryLei: string | null;
  /** Dates as YYYY-MM-DD. */
  readonly periodFrom: string | null;
  readonly periodTo: string | null;
  readonly reason: RetirementReason;
  readonly message: string | null;
  readonly retiredAt: Date;
};

const retirementOf = (row: RetirementRow): Retirement => ({
  id: row.id,
  transferId: row.transfer_id,
  holderId: row.holder_id,
  grams: row.grams_g,
  beneficiaryName: row.beneficiary_name,
  beneficiaryCountry: row.beneficiary_country,
  beneficiaryLei: row.beneficiary_lei,
  periodFrom: row.period_from,
  periodTo: row.period_to,
  reason: row.reason,
  message: row.message,
  retiredAt: row.retired_at,
});

const day = (at: Date | null | undefined): string | null => at?.toISOString().slice(0, 10) ?? null;

/** What a retirement is found by. */
const wordsOf = (input: Omit<RetirementInput, "amount">): string =>
  foldWords(
    [input.beneficiaryName, input.beneficiaryCountry, input.beneficiaryLei, input.message, input.id].join(
      " ",
    ),
  );

const tellRetired = (tx: Tx, retirement: Retirement): Promise<void> =>
  emit(tx, creditsRetired, {
    retirementId: retirement.id,
    transferId: retirement.transferId,
    holderId: retirement.holderId,
    grams: String(retirement.grams),
    beneficiaryName: retirement.beneficiaryName,
    reason: retirement.reason,
    at: retirement.retiredAt.toISOString(),
  });

/** Tells the other rooms of a retirement that a sale has made (`credits.note_retirement`). */
export const announceRetirement = async (tx: Tx, id: Id<"retirement">): Promise<void> => {
  const row = await retirementRow(tx, id);
  if (row) await tellRetired(tx, retirementOf(row));
};

/**
 * Takes credits out of circulation for good, in somebody's name. Nothing can bring them back.
 * The same id and content again answers the same retirement. Refuses `credits_insufficient`,
 * `retirement_period_reversed`, `retirement_id_reused`; `credits_revoked` for grams of a revoked batch that were not
 * bought on the market, and for any of them where a duty is to be met.
 */
export const retire = async (
  tx: Tx,
  actor: { readonly id: Id<"user"> },
  input: RetirementInput,
): Promise<{ retirement: Retirement; serials: SerialRun[]; replayed: boolean }> => {
  const [periodFrom, periodTo] = [day(input.periodFrom), day(input.periodTo)];
  if (periodFrom && periodTo && periodFrom > periodTo) throw refuse("retirement_period_reversed");
  const transferId = await namedId("transfer", `retire:${actor.id}:${input.id}`);
  const row = {
    id: input.id,
    transfer_id: transferId,
    holder_id: actor.id,
    grams_g: input.amount,
    beneficiary_name: input.beneficiaryName,
    beneficiary_country: input.beneficiaryCountry ?? null,
    beneficiary_lei: input.beneficiaryLei ?? null,
    period_from: periodFrom,
    period_to: periodTo,
    reason: input.reason,
    message: input.message || null,
    retired_at: tx.at,
  };
  const words = wordsOf(input);
  if (!(await insertRetirement(tx, { ...row, words }))) {
    const known = await retirementRow(tx, input.id);
    const { retired_at: _, ...asked } = row;
    const same =
      known && Object.entries(asked).every(([name, value]) => known[name as keyof typeof asked] === value);
    if (!same) throw refuse("retirement_id_reused");
    const retirement = retirementOf(known);
    return { retirement, serials: await serialsOfTransfer(tx, retirement.transferId), replayed: true };
  }
  await tellRetired(tx, retirementOf(row));
  await inCredits(
    post(tx, {
      id: transferId,
      kind: "retire",
      legs: [
        { account: wallet(actor.id), amount: -input.amount },
        { account: retiredAccount(actor.id), amount: input.amount },
      ],
      memo: { retirementId: input.id },
    }),
  );
  // Who bought in good faith may use them for anything but a duty.
  await refuseRevoked(tx, transferId, { bought: input.reason === "compliance" ? "refused" : "allowed" });
  await audit(tx, actor, "credits.retire", input.id, {
    after: { grams: String(input.amount), beneficiary: input.beneficiaryName, reason: input.reason },
  });
  return { retirement: retirementOf(row), serials: await serialsOfTransfer(tx, transferId), replayed: false };
};

/**
 * What `credits.note_retirement` writes when a sale moves grams straight out of circulation. The id is named by the
 * caller. Refuses `retirement_period_reversed`.
 */
export const retirementContent = (input: Omit<RetirementInput, "amount">) => {
  const [periodFrom, periodTo] = [day(input.periodFrom), day(input.periodTo)];
  if (periodFrom && periodTo && periodFrom > periodTo) throw refuse("retirement_period_reversed");
  return {
    retirementId: input.id,
    beneficiaryName: input.beneficiaryName,
    beneficiaryCountry: input.beneficiaryCountry ?? null,
    beneficiaryLei: input.beneficiaryLei ?? null,
    periodFrom,
    periodTo,
    reason: input.reason,
    message: input.message || null,
    words: wordsOf(input),
  };
};

/** A retirement by id, or null. */
export const retirementById = async (db: Db, id: Id<"retirement">): Promise<Retirement | null> => {
  const row = await retirementRow(db, id);
  return row ? retirementOf(row) : null;
};

/** How a list names the batches of its serial numbers. */
type Numbered = { serials: readonly SerialRun[]; number: string | null; revoked: ReadonlySet<Id<"batch">> };

const viewOf = (row: RetirementRow, { serials, number, revoked }: Numbered): RetirementView => ({
  id: row.id,
  credits: row.grams_g,
  serials: serialTexts(serials),
  certificateNumber: number,
  vintages: [...new Set(serials.map(({ batch }) => batch.vintageYear))].sort(),
  methods: [...new Set(serials.map(({ batch }) => batch.methodCode))].sort(),
  revokedCredits: serials.reduce((sum, { batchId, grams }) => (revoked.has(batchId) ? sum + grams : sum), 0n),
  beneficiaryName: row.beneficiary_name,
  beneficiaryCountry: row.beneficiary_country,
  beneficiaryLei: row.beneficiary_lei,
  periodFrom: row.period_from,
  periodTo: row.period_to,
  reason: row.reason,
  message: row.message,
  retiredAt: row.retired_at,
});

const views = async (db: Db, rows: readonly RetirementRow[]): Promise<RetirementView[]> => {
  const [serials, numbers] = await Promise.all([
    serialsOfTransfers(
      db,
      rows.map((row) => row.transfer_id),
    ),
    certificateNumbers(
      db,
      rows.map((row) => row.id),
    ),
  ]);
  const batches = new Set([...serials.values()].flatMap((runs) => runs.map(({ batchId }) => batchId)));
  const revoked = new Set(
    (batches.size > 0 ? await revokedRows(db, [...batches]) : []).map(({ batch_id }) => batch_id),
  );
  return rows.map((row) =>
    viewOf(row, {
      serials: serials.get(row.transfer_id) ?? [],
      number: numbers.get(row.id) ?? null,
      revoked,
    }),
  );
};

/** The transfers by which grams of a serial number were retired. */
const retiringTransfers = async (db: Db, serial: Serial): Promise<Id<"transfer">[]> => {
  const batch = await batchNumbered(db, serial.number);
  return batch ? bringersOf(db, batch.id, serial, "retired") : [];
};

/** What a search text asks for: the grams of a serial number, a certificate's number, or words. */
const searched = async (db: Db, q: string | undefined): Promise<RetirementFilter> => {
  const text = q?.trim();
  if (!text) return {};
  const serial = parseSerial(text);
  if (serial) return { transferIds: await retiringTransfers(db, serial) };
  const id = /^EVXC-/i.test(text) ? await retirementNumbered(db, text.toUpperCase()) : null;
  return id ? { id } : { words: foldWords(text) };
};

/**
 * Retirements for everybody to see, newest first: of all, of one holder, or those that a text finds: a serial number, a
 * certificate's number, words of the beneficiary or the message.
 */
export const retirements = async (
  db: Db,
  { limit, cursor, words, ...filter }: RetirementFilter & PageInput,
): Promise<Page<RetirementView>> => {
  const rows = await retirementPage(
    db,
    { ...filter, ...(await searched(db, words)) },
    limit + 1,
    afterMoment("retirement", cursor),
  );
  const { items, nextCursor } = pageFrom(
    rows,
    limit,
    (row) => row,
    (row) => momentKey(row.retired_at, row.id),
  );
  return { items: await views(db, items), nextCursor };
};

/** Rows that are read at once. */
const portion = 500;

/** Retirements that searches were made to miss; in sentences. */
export const hiddenRetirements = async (db: Db): Promise<string[]> => {
  const faults: string[] = [];
  for (let after = ""; ; ) {
    const rows = await findableRetirements(db, after, portion);
    for (const { id, beneficiary_name, message, words } of rows)
      for (const said of [beneficiary_name, message ?? ""])
        if (!words.includes(foldWords(said))) faults.push(`Retirement ${id} is not found by "${said}".`);
    const last = rows.at(-1);
    if (!last) return faults;
    after = last.id;
  }
};
