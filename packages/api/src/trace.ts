import { displayNames } from "@evx/accounts";
import { auditOfCause } from "@evx/audit";
import type { Db } from "@evx/db";
import { type Reason, traceOf } from "@evx/jobs";
import { type Id, isId, type Locale } from "@evx/kernel";
import { toldBy } from "@evx/notifications";

/**
 * One thing that a request did or left to be done, in codes to which whoever shows it has the words. `what` is the action
 * of the audit trail, an event, a queue, or a message's template; `said` a message's subject in the reader's language.
 */
export type Step = {
  at: Date;
  where: "audit" | "outbox" | "job" | "notification";
  what: string | null;
  said: string | null;
  /** What was acted on. */
  object: string | null;
  /** Who did it, or was told; null for the venue itself. */
  userId: string | null;
  name: string | null;
  /** Of the outbox an event or a job; of a message its channel. */
  kind: string | null;
  /** How a job or a message stands. */
  state: string | null;
  attempts: number | null;
  reason: Reason | null;
  error: string | null;
};

const blank = {
  what: null,
  said: null,
  object: null,
  userId: null,
  name: null,
  kind: null,
  state: null,
  attempts: null,
  reason: null,
  error: null,
};

const notificationIn = (payload: unknown): Id<"notification">[] => {
  if (typeof payload !== "object" || payload === null || !("notificationId" in payload)) return [];
  const id = String(payload.notificationId);
  return isId("notification", id) ? [id] : [];
};

const userIn = (id: string | null): Id<"user"> | null => (id && isId("user", id) ? id : null);

/** Everything that the database still knows of a request, in the order in which it happened. */
export const stepsOf = async (db: Db, requestId: string, locale: Locale): Promise<Step[]> => {
  const [{ outbox, jobs }, trail] = await Promise.all([traceOf(db, requestId), auditOfCause(db, requestId)]);
  const told = await toldBy(
    db,
    [...jobs, ...outbox].flatMap(({ payload }) => notificationIn(payload)),
    locale,
  );
  const steps: Step[] = [
    ...trail.map(({ at, action: what, object, actor_id: userId }): Step => {
      return { ...blank, at, where: "audit", what, object, userId };
    }),
    ...outbox.map(({ at, kind, name: what }): Step => ({ ...blank, at, where: "outbox", what, kind })),
    ...jobs.map(({ created_at: at, queue: what, state, attempts, ...why }): Step => {
      return { ...blank, at, where: "job", what, state, attempts, ...why };
    }),
    ...told.map(({ template: what, channel: kind, status: state, reason: error, ...message }): Step => {
      return { ...blank, ...message, where: "notification", what, kind, state, error };
    }),
  ];
  const people = steps.flatMap(({ userId }) => userIn(userId) ?? []);
  const names = await displayNames(db, [...new Set(people)]);
  const nameOf = (user: Id<"user"> | null) => (user ? (names.get(user) ?? null) : null);
  return steps
    .map((step) => ({ ...step, name: nameOf(userIn(step.userId)) }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
};
