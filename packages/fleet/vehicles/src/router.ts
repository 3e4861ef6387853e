import { member, open, operator, owner, rest, router, told } from "@evx/rpc";
import * as v from "valibot";
import { findModels } from "./catalogue.ts";
import { endConnection, finishConnection, showConnection, startConnection } from "./connections.ts";
import { savingsCsv, tripsCsv } from "./exports.ts";
import { gridFactors, gridFactorTrail, setGridFactor } from "./grid.ts";
import { listImports, listRejections, rejectionReport, watchImport } from "./import-reads.ts";
import { cancelImport, importTrips, undoImport } from "./imports.ts";
import { odometerReconciliation } from "./odometers.ts";
import { importLimits } from "./policy.ts";
import type { VehiclePorts } from "./ports.ts";
import { previewTrips, rememberChoices } from "./preview.ts";
import { createPushToken, listPushTokens, pushTrips, revokePushToken } from "./push.ts";
import { ownSavings } from "./savings.ts";
import * as S from "./schema.ts";
import { co2Savings, listTrips, showTrip } from "./trips.ts";
import {
  changeVehicle,
  handOver,
  listVehicles,
  readOdometer,
  registerVehicle,
  showVehicle,
  vinReport,
} from "./vehicles.ts";

const upload = { body: "stream", maxBytes: importLimits.file + 1024 * 1024 } as const;
const done = v.object({ ok: v.literal(true) });
const file = v.custom<{ contentType: string; fileName: string; content: ReadableStream<Uint8Array> }>(
  (value) => typeof value === "object",
);

export const vehiclesRouter = router({
  create: owner
    .meta(rest("POST", "/vehicles", { status: 201, summary: "Register a vehicle" }))
    .input(S.RegisterVehicle)
    .output(S.VehicleAnswer)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("vehicle");
      return ctx.transact((tx) => registerVehicle(tx, ctx.actor, input, { id, locale: ctx.locale }));
    }),
  list: owner
    .meta(rest("GET", "/vehicles", { summary: "Your vehicles with their sums" }))
    .input(S.VehicleList)
    .output(S.VehiclePage)
    .query(({ ctx, input }) => listVehicles(ctx.db, ctx.actor, input)),
  byId: member
    .meta(rest("GET", "/vehicles/{id}", { summary: "A vehicle with its sums" }))
    .input(S.VehicleId)
    .output(S.VehicleSummary)
    .query(({ ctx, input }) => showVehicle(ctx.db, ctx.actor, input.id)),
  change: owner
    .meta(
      rest("PUT", "/vehicles/{id}", { summary: "Change what a vehicle is called, its battery or its zone" }),
    )
    .input(S.ChangeVehicle)
    .output(S.VehicleAnswer)
    .mutation(({ ctx, input }) => ctx.transact((tx) => changeVehicle(tx, ctx.actor, input))),
  handOver: member
    .meta(rest("POST", "/vehicles/{id}/hand-over", { summary: "Hand a sold vehicle over" }))
    .input(S.HandOver)
    .output(S.VehicleAnswer)
    .mutation(({ ctx, input }) => ctx.transact((tx) => handOver(tx, ctx.actor, input))),
  readOdometer: owner
    .meta(rest("POST", "/vehicles/{id}/odometer", { status: 201, summary: "Note what the odometer shows" }))
    .input(S.ReadOdometer)
    .output(done)
    .mutation(({ ctx, input }) => ctx.transact((tx) => readOdometer(tx, ctx.actor, input))),
  odometer: member
    .meta(
      rest("GET", "/vehicles/{id}/odometer", { summary: "Trips against what the odometer says was driven" }),
    )
    .input(S.VehicleId)
    .output(S.ReconciliationView)
    .query(({ ctx, input }) => odometerReconciliation(ctx.db, ctx.actor, input.id)),
  trips: member
    .meta(rest("GET", "/vehicles/{id}/trips", { summary: "A vehicle's trips" }))
    .input(S.ListTrips)
    .output(S.TripPage)
    .query(({ ctx, input }) => listTrips(ctx.db, ctx.actor, input, ctx.locale)),
  trip: member
    .meta(rest("GET", "/vehicles/{id}/trips/{tripId}", { summary: "A trip with its track" }))
    .input(S.TripId)
    .output(S.TripDetail)
    .query(({ ctx, input }) => showTrip(ctx.db, ctx.actor, input, ctx.clock.now(), ctx.locale)),
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
    .input(S.PreviewTrips)
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
  co2Savings: member
    .meta(rest("GET", "/vehicles/{id}/co2-savings", { summary: "CO2 saved by day, month or year" }))
    .input(S.SavingsInput)
    .output(S.SavingsView)
    .query(({ ctx, input }) => co2Savings(ctx.db, ctx.actor, input, ctx.clock.now())),
  co2SavingsCsv: member
    .meta(rest("GET", "/vehicles/{id}/co2-savings.csv", { file: true, summary: "CO2 saved, as CSV" }))
    .input(S.SavingsInput)
    .output(file)
    .query(({ ctx, input }) => savingsCsv(ctx.db, ctx.actor, input, ctx.clock.now())),
  tripsCsv: member
    .meta(rest("GET", "/vehicles/{id}/trips.csv", { file: true, summary: "A vehicle's trips, as CSV" }))
    .input(S.ListTrips)
    .output(file)
    .query(({ ctx, input }) => tripsCsv(ctx.db, ctx.actor, input, ctx.locale)),
  savings: owner
    .meta(told("What all your vehicles saved"))
    .input(S.OwnSavingsInput)
    .output(S.OwnSavingsView)
    .query(({ ctx, input }) => ownSavings(ctx.db, ctx.actor, input, ctx.clock.now())),
  pushTokens: owner
    .meta(rest("GET", "/vehicles/{id}/push-tokens", { summary: "Tokens that may send this vehicle's trips" }))
    .input(S.VehicleId)
    .output(S.PushTokens)
    .query(({ ctx, input }) => listPushTokens(ctx.db, ctx.actor, input.id)),
  createPushToken: owner
    .meta(
      rest("POST", "/vehicles/{id}/push-tokens", {
        status: 201,
        summary: "Make a token that sends trips; it is shown once",
      }),
    )
    .input(S.CreatePushToken)
    .output(S.NewPushToken)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("token");
      return ctx.transact((tx) => createPushToken(tx, ctx.actor, input, id));
    }),
  revokePushToken: owner
    .meta(rest("DELETE", "/vehicles/{id}/push-tokens/{tokenId}", { summary: "Revoke a push token" }))
    .input(S.RevokePushToken)
    .output(done)
    .mutation(({ ctx, input }) => ctx.transact((tx) => revokePushToken(tx, ctx.actor, input))),
  push: open
    .meta(
      rest("POST", "/push/trips", {
        ...upload,
        summary: "Send trips as a box or a home server, with X-Vehicle-Token",
      }),
    )
    .input(S.PushTrips)
    .output(S.ImportView)
    .mutation(async ({ ctx, input }) => {
      const importId = await ctx.nameFor("import");
      const token = ctx.request.headers.get("x-vehicle-token") ?? "";
      const answer = await pushTrips(ctx, token, input, { importId, locale: ctx.locale });
      if (answer.status !== "done") ctx.answer.status = 202;
      return answer;
    }),
  models: open
    .meta(rest("GET", "/vehicle-models", { summary: "Makes and models, as you type" }))
    .input(S.CatalogueInput)
    .output(S.CatalogueView)
    .query(({ input }) => ({ items: findModels(input.q) })),
  vin: member
    .meta(told("What a vehicle identification number says, and whether it is sound"))
    .input(S.VinInput)
    .output(S.VinView)
    .query(({ ctx, input }) => vinReport(input.vin, ctx.locale)),
  gridFactors: member
    .meta(
      rest("GET", "/grid-factors/{countryCode}", { summary: "A country's grid factors with their sources" }),
    )
    .input(S.GridFactorsInput)
    .output(S.GridFactorsView)
    .query(({ ctx, input }) => gridFactors(ctx.db, input.countryCode, ctx.clock.now())),
  gridFactorHistory: operator
    .meta(
      rest("GET", "/grid-factors/{countryCode}/history", {
        summary: "What operators entered for a country, with who, when and source",
      }),
    )
    .input(S.GridFactorsInput)
    .output(S.GridFactorHistory)
    .query(({ ctx, input }) => gridFactorTrail(ctx.db, input.countryCode)),
  setGridFactor: operator
    .meta(rest("POST", "/grid-factors", { status: 201, summary: "Enter a grid factor with its source" }))
    .input(S.SetGridFactor)
    .output(S.GridFactorsView)
    .mutation(({ ctx, input }) => ctx.transact((tx) => setGridFactor(tx, ctx.actor, input))),
});

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
    .output(file)
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

/** Cars that tell their odometer by themselves, through a provider. */
export const connectionsRouter = (ports: VehiclePorts) =>
  router({
    byVehicle: owner
      .meta(rest("GET", "/vehicles/{id}/connection", { summary: "A vehicle's connection and its state" }))
      .input(S.VehicleId)
      .output(S.ConnectionAnswer)
      .query(({ ctx, input }) => showConnection(ctx.db, ports, ctx.actor, input.id)),
    start: owner
      .meta(rest("POST", "/vehicles/{id}/connection", { summary: "Where to allow the car to be read" }))
      .input(S.VehicleId)
      .output(S.ConsentView)
      .mutation(({ ctx, input }) => startConnection(ctx.db, ports, ctx.actor, input.id, ctx.clock.now())),
    finish: owner
      .meta(
        rest("POST", "/connections/finish", {
          status: 201,
          summary: "Connect with what the provider sent back",
        }),
      )
      .input(S.FinishConnection)
      .output(S.ConnectionAnswer)
      .mutation(async ({ ctx, input }) =>
        finishConnection(ctx, ports, ctx.actor, input, {
          id: await ctx.nameFor("connection"),
          at: ctx.clock.now(),
        }),
      ),
    end: owner
      .meta(rest("DELETE", "/vehicles/{id}/connection", { summary: "End a vehicle's connection" }))
      .input(S.VehicleId)
      .output(S.ConnectionAnswer)
      .mutation(({ ctx, input }) => endConnection(ctx, ports, ctx.actor, input.id)),
  });
