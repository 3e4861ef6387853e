import { auditOfCause } from "@evx/audit";
import type { Db } from "@evx/db";
import { traceOf } from "@evx/jobs";
import { type Id, isId } from "@evx/kernel";
import { toldBy } from "@evx/notifications";

/** One thing that a request did or left to be done. */
export type Step = {
  at: Date;
  where: "audit" | "outbox" | "job" | "notification";
  what: string;
  state: string;
};

const notificationIn = (payload: unknown): Id<"notification">[] => {
  if (typeof payload !== "object" || payload === null || !("notificationId" in payload)) return [];
  const id = String(payload.notificationId);
  return isId("notification", id) ? [id] : [];
};

/** Everything that the database still knows of a request, in the order in which it happened. */
export const stepsOf = async (db: Db, requestId: string): Promise<Step[]> => {
  const [{ outbox, jobs }, trail] = await Promise.all([traceOf(db, requestId), auditOfCause(db, requestId)]);
  const told = await toldBy(
    db,
    [...jobs, ...outbox].flatMap(({ payload }) => notificationIn(payload)),
  );
  const steps: Step[] = [
    ...trail.map(({ at, action, object, actor_id }) => ({
      at,
      where: "audit" as const,
      what: `${action} ${object}`,
      state: `by ${actor_id ?? "the venue"}`,
    })),
    ...outbox.map(({ at, kind, name }) => ({
      at,
      where: "outbox" as const,
      what: `${kind} ${name}`,
      state: "waits to be taken over",
    })),
    ...jobs.map(({ created_at, queue, state, attempts, error }) => ({
      at: created_at,
      where: "job" as const,
      what: queue,
      state: `${state}, ${attempts} ${attempts === 1 ? "try" : "tries"}${error ? `: ${error}` : ""}`,
    })),
    ...told.map(({ created_at, user_id, channel, template, status, reason }) => ({
      at: created_at,
      where: "notification" as const,
      what: `${template ?? "by hand"} to ${user_id}, ${channel}`,
      state: reason ? `${status}: ${reason}` : status,
    })),
  ];
  return steps.sort((a, b) => a.at.getTime() - b.at.getTime());
};
