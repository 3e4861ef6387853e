import type { Db, Tx } from "@evx/db";
import type { Clock } from "@evx/kernel";
import type * as v from "valibot";

/** The logger that handlers get: pino's shape. */
export type Log = Record<"debug" | "info" | "warn" | "error", (fields: object, message: string) => void>;

type PayloadSchema = v.GenericSchema<object, object>;

/** A kind of work, declared once: its queue's name and what it carries. Payloads are JSON. */
export type Job<S extends PayloadSchema = PayloadSchema> = {
  readonly kind: "job";
  readonly name: string;
  readonly schema: S;
};

/** Something that happened, which any number of rooms may listen to. */
export type Event<S extends PayloadSchema = PayloadSchema> = {
  readonly kind: "event";
  readonly name: string;
  readonly schema: S;
  /** The SQL function that writes it, for an event that TypeScript does not emit: "marketplace.settle". */
  readonly emittedBy?: string;
};

/** What a handler is given: everything it needs and nothing that outlives it. */
export type JobContext = {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  /** The request in which the work began, however many jobs ago. */
  readonly requestId: string;
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

/** A queue and the function that empties it. Every handler can run twice, so every handler is idempotent. */
export type Handler = {
  readonly queue: string;
  readonly trigger: { job: string } | { event: string } | { cron: string };
  /** How many run at once in one worker. */
  readonly concurrency: number;
  /** Takes seconds or minutes, or waits for somebody outside: none is fetched before it can start. */
  readonly long?: boolean;
  /**
   * `first`: somebody waits for its end at a screen. `last`: nobody does, so while work of the first kind is in hand a worker
   * does few of these at once.
   */
  readonly turn?: "first" | "last";
  /** Moves money or ends somebody's chance to act: waits while the venue is closed. */
  readonly movesMoney?: boolean;
  /** Goes on whatever is closed: letters, and what is noted down for safety. */
  readonly always?: boolean;
  /** Values of the payload's fields for which there is something to do; an event with others makes no job. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
  run(context: JobContext, payload: unknown): Promise<void>;
};

export const defineJob = <const S extends PayloadSchema>(name: string, schema: S): Job<S> => ({
  kind: "job",
  name,
  schema,
});

/** Declares an event. One that a SQL function writes names the function, so that a search for the event finds it. */
export const defineEvent = <const S extends PayloadSchema>(
  name: string,
  schema: S,
  { emittedBy }: { emittedBy?: string } = {},
): Event<S> => ({ kind: "event", name, schema, ...(emittedBy ? { emittedBy } : {}) });

/** The events among what a room's `events.ts` exports. */
export const eventsIn = (...modules: readonly Readonly<Record<string, unknown>>[]): Event[] =>
  modules.flatMap((module) => Object.values(module).filter(isEvent));

const isEvent = (value: unknown): value is Event =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "event";
