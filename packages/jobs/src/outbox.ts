import type { Tx } from "@evx/db";
import type * as v from "valibot";
import type { Event, Job } from "./define.ts";
import { addToOutbox, outboxInsert } from "./queries.ts";

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

/** An event and what it says, to be left in the outbox by a statement of another room. */
export type Said = { readonly name: string; readonly payload: object };

export const saying = <S extends v.GenericSchema<object, object>>(
  event: Event<S>,
  payload: v.InferInput<S>,
): Said => ({ name: event.name, payload });

/**
 * Events as an insert, for a room whose hot path does all its writing in one statement:
 * `with done as (...), told as (${emitSql(tx, "done", [...])}) select ...`. They are left if `done` has a row.
 */
export const emitSql = (tx: Tx, given: string, said: readonly Said[]) => outboxInsert(tx, given, said);
