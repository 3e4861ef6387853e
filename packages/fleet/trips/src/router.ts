import { VehicleId } from "@evx/garage/schema";
import { fileAnswer } from "@evx/kernel";
import { member, operator, owner, rest, router, told } from "@evx/rpc";
import { savingsCsv, tripsCsv } from "./exports.ts";
import { rebuildDays } from "./rebuild.ts";
import { odometerReconciliation } from "./reconciliation.ts";
import { co2Savings, ownSavings } from "./savings.ts";
import * as S from "./schema.ts";
import { listVehicles, showVehicle } from "./summaries.ts";
import { listTrips, showTrip } from "./trips.ts";

/** Vehicles with the sums of their trips, the trips themselves, and what they saved. */
export const tripsRouter = router({
  list: owner
    .meta(rest("GET", "/vehicles", { summary: "Your vehicles with their sums" }))
    .input(S.VehicleList)
    .output(S.VehiclePage)
    .query(({ ctx, input }) => listVehicles(ctx.db, ctx.actor, input)),
  byId: member
    .meta(rest("GET", "/vehicles/{id}", { summary: "A vehicle with its sums" }))
    .input(VehicleId)
    .output(S.VehicleSummary)
    .query(({ ctx, input }) => showVehicle(ctx.db, ctx.actor, input.id)),
  odometer: member
    .meta(
      rest("GET", "/vehicles/{id}/odometer", { summary: "Trips against what the odometer says was driven" }),
    )
    .input(VehicleId)
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
  co2Savings: member
    .meta(rest("GET", "/vehicles/{id}/co2-savings", { summary: "CO2 saved by day, month or year" }))
    .input(S.SavingsInput)
    .output(S.SavingsView)
    .query(({ ctx, input }) => co2Savings(ctx.db, ctx.actor, input, ctx.clock.now())),
  co2SavingsCsv: member
    .meta(rest("GET", "/vehicles/{id}/co2-savings.csv", { file: true, summary: "CO2 saved, as CSV" }))
    .input(S.SavingsInput)
    .output(fileAnswer)
    .query(({ ctx, input }) => savingsCsv(ctx.db, ctx.actor, input, ctx.clock.now())),
  tripsCsv: member
    .meta(rest("GET", "/vehicles/{id}/trips.csv", { file: true, summary: "A vehicle's trips, as CSV" }))
    .input(S.ListTrips)
    .output(fileAnswer)
    .query(({ ctx, input }) =>
      tripsCsv(ctx.db, ctx.actor, input, { locale: ctx.locale, at: ctx.clock.now() }),
    ),
  savings: owner
    .meta(told("What all your vehicles saved"))
    .input(S.OwnSavingsInput)
    .output(S.OwnSavingsView)
    .query(({ ctx, input }) => ownSavings(ctx.db, ctx.actor, input, ctx.clock.now())),
  rebuildDays: operator
    .meta(told("Count all trips again by their vehicles' local days"))
    .output(S.RebuiltDays)
    .mutation(({ ctx }) => rebuildDays(ctx, ctx.actor)),
});
