/** Files of reports: asked for, written by a job with its progress told, fetched by a link until they expire. */
import { userById } from "@evx/accounts";
import type { Db, Tx } from "@evx/db";
import { csvType, xlsxType } from "@evx/files";
import { enqueue } from "@evx/jobs";
import type { Currency, FileAnswer, Id, Locale } from "@evx/kernel";
import { day_ms } from "@evx/kernel";
import { type Actor, selfOrOperator } from "@evx/rpc";
import * as v from "valibot";
import { Asked } from "./asked.ts";
import { refuse } from "./errors.ts";
import { writeExport } from "./events.ts";
import { periodOf } from "./periods.ts";
import {
  type ExportRow,
  exportRow,
  exportRows,
  insertExport,
  lockUnfinished,
  partAt,
  partRow,
} from "./queries/exports.ts";
import type { AskExport, ExportView } from "./schema.ts";

/** How long a file can be fetched once it is written. */
export const keptFor_ms = 7 * day_ms;

/** A person's files that are still to be written. */
const mostUnfinished = 5;

const mostShown = 20;

const contentTypes = { csv: csvType, xlsx: xlsxType, pdf: "application/pdf" } as const;

const fileNameOf = ({ report, from, to }: Asked, format: ExportRow["format"]): string =>
  `${[report, from, to].filter(Boolean).join("_")}.${format}`;

/** A file as its person sees it; one that expired has no address any more. */
const exportView = (row: ExportRow, now: Date): v.InferInput<typeof ExportView> => {
  const asked = v.parse(Asked, row.asked);
  const expired = row.expires_at <= now;
  const done = row.status === "done" && !expired;
  return {
    id: row.id,
    report: asked.report,
    format: row.format,
    from: asked.from,
    to: asked.to,
    status: expired ? "expired" : row.status,
    rowsDone: Number(row.rows_done),
    rowsTotal: row.rows_total === null ? null : Number(row.rows_total),
    bytes: Number(row.bytes),
    fileName: fileNameOf(asked, row.format),
    url: done ? `/api/reports/exports/${row.id}/file` : null,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    expiresAt: row.expires_at,
  };
};

type Asking = v.InferOutput<typeof AskExport>;

/** Whose the file is of. Only operators see anybody else's, everybody's, or the venue's. */
const subjectOf = (actor: Actor, { report, userId, everybody }: Asking): Id<"user"> | null => {
  const operators = report === "platform" || everybody;
  if (operators && actor.role !== "admin") throw refuse("report_not_found");
  if (operators) return null;
  const id = userId ?? actor.id;
  selfOrOperator(actor, id);
  return id;
};

/**
 * Asks for a file; a job writes it. The same id again is the same file. Refuses what the report itself would refuse,
 * `export_format_unsuited` for single rows on paper, and `exports_full` for more than five at once.
 */
export const askExport = async (
  tx: Tx,
  actor: Actor,
  {
    id,
    input,
    now,
    ...facts
  }: { id: Id<"export">; input: Asking; now: Date; currency: Currency; locale: Locale },
): Promise<v.InferInput<typeof ExportView>> => {
  const userId = subjectOf(actor, input);
  if (input.format === "pdf" && (input.report === "sales" || input.report === "trips"))
    throw refuse("export_format_unsuited");
  const period = await periodOf(tx, now, input);
  const subject = userId ? await userById(tx, userId) : null;
  const asked = {
    ...period,
    report: input.report,
    userId,
    vehicleId: input.vehicleId ?? null,
    role: subject?.role ?? actor.role,
    locale: input.locale ?? facts.locale,
    currency: facts.currency,
  } satisfies Asked;
  const unfinished = await lockUnfinished(tx, actor.id);
  const known = await exportRow(tx, id);
  if (known?.user_id === actor.id) return exportView(known, now);
  if (unfinished >= mostUnfinished) throw refuse("exports_full", { most: mostUnfinished });
  const expires_at = new Date(now.getTime() + keptFor_ms);
  await insertExport(tx, { id, user_id: actor.id, format: input.format, asked, expires_at });
  await enqueue(tx, writeExport, { exportId: id });
  return exportView((await exportRow(tx, id)) as ExportRow, now);
};

const ownExport = async (db: Db, actor: Actor, id: Id<"export">): Promise<ExportRow> => {
  const row = await exportRow(db, id);
  if (!row || row.user_id !== actor.id) throw refuse("export_not_found");
  return row;
};

export const exportOf = async (db: Db, actor: Actor, { id, now }: { id: Id<"export">; now: Date }) =>
  exportView(await ownExport(db, actor, id), now);

/** A person's latest files, newest first. */
export const exportsOf = async (db: Db, actor: Actor, now: Date) => ({
  items: (await exportRows(db, actor.id, mostShown)).map((row) => exportView(row, now)),
});

type Kept = { readonly id: Id<"export">; readonly run: string };

/** A file from one byte to another, both included, read part by part as its receiver takes it. */
const sliceOf = (db: Db, { id, run }: Kept, from: number, to: number): ReadableStream<Uint8Array> => {
  let [seq, begins]: [number | null, number] = [null, 0];
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (seq === null) ({ seq, begins } = await partAt(db, id, run, from));
      const part = begins <= to ? await partRow(db, id, run, seq++) : undefined;
      if (!part) return controller.close();
      const within = part.subarray(Math.max(0, from - begins), to - begins + 1);
      begins += part.byteLength;
      controller.enqueue(new Uint8Array(within));
    },
  });
};

/** The file itself, sent part by part, also from a byte on. Refuses `export_expired`, `export_failed` and
 * `export_not_ready`. */
export const exportFile = async (
  db: Db,
  actor: Actor,
  { id, now }: { id: Id<"export">; now: Date },
): Promise<FileAnswer> => {
  const row = await ownExport(db, actor, id);
  if (row.expires_at <= now) throw refuse("export_expired");
  const { run } = row;
  if (row.status === "failed") throw refuse("export_failed");
  if (row.status !== "done" || run === null) throw refuse("export_not_ready");
  const kept = { id, run };
  const bytes = Number(row.bytes);
  return {
    contentType: contentTypes[row.format],
    fileName: fileNameOf(v.parse(Asked, row.asked), row.format),
    content: sliceOf(db, kept, 0, bytes - 1),
    resumable: { bytes, tag: `"${run}"`, slice: (from, to) => sliceOf(db, kept, from, to) },
  };
};
