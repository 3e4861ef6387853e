import { fileAnswer } from "@evx/kernel";
import { owner, rest, router } from "@evx/rpc";
import * as v from "valibot";
import { rememberChoices } from "./choices.ts";
import { cancelImport, importTrips, undoImport } from "./imports.ts";
import { importLimits } from "./policy.ts";
import { previewTrips } from "./preview.ts";
import { listImports, listRejections, rejectionReport, watchImport } from "./reads.ts";
import * as S from "./schema.ts";

const upload = { body: "stream", maxBytes: importLimits.file + 1024 * 1024 } as const;
const done = v.object({ ok: v.literal(true) });
/** Files of trips that are brought to a vehicle. */
export const vehicleImportsRouter = router({
  importTrips: owner
    .meta(
      rest("POST", "/vehicles/{id}/trips", {
        ...upload,
        summary: "Import trips from CSV or JSON; over 5,000 rows answers 202 and goes on by itself",
      }),
    )
    .input(S.ImportTrips)
    .output(S.ImportView)
    .mutation(async ({ ctx, input }) => {
      const importId = await ctx.nameFor("import");
      const answer = await importTrips(ctx, ctx.actor, input, { importId, locale: ctx.locale });
      if (answer.status !== "done") ctx.answer.status = 202;
      return answer;
    }),
  preview: owner
    .meta(
      rest("POST", "/vehicles/{id}/trips/preview", {
        ...upload,
        summary: "How a file would be read; records nothing",
      }),
    )
    .input(S.ImportTrips)
    .output(S.PreviewView)
    .mutation(({ ctx, input }) => previewTrips(ctx.db, ctx.actor, input, ctx.locale)),
  rememberChoices: owner
    .meta(
      rest("PUT", "/vehicles/{id}/import-choices", {
        summary: "Remember how files with this header are read",
      }),
    )
    .input(S.RememberChoices)
    .output(done)
    .mutation(({ ctx, input }) => ctx.transact((tx) => rememberChoices(tx, ctx.actor, input))),
  imports: owner
    .meta(rest("GET", "/vehicles/{id}/imports", { summary: "A vehicle's imports" }))
    .input(S.ListImports)
    .output(S.ImportPage)
    .query(({ ctx, input }) => listImports(ctx.db, ctx.actor, input, ctx.locale)),
});

/** One import after it was begun. */
export const importsRouter = router({
  byId: owner
    .meta(rest("GET", "/imports/{id}", { summary: "How an import stands" }))
    .input(S.ImportId)
    .output(S.ImportView)
    .query(({ ctx, input }) => watchImport(ctx.db, ctx.actor, input.id, ctx.clock.now(), ctx.locale)),
  rejections: owner
    .meta(rest("GET", "/imports/{id}/rejections", { summary: "Rows that could not be used" }))
    .input(S.ListRejections)
    .output(S.RejectionPage)
    .query(({ ctx, input }) => listRejections(ctx.db, ctx.actor, input, ctx.locale)),
  report: owner
    .meta(
      rest("GET", "/imports/{id}/rejections.csv", { file: true, summary: "The quarantine report as CSV" }),
    )
    .input(S.ImportId)
    .output(fileAnswer)
    .query(({ ctx, input }) => rejectionReport(ctx.db, ctx.actor, input.id, ctx.locale)),
  cancel: owner
    .meta(rest("POST", "/imports/{id}/cancel", { summary: "Stop an import" }))
    .input(S.ImportId)
    .output(S.ImportView)
    .mutation(({ ctx, input }) => ctx.transact((tx) => cancelImport(tx, ctx.actor, input.id, ctx.locale))),
  undo: owner
    .meta(rest("POST", "/imports/{id}/undo", { summary: "Take an import's trips back" }))
    .input(S.ImportId)
    .output(S.ImportView)
    .mutation(({ ctx, input }) => ctx.transact((tx) => undoImport(tx, ctx.actor, input.id, ctx.locale))),
});
