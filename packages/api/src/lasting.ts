import type { Db } from "@evx/db";
import { driversOf } from "@evx/fleets";
import { allVehiclesOfOwner, carName } from "@evx/garage";
import { type Currency, type Id, momentOut } from "@evx/kernel";
import { standingPhone } from "@evx/notifications";
import { planOf } from "@evx/payouts";
import { type Actor, member, rest, router } from "@evx/rpc";
import { connectionsOfVehicles, tokensOfVehicles } from "@evx/telematics";
import { autoSaleOf } from "@evx/wanted";
import * as v from "valibot";

const kinds = ["phone", "payout_plan", "auto_sale", "car_token", "connection", "driver"] as const;

const Lasting = v.object({
  items: v.array(
    v.object({
      kind: v.picklist(kinds),
      /** What it is ended by: a token's or driver's id, a connected vehicle's; empty where there is one at most. */
      id: v.string(),
      /** A token's vehicle. */
      vehicleId: v.nullable(v.string()),
      /** The car, the number, the account. */
      title: v.string(),
      note: v.nullable(v.string()),
      since: v.nullable(momentOut),
    }),
  ),
});

type Item = v.InferInput<typeof Lasting>["items"][number];

/** Of each kind that may be many. The newest come first: what a thief left is among them. */
const most = 50;

const bare = { id: "", vehicleId: null, note: null, since: null };

const ofCars = async (db: Db, ownerId: Id<"user">, now: Date): Promise<Item[]> => {
  const vehicles = await allVehiclesOfOwner(db, ownerId);
  const ids = vehicles.map(({ id }) => id);
  const names = new Map(vehicles.map((row) => [row.id, carName(row)]));
  const titleOf = (id: Id<"vehicle">) => names.get(id) ?? "";
  const [tokens, connections, drivers] = await Promise.all([
    tokensOfVehicles(db, ids, most),
    connectionsOfVehicles(db, ids, most),
    driversOf(db, ids, now),
  ]);
  return [
    ...tokens.map(({ id, vehicle_id, label, created_at }) => ({
      ...{ kind: "car_token" as const, id, vehicleId: vehicle_id },
      ...{ title: titleOf(vehicle_id), note: label, since: created_at },
    })),
    ...connections.map(({ vehicle_id, provider, created_at }) => ({
      ...{ ...bare, kind: "connection" as const, id: vehicle_id },
      ...{ title: titleOf(vehicle_id), note: provider, since: created_at },
    })),
    ...[...drivers]
      .flatMap(([vehicleId, list]) => list.map((driver) => ({ vehicleId, driver })))
      .sort((a, b) => Number(b.driver.invitedAt) - Number(a.driver.invitedAt))
      .slice(0, most)
      .map(({ vehicleId, driver }) => ({
        ...{ ...bare, kind: "driver" as const, id: driver.id },
        ...{ title: titleOf(vehicleId), note: driver.email, since: driver.joinedAt ?? driver.invitedAt },
      })),
  ];
};

/**
 * What still acts for a person, or is told of them, when every session and key of theirs has ended: each with what ends it. What
 * is made with a proof of the person and outlives their session belongs here.
 */
const lastingOf = async (
  { db, currency, now }: { db: Db; currency: Currency; now: Date },
  actor: Pick<Actor, "id" | "role">,
): Promise<Item[]> => {
  const [phone, plan] = [await standingPhone(db, actor.id), await planOf(db, actor.id)];
  const owner = actor.role === "ev_owner";
  const sale = owner ? await autoSaleOf(db, actor, currency) : null;
  return [
    ...(phone ? [{ ...bare, kind: "phone" as const, title: phone.number, since: phone.since }] : []),
    ...(plan ? [{ ...bare, kind: "payout_plan" as const, title: plan.bankAccountMasked }] : []),
    ...(sale?.on ? [{ ...bare, kind: "auto_sale" as const, title: sale.floor ?? "" }] : []),
    ...(owner ? await ofCars(db, actor.id, now) : []),
  ];
};

export const lastingRouter = router({
  lasting: member
    .meta(
      rest("GET", "/users/lasting", {
        summary: "What still acts for you, or is told of you, when you are signed out everywhere",
      }),
    )
    .output(Lasting)
    .query(async ({ ctx }) => ({
      items: await lastingOf({ db: ctx.db, currency: ctx.currency, now: ctx.clock.now() }, ctx.actor),
    })),
});
