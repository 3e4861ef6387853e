import * as v from "valibot";
import type { Event, Handler, Job, JobContext } from "./define.ts";

/** No long job is `last`: two that hang would keep all others of that kind waiting. */
type Options = { concurrency?: number } & (
  | { long?: false; turn?: Handler["turn"] }
  | { long: boolean; turn?: "first" }
);

/** Binds a job to the function that does it. */
export const handle = <S extends v.GenericSchema<object, object>>(
  job: Job<S>,
  run: (context: JobContext, payload: v.InferOutput<S>) => Promise<unknown>,
  { concurrency = 4, long = false, turn }: Options = {},
): Handler => ({
  queue: job.name,
  trigger: { job: job.name },
  concurrency,
  long,
  ...(turn ? { turn } : {}),
  run: async (context, payload) => {
    await run(context, v.parse(job.schema, payload));
  },
});

type Only<P> = { readonly [F in keyof P]?: readonly P[F][] };

/**
 * Listens to an event. Each listener has a queue of its own, so one that fails holds nobody up. `only` names the values of
 * the payload's fields for which there is something to do: the relay makes no job of an event with others, and one of an
 * event that lacks the field. An older relay makes one all the same, so the handler asks again.
 */
export const on = <S extends v.GenericSchema<object, object>>(
  event: Event<S>,
  queue: string,
  run: (context: JobContext, payload: v.InferOutput<S>) => Promise<unknown>,
  { concurrency = 4, long = false, turn, only }: Options & { only?: Only<v.InferInput<S>> } = {},
): Handler => ({
  queue,
  trigger: { event: event.name },
  concurrency,
  long,
  ...(turn ? { turn } : {}),
  ...(only ? { only: only as Handler["only"] } : {}),
  run: async (context, payload) => {
    await run(context, v.parse(event.schema, payload));
  },
});

/** Runs by the calendar: `every("marketplace.expire_orders", "* * * * *", ...)`, in UTC. */
export const every = (
  queue: string,
  cron: string,
  run: (context: JobContext) => Promise<unknown>,
): Handler => ({
  queue,
  trigger: { cron },
  concurrency: 1,
  run: async (context) => {
    await run(context);
  },
});
