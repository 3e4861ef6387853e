import { idOut, momentOut } from "@evx/kernel";
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
