import { inPersonLately, mayAct, provenLately } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { carName, ownVehicle, presentVehicle, vehicleRow } from "@evx/garage";
import { importTrips } from "@evx/imports";
import { emit } from "@evx/jobs";
import { type Id, type Locale, namedId, newId, sha256Hex } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { RequestContext } from "@evx/trips";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { pushTokenMade } from "./events.ts";
import {
  insertPushToken,
  pushTokens,
  revokeToken,
  touchPushToken,
  vehicleOfToken,
  vetToken,
} from "./queries/push-tokens.ts";
import type * as S from "./schema.ts";

const hashOf = (token: string): Promise<string> => sha256Hex(`push:${token}`);

/**
 * A token that sends trips for one vehicle and does nothing else. It is shown this once; only its hash is kept. It outlives
 * the session that made it: in one it takes a fresh proof (`proof_required`), and a letter tells of it.
 */
export const createPushToken = async (
  tx: Tx,
  actor: Actor,
  input: v.InferOutput<typeof S.CreatePushToken>,
  id: Id<"token">,
): Promise<v.InferInput<typeof S.NewPushToken>> => {
  const vehicle = await presentVehicle(tx, actor, input.id);
  await provenLately(tx, actor);
  const token = `evxp_${Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url")}`;
  await insertPushToken(tx, { id, vehicleId: vehicle.id, hash: await hashOf(token), label: input.label });
  await audit(tx, actor, "push_token.create", vehicle.id, { after: { token: id, label: input.label } });
  const made = { tokenId: id, ownerId: vehicle.owner_id, car: carName(vehicle), label: input.label };
  await emit(tx, pushTokenMade, made);
  return { id, label: input.label, token };
};

export const listPushTokens = async (db: Db, actor: Pick<Actor, "id">, id: Id<"vehicle">) => {
  await ownVehicle(db, actor, id);
  const rows = await pushTokens(db, id);
  return {
    items: rows.map((row) => ({
      id: row.id,
      label: row.label,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
      vetted: row.vetted_at !== null,
    })),
  };
};

/**
 * An operator checked what sends with this token: from now on its trips are of the tier `connected`, when the operator's
 * session has long ended. Refuses `session_required` to keys, and `proof_required`.
 */
export const vetPushToken = async (
  tx: Tx,
  actor: Actor,
  { tokenId, reason }: { tokenId: Id<"token">; reason: string },
) => {
  await inPersonLately(tx, actor);
  if (!(await vetToken(tx, tokenId, actor.id))) throw refuse("push_token_unknown");
  await audit(tx, actor, "push_token.vet", tokenId, { after: { reason } });
  return { ok: true as const };
};

export const revokePushToken = async (
  tx: Tx,
  actor: Actor,
  input: { id: Id<"vehicle">; tokenId: Id<"token"> },
) => {
  await ownVehicle(tx, actor, input.id);
  await revokeToken(tx, input.id, input.tokenId);
  await audit(tx, actor, "push_token.revoke", input.id, { before: { token: input.tokenId } });
  return { ok: true as const };
};

/**
 * Records trips that a box or a home server sends: one trip or many, JSON or CSV, up to what one upload may hold.
 * What it sends again, by its own id or by the same time and distance, is a duplicate and costs nothing.
 */
export const pushTrips = async (
  ctx: RequestContext,
  token: string,
  input: v.InferOutput<typeof S.PushTrips>,
  { key, locale }: { key: string | null; locale: Locale },
) => {
  const found = token === "" ? null : await vehicleOfToken(ctx.db, await hashOf(token));
  const vehicle = found && (await vehicleRow(ctx.db, found.vehicleId));
  if (!found || !vehicle) throw refuse("push_token_invalid");
  // A box knows nothing of its owner: who is suspended, or no owner any more, sends nothing through it either.
  if ((await mayAct(ctx.db, vehicle.owner_id))?.role !== "ev_owner") throw refuse("push_token_invalid");
  await ctx.transact((tx) => touchPushToken(tx, found.id));
  // A key belongs to its sender: two boxes behind one address may count alike.
  const importId = key ? await namedId("import", `push\n${found.id}\n${key}`) : newId("import");
  return importTrips(
    ctx,
    { id: vehicle.owner_id },
    { ...input, id: vehicle.id, fileName: "", name: "" },
    { importId, locale, via: "push", vetted: found.vetted },
  );
};
