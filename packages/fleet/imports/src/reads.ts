import { refuse as refuseContainer } from "@evx/containers/errors";
import type { Db } from "@evx/db";
import { csvLines, csvStart, csvType } from "@evx/files";
import { findingView, formatTitle } from "@evx/formats";
import { refuse as refuseFile } from "@evx/formats/errors";
import { ownVehicle } from "@evx/garage";
import type { Refusal } from "@evx/kernel";
import { afterCursor, afterId, type Id, type Locale, type PageInput, pageFrom } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import * as v from "valibot";
import { refuse } from "./errors.ts";
import { type ImportRow, importPage, importRow, importsOfFleet, rejectionRows } from "./queries/imports.ts";
import type * as S from "./schema.ts";
import { rejectionView } from "./views.ts";

/** An import of the actor's, with the first thousand broken rows. */
export const showImport = async (
  db: Db,
  actor: Pick<Actor, "id">,
  id: Id<"import">,
  locale: Locale,
): Promise<v.InferInput<typeof S.ImportView>> => {
  const row = await ownImport(db, actor, id);
  const rejected = row.rejected === 0 ? [] : await rejectionRows(db, id, 1_000, 0);
  return {
    ...importView(row, locale),
    rejected: rejected.map((rejection) => rejectionView(rejection, locale)),
  };
};

export const ownImport = async (db: Db, actor: Pick<Actor, "id">, id: Id<"import">): Promise<ImportRow> => {
  const row = await importRow(db, id);
  if (!row || row.owner_id !== actor.id) throw refuse("import_not_found");
  return row;
};

/** Why an import failed, as a refusal: of the file as a whole, or of the import. Null for a code that is not known. */
const failureOf = (code: string): Refusal | null => {
  if (code in refuse.all) return refuse(code as keyof typeof refuse.all);
  if (code in refuseContainer.all) return refuseContainer(code as keyof typeof refuseContainer.all);
  return code in refuseFile.all ? refuseFile(code as keyof typeof refuseFile.all) : null;
};

const findings = v.array(
  v.object({ code: v.string(), values: v.record(v.string(), v.union([v.number(), v.string()])) }),
);

const zoneIn = v.object({ zone: v.string() });

const importView = (row: ImportRow, locale: Locale): Omit<v.InferInput<typeof S.ImportView>, "rejected"> => {
  const rowsRead = Number(row.rows_read);
  const rowsTotal = row.rows_total === null ? null : Math.max(Number(row.rows_total), rowsRead);
  const failure = row.failure === null ? null : failureOf(row.failure);
  return {
    importId: row.id,
    vehicleId: row.vehicle_id,
    status: row.status,
    format: row.format,
    formatTitle: row.format === null ? null : formatTitle(row.format, locale),
    fileName: row.file_name,
    imported: row.imported,
    duplicates: row.duplicates,
    flagged: row.flagged,
    rejectedCount: row.rejected,
    rowsRead,
    rowsTotal,
    zone: v.is(zoneIn, row.plan) ? row.plan.zone : null,
    notes: (v.is(findings, row.notes) ? row.notes : []).map((note) => findingView(note, locale)),
    failure: failure && { code: failure.code, message: failure.sentence(locale) },
    secondsLeft: null,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
};

/** So many broken rows of each car are told with a fleet's file; all of them are in the car's own import. */
const toldOfEach = 20;

/** The parts of a fleet's file of the actor's, each as an import is told. */
export const importsOfFleetFile = async (
  db: Db,
  actor: Pick<Actor, "id">,
  id: Id<"fleetImport">,
  locale: Locale,
): Promise<v.InferInput<typeof S.ImportView>[]> => {
  const views: v.InferInput<typeof S.ImportView>[] = [];
  for (const row of await importsOfFleet(db, id)) {
    if (row.owner_id !== actor.id) continue;
    const rejected = row.rejected === 0 ? [] : await rejectionRows(db, row.id, toldOfEach, 0);
    views.push({
      ...importView(row, locale),
      rejected: rejected.map((rejection) => rejectionView(rejection, locale)),
    });
  }
  return views;
};

/** An import with the time left at its pace so far. */
export const watchImport = async (
  db: Db,
  actor: Pick<Actor, "id">,
  id: Id<"import">,
  now: Date,
  locale: Locale,
) => {
  const [row, view] = [await ownImport(db, actor, id), await showImport(db, actor, id, locale)];
  if (row.status !== "running" || !row.started_at || !view.rowsTotal || view.rowsRead === 0) return view;
  const passed = (now.getTime() - row.started_at.getTime()) / 1000;
  const left = (passed * (view.rowsTotal - view.rowsRead)) / view.rowsRead;
  return { ...view, secondsLeft: Math.max(1, Math.round(left)) };
};

export const listImports = async (
  db: Db,
  actor: Pick<Actor, "id">,
  input: { id: Id<"vehicle"> } & PageInput,
  locale: Locale,
) => {
  await ownVehicle(db, actor, input.id);
  const after = afterId("import", input.cursor);
  const rows = await importPage(db, input.id, input.limit + 1, after);
  return pageFrom(
    rows,
    input.limit,
    (row) => importView(row, locale),
    (row) => [row.id],
  );
};

export const listRejections = async (
  db: Db,
  actor: Pick<Actor, "id">,
  input: { id: Id<"import"> } & PageInput,
  locale: Locale,
) => {
  await ownImport(db, actor, input.id);
  const after = afterCursor(input.cursor, ([seq, ...rest]) =>
    rest.length === 0 && Number.isSafeInteger(seq) ? Number(seq) : null,
  );
  const rows = await rejectionRows(db, input.id, input.limit + 1, after ?? 0);
  return pageFrom(
    rows,
    input.limit,
    (row) => rejectionView(row, locale),
    (row) => [row.seq],
  );
};

/** The whole quarantine report as CSV, streamed. */
export const rejectionReport = async (db: Db, actor: Pick<Actor, "id">, id: Id<"import">, locale: Locale) => {
  const row = await ownImport(db, actor, id);
  const encoder = new TextEncoder();
  let after = 0;
  const content = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(csvStart(["row", "field", "code", "reason"]))),
    pull: async (controller) => {
      const rows = await rejectionRows(db, id, 2_000, after);
      if (rows.length === 0) return controller.close();
      after = rows.at(-1)?.seq ?? after;
      const lines = rows.map((rejection) => rejectionView(rejection, locale));
      const written = lines.map((line) => [line.row, line.field, line.code, line.reason]);
      controller.enqueue(encoder.encode(csvLines(written)));
    },
  });
  return {
    contentType: csvType,
    fileName: `${row.file_name ?? row.id}.rejected.csv`,
    content,
  };
};
