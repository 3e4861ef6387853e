import { audit } from "@evx/audit";
import { failedJobs, lookBack, retryJob, workAhead } from "@evx/jobs";
import { afterCursor, cursorOf, momentOut, page, pageOf } from "@evx/kernel";
import { operator, rest, router, told } from "@evx/rpc";
import * as v from "valibot";
import { stepsOf } from "./trace.ts";

/** Why a job failed, in both languages; a refusal has its own code. */
const ReasonView = v.object({ code: v.string(), en: v.string(), vi: v.string() });

const FailedJobView = v.object({
  id: v.string(),
  queue: v.string(),
  state: v.literal("failed"),
  attempts: v.number(),
  reason: ReasonView,
  error: v.nullable(v.string()),
  payload: v.string(),
  cause: v.nullable(v.string()),
  createdAt: momentOut,
  failedAt: momentOut,
});

const QueuesView = v.object({
  queues: v.array(
    v.object({
      queue: v.string(),
      waiting: v.number(),
      active: v.number(),
      failed: v.number(),
      oldest: v.nullable(momentOut),
    }),
  ),
  unknown: v.array(
    v.object({
      kind: v.picklist(["event", "job"]),
      name: v.string(),
      waiting: v.number(),
      oldest: momentOut,
    }),
  ),
  outbox: v.number(),
});

/** How the venue stood, by day (UTC). */
const HealthView = v.object({
  /** The first minute that was noted; null where none was. */
  since: v.nullable(momentOut),
  days: v.array(
    v.object({
      day: v.string(),
      /** Minutes of the day so far, from the first that was ever noted. */
      minutes: v.number(),
      /** Of these, those in which no server stood, or none could write. */
      missing: v.number(),
      /** Of these, those in which the work behind it was not done. */
      wrong: v.number(),
    }),
  ),
});

const StepView = v.object({
  at: momentOut,
  where: v.picklist(["audit", "outbox", "job", "notification"]),
  /** The audit trail's action, an event, a queue, or a message's template; null for a message by hand. */
  what: v.nullable(v.string()),
  /** A message's subject, in the reader's language. */
  said: v.nullable(v.string()),
  object: v.nullable(v.string()),
  /** Who did it, or was told; null for the venue itself. */
  userId: v.nullable(v.string()),
  name: v.nullable(v.string()),
  /** Of the outbox "event" or "job"; of a message its channel. */
  kind: v.nullable(v.string()),
  /** How a job or a message stands. */
  state: v.nullable(v.string()),
  attempts: v.nullable(v.number()),
  /** Of a job that failed, however it goes on. */
  reason: v.nullable(ReasonView),
  error: v.nullable(v.string()),
});

const uuid = v.pipe(v.string(), v.uuid("Not the id of a job."));

const afterOf = (cursor: string | undefined): string | null =>
  afterCursor(cursor, ([id, ...rest]) => (rest.length === 0 && v.is(uuid, id) ? id : null));

/** What the work that runs behind looks like to an operator. */
export const jobsRouter = router({
  health: operator
    .meta(rest("GET", "/admin/health", { summary: "How the last ninety days went, minute by minute" }))
    .output(HealthView)
    .query(({ ctx }) => lookBack(ctx.db, ctx.clock.now())),
  list: operator
    .meta(rest("GET", "/admin/jobs", { summary: "Jobs that failed for good, newest first" }))
    .input(page)
    .output(pageOf(FailedJobView))
    .query(async ({ ctx, input: { limit, cursor } }) => {
      const { items, next } = await failedJobs(ctx.db, { limit, after: afterOf(cursor) });
      return { items, nextCursor: next && cursorOf([next]) };
    }),
  queues: operator
    .meta(told("What waits and runs in each queue, and what no running worker knows"))
    .output(QueuesView)
    .query(({ ctx }) => workAhead(ctx.db, ctx.clock.now())),
  trace: operator
    .meta(told("What a request did and left to be done, by its id"))
    .input(v.object({ requestId: v.pipe(v.string(), v.minLength(1), v.maxLength(100)) }))
    .output(v.object({ steps: v.array(StepView) }))
    .query(async ({ ctx, input }) => ({ steps: await stepsOf(ctx.db, input.requestId, ctx.locale) })),
  retry: operator
    .meta(rest("POST", "/admin/jobs/{id}/retry", { summary: "Run a job that failed for good again" }))
    .input(v.object({ id: uuid }))
    .output(v.object({ job: FailedJobView }))
    .mutation(({ ctx, input: { id } }) =>
      ctx.transact(async (tx) => {
        const job = await retryJob(tx, id);
        await audit(tx, ctx.actor, "job.retry", id, { after: { queue: job.queue, cause: job.cause } });
        return { job };
      }),
    ),
});
