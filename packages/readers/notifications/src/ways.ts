/** How a person wants to be told: when, by which browsers and telephone, and whether their address takes mail. */
import { liveSessions, ownSession, userById } from "@evx/accounts";
import type { Db, Tx } from "@evx/db";
import { type Id, newId, sha256Hex } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { queueSending } from "./notify.ts";
import { type Manner, usualManner } from "./policy.ts";
import type { NotificationsPorts } from "./ports.ts";
import { hastenDigest } from "./queries/delivery.ts";
import { insertNotifications } from "./queries/notifications.ts";
import {
  bouncedRow,
  deviceRows,
  forgetBounced,
  mannerRow,
  phoneRow,
  putDevice,
  dropDevice as removeDevice,
  setManner,
} from "./queries/ways.ts";
import type { AddDevice, SetManner, Ways } from "./schema.ts";

const mostDevices = 20;

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
};

const timeOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Quiet hours as a person reads them, or null without any. */
export const quietHoursOf = ({ quiet }: Manner): { from: string; to: string } | null =>
  quiet && { from: timeOf(quiet.from), to: timeOf(quiet.to) };

type Offered = Pick<NotificationsPorts, "push" | "sms">;

/** The browsers that take pushes for a person. */
export const devicesOf = async (db: Db, userId: Id<"user">) =>
  deviceRows(db, userId, await liveSessions(db, userId));

/** Everything of it that a person sees and changes. */
export const waysOf = async (db: Db, offered: Offered, actor: Actor): Promise<v.InferInput<typeof Ways>> => {
  const user = await userById(db, actor.id);
  const manner = (await mannerRow(db, actor.id)) ?? usualManner;
  const phone = await phoneRow(db, actor.id);
  const address = user?.email ?? "";
  return {
    manner: {
      zone: manner.zone,
      quiet: quietHoursOf(manner),
      digest: manner.digest,
    },
    email: { address, stopped: (await bouncedRow(db, address)) ?? null },
    push: {
      publicKey: offered.push?.publicKey ?? null,
      devices: (await devicesOf(db, actor.id)).map(({ id, label, created_at }) => ({
        id,
        label,
        createdAt: created_at,
      })),
    },
    sms: {
      offered: offered.sms !== null,
      phone: phone ? { number: phone.number, confirmed: phone.confirmed_at !== null } : null,
    },
  };
};

/** Sets quiet hours, zone and summaries. What waited for a summary that is no longer wanted is sent at once. */
export const chooseManner = async (
  tx: Tx,
  actor: Actor,
  { zone, quiet, digest }: v.InferOutput<typeof SetManner>,
): Promise<void> => {
  const minutes = quiet && { from: minutesOf(quiet.from), to: minutesOf(quiet.to) };
  await setManner(tx, actor.id, { zone, quiet: minutes, digest });
  if (digest === "off") await hastenDigest(tx, actor.id);
};

/**
 * Pushes go to this browser from now on until the session ends by which it came, and the first one says so. Refuses
 * `notification_channel_unavailable` without a key, `push_address_foreign` for an address that is no push service's,
 * `push_devices_full` at twenty, and `session_required` to API keys.
 */
export const addDevice = async (
  tx: Tx,
  { push }: Offered,
  actor: Actor,
  { endpoint, keys, label }: v.InferOutput<typeof AddDevice>,
): Promise<void> => {
  if (!push) throw refuse("notification_channel_unavailable", { channel: "push" });
  if (!push.takes(endpoint)) throw refuse("push_address_foreign");
  const id = await sha256Hex(endpoint);
  const known = await devicesOf(tx, actor.id);
  const fresh = !known.some((one) => one.id === id);
  if (fresh && known.length >= mostDevices) throw refuse("push_devices_full");
  await putDevice(tx, actor.id, { id, endpoint, ...keys, label, session_id: ownSession(actor) });
  if (!fresh) return;
  const [row] = await insertNotifications(tx, [
    {
      id: newId("notification"),
      user_id: actor.id,
      channel: "push",
      template: "push_ready",
      details: {},
      subject: null,
      message: null,
      link: "/notifications",
      status: "queued",
      source: `device:${id}:${tx.at.getTime()}`,
    },
  ]);
  if (row) await queueSending(tx, { id: row.id, channel: "push" });
};

export const dropDevice = (tx: Tx, actor: Actor, { id }: { id: string }): Promise<void> =>
  removeDevice(tx, id, actor.id);

/** A person says that their address takes mail again. */
export const mailAgain = async (tx: Tx, actor: Actor): Promise<void> => {
  const user = await userById(tx, actor.id);
  if (user) await forgetBounced(tx, user.email);
};
