import type { Db, Tx } from "@evx/db";
import type { Clock, Currency, Id, IdKind, Locale } from "@evx/kernel";
import type { Actor } from "./actor.ts";
import type { Live } from "./live.ts";
import type { Log } from "./log.ts";

/** What a procedure is given. One is made for each request, never shared between two. */
export type Context = {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Live;
  /** The one currency in which this venue runs. */
  readonly currency: Currency;
  readonly actor: Actor | null;
  readonly locale: Locale;
  /** Follows the work into jobs and logs; answered as X-Request-Id. */
  readonly requestId: string;
  readonly request: { readonly headers: Headers; readonly ip: string };
  /** How many minutes nobody but operators can change anything here; null while the venue is open. */
  closed(): Promise<{ readonly minutes: number } | null>;
  /** Where a query of this path may read instead of `db`, and how old that is; null, or nothing, where it may not. */
  reading?(path: string): { readonly db: Db; readonly age_ms: number } | null;
  /** Set when the call travels with others in one request. */
  readonly batched?: boolean;
  /** What the procedure wants said on the answer: cookies, a status other than its declared one. */
  readonly answer: { readonly headers: Headers; status?: number };
  /** Runs a verb in a transaction that knows this request; retried on serialization failures and deadlocks. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A new id, or under an Idempotency-Key the id which that key always names for this actor. */
  nameFor<K extends IdKind>(kind: K): Promise<Id<K>>;
};
