/** Writing a file: by any worker, again from the beginning after one that died, and never more of it in memory than a part. */
import { displayNames } from "@evx/accounts";
import type { Tx } from "@evx/db";
import { csvLines, csvStart, writeXlsx } from "@evx/files";
import { failedFor, type JobContext, queueForgotten } from "@evx/jobs";
import { type Id, minute_ms } from "@evx/kernel";
import * as v from "valibot";
import { Asked, sheetOf, summedOf } from "./asked.ts";
import { writeExport } from "./events.ts";
import { keptFor_ms } from "./exports.ts";
import { pdfBytes, titleOf } from "./pdf.ts";
import {
  beginRun,
  type ExportRow,
  endFailed,
  endRun,
  exportRow,
  insertPart,
  lockExport,
  noteProgress,
  removeExpired,
  waitingExports,
} from "./queries/exports.ts";
import { numeric, type Sheet } from "./sheets.ts";

/** A part of a file as it is kept. */
const part_bytes = 256 * 1_024;

/** Another run writes the file now, or nobody wants it any more. */
class TakenOver extends Error {}

type Bytes = Uint8Array<ArrayBuffer>;

/** Keeps what is written to it in parts, and notes how far the rows are. */
const keeperOf = (job: JobContext, id: Id<"export">, run: string) => {
  let held: Bytes[] = [];
  let [size, seq, bytes] = [0, 0, 0n];
  const rows = { done: 0n, total: null as number | null };
  const keep = async (): Promise<void> => {
    const content = new Uint8Array(await new Blob(held).arrayBuffer());
    [held, size] = [[], 0];
    bytes += BigInt(content.byteLength);
    const own = await job.transact(async (tx) => {
      const progress = {
        rows_done: rows.done,
        bytes,
        rows_total: rows.total === null ? null : BigInt(rows.total),
      };
      if (!(await noteProgress(tx, { id, run, ...progress }))) return false;
      if (content.byteLength > 0) await insertPart(tx, { export_id: id, run, seq: seq++, content });
      return true;
    });
    if (!own) throw new TakenOver();
  };
  return {
    rows,
    keep,
    write: async (chunk: Bytes): Promise<void> => {
      held.push(chunk);
      size += chunk.byteLength;
      if (size >= part_bytes) await keep();
    },
  };
};

type Keeper = ReturnType<typeof keeperOf>;

/** The rows as they pass, counted. */
async function* counted(sheet: Sheet, keeper: Keeper): Sheet["portions"] {
  keeper.rows.total = sheet.total;
  for await (const rows of sheet.portions) {
    yield rows;
    keeper.rows.done += BigInt(rows.length);
  }
}

const encoder = new TextEncoder();

const writeRows = async (
  sheet: Sheet,
  keeper: Keeper,
  { format, title }: { format: "csv" | "xlsx"; title: string },
) => {
  const portions = counted(sheet, keeper);
  if (format === "xlsx") {
    async function* numbers() {
      for await (const rows of portions) yield rows.map((row) => row.map(numeric));
    }
    return writeXlsx(keeper.write, { title, header: sheet.columns }, numbers());
  }
  await keeper.write(encoder.encode(csvStart(sheet.columns)));
  for await (const rows of portions) await keeper.write(encoder.encode(csvLines(rows)));
};

const writeFile = async (job: JobContext, row: ExportRow, asked: Asked, keeper: Keeper): Promise<void> => {
  if (row.format === "pdf") {
    const report = await summedOf(job.db, asked);
    if (!report) throw new Error(`There is no ${asked.report} on paper.`);
    const whose = asked.userId ? (await displayNames(job.db, [asked.userId])).get(asked.userId) : undefined;
    keeper.rows.total = report.series.length;
    await keeper.write(await pdfBytes(asked, report, { at: row.created_at, whose: whose ?? null }));
    keeper.rows.done = BigInt(report.series.length);
  } else
    await writeRows(await sheetOf(job.db, asked), keeper, {
      format: row.format,
      title: titleOf(asked.report, asked.locale),
    });
  await keeper.keep();
};

/** Writes the file of an export. A second run beside the first takes over from it; a file that is done stays as it is. */
export const runExport = async (
  job: JobContext,
  { exportId: id }: { exportId: Id<"export"> },
): Promise<void> => {
  const run = crypto.randomUUID();
  if (!(await job.transact((tx) => beginRun(tx, id, run)))) return;
  const row = await exportRow(job.db, id);
  if (!row) return;
  const expires_at = new Date(job.clock.now().getTime() + keptFor_ms);
  try {
    await writeFile(job, row, v.parse(Asked, row.asked), keeperOf(job, id, run));
  } catch (error) {
    if (error instanceof TakenOver) return;
    job.log.error({ error, exportId: id }, "a file of a report could not be written");
    throw error;
  }
  await job.transact((tx) => endRun(tx, { id, run, expires_at }));
};

const forgottenAfter_ms = 5 * minute_ms;

const waiting = {
  job: writeExport,
  field: "exportId",
  payload: (exportId: Id<"export">) => ({ exportId }),
  stillWaits: async (tx: Tx, id: Id<"export">) => {
    const status = (await lockExport(tx, id))?.status;
    return status === "queued" || status === "running";
  },
};

/**
 * Files whose job was lost are queued again. One whose job failed for good is told so to its person, who would otherwise
 * wait for it and could have no other once five hang like that.
 */
export const queueForgottenExports = async (job: JobContext): Promise<number> => {
  const before = new Date(job.clock.now().getTime() - forgottenAfter_ms);
  const ids = await waitingExports(job.db, before);
  const failed = await failedFor(job.db, writeExport, "exportId", ids);
  await job.transact((tx) => endFailed(tx, [...failed], "job_failed"));
  return queueForgotten(
    job,
    waiting,
    ids.filter((id) => !failed.has(id)),
  );
};

export const clearExports = (job: JobContext): Promise<number> => job.transact((tx) => removeExpired(tx));
