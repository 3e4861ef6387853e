/** What a person chose, on one sheet: by channel, by kind, and the hours in which nothing rings. */
import type { Db, Tx } from "@evx/db";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { preferencesOf } from "./inbox.ts";
import { usualManner } from "./policy.ts";
import { mannerRow, setWanted } from "./queries/ways.ts";
import { type PreferenceSheet, type SetPreferenceSheet, switched, type Topic, topics } from "./schema.ts";
import { chooseManner, quietHoursOf } from "./ways.ts";

type Sheet = v.InferInput<typeof PreferenceSheet>;

export const preferenceSheet = async (db: Db, actor: Actor): Promise<Sheet> => {
  const { items } = await preferencesOf(db, actor);
  const manner = (await mannerRow(db, actor.id)) ?? usualManner;
  const quiet = quietHoursOf(manner);
  const kinds = Object.fromEntries(
    items.map(({ topic, email, push, sms }) => [topic, { email, push, sms }]),
  ) as Sheet["kinds"];
  const channels = Object.fromEntries(
    switched.map((channel) => [channel, items.some((item) => item[channel])]),
  ) as Sheet["channels"];
  return { channels, kinds, quietHours: quiet && { ...quiet, zone: manner.zone } };
};

const sameForAll = (topic: Topic, channels: Partial<Sheet["channels"]> = {}): Partial<Sheet["channels"]> =>
  // What comes by the calendar is asked for by name: switching a channel on does not subscribe to it.
  topic === "reports"
    ? Object.fromEntries(Object.entries(channels).filter(([, on]) => on === false))
    : channels;

/** Sets what is said on the sheet, and answers the whole of it. */
export const setPreferenceSheet = async (
  tx: Tx,
  actor: Actor,
  { channels, kinds, quietHours }: v.InferOutput<typeof SetPreferenceSheet>,
): Promise<Sheet> => {
  for (const topic of topics) {
    const wanted = { ...sameForAll(topic, channels), ...kinds?.[topic] };
    if (Object.keys(wanted).length > 0) await setWanted(tx, actor.id, topic, wanted);
  }
  if (quietHours !== undefined) {
    const { zone, digest } = (await mannerRow(tx, actor.id)) ?? usualManner;
    const quiet = quietHours && { from: quietHours.from, to: quietHours.to };
    await chooseManner(tx, actor, { zone: quietHours?.zone ?? zone, quiet, digest });
  }
  return preferenceSheet(tx, actor);
};
