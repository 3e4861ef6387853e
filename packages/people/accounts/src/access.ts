import type { Db } from "@evx/db";
import { accessChanges } from "./queries/access.ts";
import { type Person, personFrom } from "./users.ts";

/** How old a server's knowledge may be: after `staleMs` a request waits for news; after `freshMs` it asks for them. */
const freshMs = 200;
const staleMs = 500;
/** Everything is read anew this often, which drops what no token can refer to any more. */
const reloadMs = 3_600_000;

export type Access = {
  /**
   * The person's rights now, given what a credential says of them: null when they are suspended or the session
   * (or API key) `subjectId` has ended. Knowledge is at most half a second old; answers without a query
   * nearly always. Fails when the database cannot be asked for longer than that: closed, not open.
   */
  allow(person: Person, subjectId: string): Promise<Person | null>;
  /** This server knows everything that was committed before the call. */
  refresh(): Promise<void>;
  /** Every server knows everything that was committed before the call. Takes half a second. */
  settle(): Promise<void>;
};

/**
 * Why suspended people are out at once although tokens live for 24 hours: each server keeps the changes of the
 * last day in memory (who changed, which sessions ended) and reads what is new while requests arrive, five times
 * a second at most. An idle server asks nothing and has no timer.
 */
export const createAccess = ({ db, staleAfterMs = staleMs }: { db: Db; staleAfterMs?: number }): Access => {
  let horizon = 0n;
  let people = new Map<string, Person | "suspended">();
  let ended = new Set<string>();
  let knownAt = Number.NEGATIVE_INFINITY;
  let reloadedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const read = async () => {
    const began = performance.now();
    const whole = horizon === 0n || began - reloadedAt > reloadMs;
    const news = await accessChanges(db, whole ? 0n : horizon);
    // A horizon that went back means another database behind the same name: the next reading starts over.
    if (news.horizon < horizon) reloadedAt = Number.NEGATIVE_INFINITY;
    if (whole) {
      people = new Map();
      ended = new Set();
      reloadedAt = began;
    }
    for (const change of news.changes) {
      if (change.what === "revocation") ended.add(change.id);
      else people.set(change.id, change.suspended ? "suspended" : personFrom(change.user));
    }
    horizon = news.horizon;
    knownAt = began;
  };

  /** One reading at a time; callers share it. */
  const readOnce = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const refresh = async () => {
    const wanted = performance.now();
    while (knownAt < wanted) await readOnce();
  };

  return {
    async allow(person, subjectId) {
      const age = performance.now() - knownAt;
      if (age > staleAfterMs) await readOnce();
      else if (age > Math.min(freshMs, staleAfterMs)) readOnce().catch(() => {});
      if (ended.has(subjectId)) return null;
      const known = people.get(person.actor.id);
      return known === "suspended" ? null : (known ?? person);
    },
    refresh,
    async settle() {
      await refresh();
      await Bun.sleep(staleAfterMs);
    },
  };
};
