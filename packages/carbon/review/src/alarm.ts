import type { Id, Refusal } from "@evx/kernel";
import type { Context } from "@evx/rpc";
import { recompute } from "./proofs.ts";

const alarms = new Set(["request_not_reproduced", "proof_trip_changed"]);

const isAlarm = (error: unknown): error is Refusal =>
  error instanceof Error && "code" in error && alarms.has(String(error.code));

/**
 * Runs a verb that compares with what was frozen. When it finds another thing, its own transaction is lost with the
 * refusal; the alarm is raised in one of its own, and the refusal goes on to the caller.
 */
export const alarmed = async <T>(
  ctx: Pick<Context, "transact" | "log">,
  requestId: Id<"request">,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (isAlarm(error)) {
      ctx.log.error({ error, requestId }, "a request does not come out as it was frozen");
      await ctx.transact((tx) => recompute(tx, null, requestId));
    }
    throw error;
  }
};
