import { VehicleId } from "@evx/garage/schema";
import { importLimits } from "@evx/imports";
import { ImportView } from "@evx/imports/schema";
import { open, owner, rest, router } from "@evx/rpc";
import * as v from "valibot";
import { endConnection, finishConnection, showConnection, startConnection } from "./connections.ts";
import type { TelematicsPorts } from "./ports.ts";
import { createPushToken, listPushTokens, pushTrips, revokePushToken } from "./push.ts";
import * as S from "./schema.ts";

const upload = { body: "stream", maxBytes: importLimits.file + 1024 * 1024 } as const;
const done = v.object({ ok: v.literal(true) });

/** Boxes and home servers that send a vehicle's trips, with a token of its own. */
export const pushRouter = router({
  pushTokens: owner
    .meta(rest("GET", "/vehicles/{id}/push-tokens", { summary: "Tokens that may send this vehicle's trips" }))
    .input(VehicleId)
    .output(S.PushTokens)
    .query(({ ctx, input }) => listPushTokens(ctx.db, ctx.actor, input.id)),
  createPushToken: owner
    .meta({
      ...rest("POST", "/vehicles/{id}/push-tokens", {
        status: 201,
        summary: "Make a token that sends trips; it is shown once",
      }),
      secretAnswer: true,
    })
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
    .output(ImportView)
    .mutation(async ({ ctx, input }) => {
      const importId = await ctx.nameFor("import");
      const token = ctx.request.headers.get("x-vehicle-token") ?? "";
      const answer = await pushTrips(ctx, token, input, { importId, locale: ctx.locale });
      if (answer.status !== "done") ctx.answer.status = 202;
      return answer;
    }),
});

/** Cars that tell their odometer by themselves, through a provider. */
export const connectionsRouter = (ports: TelematicsPorts) =>
  router({
    byVehicle: owner
      .meta(rest("GET", "/vehicles/{id}/connection", { summary: "A vehicle's connection and its state" }))
      .input(VehicleId)
      .output(S.ConnectionAnswer)
      .query(({ ctx, input }) => showConnection(ctx.db, ports, ctx.actor, input.id)),
    start: owner
      .meta(rest("POST", "/vehicles/{id}/connection", { summary: "Where to allow the car to be read" }))
      .input(VehicleId)
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
      .input(VehicleId)
      .output(S.ConnectionAnswer)
      .mutation(({ ctx, input }) => endConnection(ctx, ports, ctx.actor, input.id)),
  });
