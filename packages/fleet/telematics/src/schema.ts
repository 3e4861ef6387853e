import { byteStream, importChoices } from "@evx/imports/schema";
import { idOf, idOut, momentOut, textOf } from "@evx/kernel";
import * as v from "valibot";

export const FinishConnection = v.object({
  code: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
  state: v.pipe(v.string(), v.minLength(1), v.maxLength(2_000)),
});

export const ConsentView = v.object({ url: v.string() });

export const ConnectionAnswer = v.object({
  /** Whether this venue can connect cars at all. */
  configured: v.boolean(),
  connection: v.nullable(
    v.object({
      id: idOut("connection"),
      vehicleId: idOut("vehicle"),
      provider: v.string(),
      state: v.picklist(["active", "waiting", "lost", "ended"]),
      failures: v.number(),
      polledAt: v.nullable(momentOut),
      readAt: v.nullable(momentOut),
      nextPollAt: momentOut,
      odometerKm: v.nullable(v.number()),
    }),
  ),
});

/** What a box sends: a stream, and what its times and units mean. The token is in the header X-Vehicle-Token. */
export const PushTrips = v.object({
  content: byteStream,
  contentType: v.optional(v.string(), ""),
  ...importChoices,
});

export const CreatePushToken = v.object({ id: idOf("vehicle"), label: textOf(60) });

export const NewPushToken = v.object({ id: idOut("token"), label: v.string(), token: v.string() });

export const RevokePushToken = v.object({ id: idOf("vehicle"), tokenId: idOf("token") });

export const VetPushToken = v.object({ tokenId: idOf("token"), reason: textOf(500, 3) });

export const PushTokens = v.object({
  items: v.array(
    v.object({
      id: idOut("token"),
      label: v.string(),
      createdAt: momentOut,
      lastUsedAt: v.nullable(momentOut),
      /** Whether an operator checked its sender, so that its trips are of the tier `connected`. */
      vetted: v.boolean(),
    }),
  ),
});
