import { member, open, owner, rest, router, told } from "@evx/rpc";
import * as v from "valibot";
import { findModels } from "./catalogue.ts";
import { handOver } from "./handover.ts";
import { readOdometer } from "./odometer.ts";
import type { GaragePorts } from "./ports.ts";
import * as S from "./schema.ts";
import { changeVehicle, registerVehicle, vinReport } from "./vehicles.ts";

const done = v.object({ ok: v.literal(true) });

/** Vehicles and what their owners tell of them. What follows a car when it is sold comes through the ports. */
export const garageRouter = (ports: GaragePorts) =>
  router({
    create: owner
      .meta(rest("POST", "/vehicles", { status: 201, summary: "Register a vehicle" }))
      .input(S.RegisterVehicle)
      .output(S.VehicleAnswer)
      .mutation(async ({ ctx, input }) => {
        const id = await ctx.nameFor("vehicle");
        return ctx.transact((tx) => registerVehicle(tx, ctx.actor, input, { id, locale: ctx.locale }));
      }),
    change: owner
      .meta(
        rest("PUT", "/vehicles/{id}", {
          summary: "Change what a vehicle is called, its battery or its zone",
        }),
      )
      .input(S.ChangeVehicle)
      .output(S.VehicleAnswer)
      .mutation(({ ctx, input }) => ctx.transact((tx) => changeVehicle(tx, ctx.actor, input))),
    handOver: member
      .meta(rest("POST", "/vehicles/{id}/hand-over", { summary: "Hand a sold vehicle over" }))
      .input(S.HandOver)
      .output(S.VehicleAnswer)
      .mutation(({ ctx, input }) => ctx.transact((tx) => handOver(tx, ports, ctx.actor, input))),
    readOdometer: owner
      .meta(rest("POST", "/vehicles/{id}/odometer", { status: 201, summary: "Note what the odometer shows" }))
      .input(S.ReadOdometer)
      .output(done)
      .mutation(({ ctx, input }) => ctx.transact((tx) => readOdometer(tx, ctx.actor, input))),
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
  });
