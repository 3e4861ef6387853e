import { fileAnswer } from "@evx/kernel";
import { member, owner, rest, router } from "@evx/rpc";
import * as v from "valibot";
import { addCars } from "./cars.ts";
import { carsTemplate, readCars } from "./cars-file.ts";
import { driversOfCar, endDriver, inviteDriver, joinAsDriver } from "./drivers.ts";
import { drivenTrips, drivingOf } from "./driving.ts";
import { importFleetTrips, showFleetImport } from "./files.ts";
import { fleetCars, fleetOf } from "./fleet.ts";
import { fleetLimits } from "./policy.ts";
import { previewFleetTrips } from "./previews.ts";
import * as S from "./schema.ts";

const done = v.object({ ok: v.literal(true) });

/** Many cars of one owner: added by a file, fed by a file, seen on one screen. */
export const fleetRouter = router({
  summary: owner
    .meta(rest("GET", "/fleet", { summary: "Your fleet in figures" }))
    .output(S.FleetView)
    .query(({ ctx }) => fleetOf(ctx.db, ctx.actor, ctx.clock.now())),
  cars: owner
    .meta(rest("GET", "/fleet/vehicles", { summary: "The cars of your fleet with their sums and drivers" }))
    .input(S.FleetCars)
    .output(S.FleetCarPage)
    .query(({ ctx, input }) => fleetCars(ctx.db, ctx.actor, input, ctx.clock.now())),
  template: owner
    .meta(rest("GET", "/fleet/vehicles/template.csv", { file: true, summary: "The file of cars to fill in" }))
    .output(fileAnswer)
    .query(() => carsTemplate()),
  addCars: owner
    .meta(
      rest("POST", "/fleet/vehicles", {
        status: 201,
        body: "stream",
        maxBytes: fleetLimits.carsFile + 1024 * 1024,
        summary: "Register the cars of a CSV file; names every problem by row",
      }),
    )
    .input(S.CarsFile)
    .output(S.CarsAnswer)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("vehicle");
      const rows = await readCars(input.content);
      const answer = await ctx.transact((tx) => addCars(tx, ctx.actor, { rows, id, locale: ctx.locale }));
      if (answer.created === 0) ctx.answer.status = 200;
      return answer;
    }),
  importTrips: owner
    .meta(
      rest("POST", "/fleet/trips", {
        body: "stream",
        maxBytes: fleetLimits.tripsFile + 1024 * 1024,
        summary: "Import one file for many cars by its vehicle column; large ones answer 202 and go on",
      }),
    )
    .input(S.FleetFile)
    .output(S.FleetImportView)
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.nameFor("fleetImport");
      const answer = await importFleetTrips(ctx, ctx.actor, input, { id, locale: ctx.locale });
      if (answer.status !== "done") ctx.answer.status = 202;
      return answer;
    }),
  previewTrips: owner
    .meta(
      rest("POST", "/fleet/trips/preview", {
        body: "stream",
        maxBytes: fleetLimits.tripsFile + 1024 * 1024,
        summary: "How a file of many cars would be taken apart and read; records nothing",
      }),
    )
    .input(S.FleetFile)
    .output(S.FleetPreview)
    .mutation(({ ctx, input }) => previewFleetTrips(ctx.db, ctx.actor, input, ctx.locale)),
  import: owner
    .meta(rest("GET", "/fleet/trips/{id}", { summary: "How a fleet's file stands, car by car" }))
    .input(S.FleetImportId)
    .output(S.FleetImportView)
    .query(({ ctx, input }) => showFleetImport(ctx.db, ctx.actor, input.id, ctx.locale)),
  drivers: owner
    .meta(rest("GET", "/fleet/vehicles/{id}/drivers", { summary: "Who drives a car" }))
    .input(S.VehicleOfFleet)
    .output(S.Drivers)
    .query(({ ctx, input }) => driversOfCar(ctx.db, ctx.actor, input.id, ctx.clock.now())),
  inviteDriver: owner
    .meta({
      ...rest("POST", "/fleet/vehicles/{id}/drivers", {
        status: 201,
        summary: "Invite somebody to drive a car",
      }),
      secretAnswer: true,
    })
    .input(S.InviteDriver)
    .output(S.InvitedDriver)
    .mutation(async ({ ctx, input }) => {
      const driverId = await ctx.nameFor("driver");
      return ctx.transact((tx) => inviteDriver(tx, ctx.actor, input, { driverId, locale: ctx.locale }));
    }),
});

/** What drivers see and do. */
export const drivingRouter = router({
  mine: member
    .meta(rest("GET", "/driving", { summary: "The cars that you drive for others, and invitations" }))
    .output(S.Driving)
    .query(({ ctx }) => drivingOf(ctx.db, ctx.actor, ctx.clock.now())),
  trips: member
    .meta(rest("GET", "/driving/{driverId}/trips", { summary: "Trips of a car since you drive it" }))
    .input(S.DrivenTrips)
    .output(S.DrivenTripPage)
    .query(({ ctx, input }) => drivenTrips(ctx.db, ctx.actor, input, ctx.locale)),
  join: member
    .meta(rest("POST", "/driving/{driverId}/join", { summary: "Accept an invitation to drive a car" }))
    .input(S.JoinAsDriver)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await ctx.transact((tx) => joinAsDriver(tx, ctx.actor, input));
      return { ok: true as const };
    }),
  end: member
    .meta(rest("POST", "/driving/{driverId}/end", { summary: "Leave a car, decline, or remove a driver" }))
    .input(S.DriverId)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await ctx.transact((tx) => endDriver(tx, ctx.actor, input));
      return { ok: true as const };
    }),
});
