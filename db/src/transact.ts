import type { Clock } from "@evx/kernel";
import type { IsolationLevel } from "kysely";
import type { Db, Tx } from "./client.ts";
import { isStalePlan } from "./named.ts";

export type TransactOptions = {
  /** Who asked: a request's or a job's id. */
  cause?: string;
  /** From where they asked. */
  origin?: string | undefined;
  /** Read committed unless told; the ledger's functions lock what they change. */
  isolation?: IsolationLevel;
  /** How many times to try again after a serialization failure or a deadlock; 5 unless told. */
  retries?: number;
};

/** serialization_failure and deadlock_detected: Postgres undid everything, and the same work may succeed next time. */
const passing = new Set(["40001", "40P01"]);

const sqlState = (error: unknown): string | undefined => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return undefined;
};

const isStale = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (isStalePlan(cause)) return true;
  return false;
};

/**
 * Runs `fn` in one transaction and answers what it answers. Whatever it throws rolls everything back.
 * A serialization failure, a deadlock or a plan from before a migration runs `fn` again, so it must do nothing outside the database.
 */
export const transact = async <T>(
  db: Db,
  clock: Clock,
  fn: (tx: Tx) => Promise<T>,
  { cause = "", origin, isolation = "read committed", retries = 5 }: TransactOptions = {},
): Promise<T> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await db
        .transaction()
        .setIsolationLevel(isolation)
        .execute((trx) => fn(Object.assign(trx, { at: clock.now(), cause, origin: origin ?? null })));
    } catch (error) {
      if (attempt >= retries || !(passing.has(sqlState(error) ?? "") || isStale(error))) throw error;
      // Jitter parts the two that collided; 5 tries wait 0.3 s at most.
      await Bun.sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
};
