import type { Tx } from "@evx/db";
import type * as v from "valibot";
import type { Event, Job } from "./define.ts";
import { addToOutbox } from "./queries/index.ts";

/**
 * Leaves a job in the transaction's outbox: it is done if the transaction commits, and only then.
 * `runAt` defers it; it starts at that moment or up to two seconds later.
 */
export const enqueue = <S extends v.GenericSchema<object, object>>(
  tx: Tx,
  job: Job<S>,
  payload: v.InferInput<S>,
  { runAt }: { runAt?: Date } = {},
): Promise<void> => addToOutbox(tx, { kind: "job", name: job.name, payload, runAt: runAt ?? null });

/** Leaves an event in the transaction's outbox for every room that listens. */
export const emit = <S extends v.GenericSchema<object, object>>(
  tx: Tx,
  event: Event<S>,
  payload: v.InferInput<S>,
): Promise<void> => addToOutbox(tx, { kind: "event", name: event.name, payload, runAt: null });
