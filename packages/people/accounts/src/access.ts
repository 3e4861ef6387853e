import type { Db } from "@evx/db";
import { hour_ms, type Id } from "@evx/kernel";
import { accessChanges } from "./queries/access.ts";
import { type Person, personFrom } from "./users.ts";

/** A server asks for news when its knowledge is older than `fresh_ms`; a request waits for them after `stale_ms`. */
const fresh_ms = 200;
const stale_ms = 500;
/** Everything is read anew this often, which drops what no token can refer to any more. */
const reload_ms = hour_ms;

/** The session or the API key by which somebody came. */
export type SubjectId = Id<"session"> | Id<"apikey">;

/**
 * What one server knows of changed rights: why suspended people are out at once although tokens live for 24 hours. Each
 * server keeps the changes of the last day in memory (who changed, which sessions ended) and reads what is new
 * while requests arrive, five times a second at most. An idle server asks nothing and has no timer.
 */
export type Access = {
  readonly db: Db;
  readonly staleAfter_ms: number;
  horizon: bigint;
  people: Map<string, Person | "suspended">;
  ended: Set<string>;
  knownAt: number;
  reloadedAt: number;
  reading: Promise<void> | undefined;
};

/** A server's knowledge before it has asked for the first time. */
export const noAccess = (db: Db, { staleAfterMs = stale_ms }: { staleAfterMs?: number } = {}): Access => ({
  db,
  staleAfter_ms: staleAfterMs,
  horizon: 0n,
  people: new Map(),
  ended: new Set(),
  knownAt: Number.NEGATIVE_INFINITY,
  reloadedAt: Number.NEGATIVE_INFINITY,
  reading: undefined,
});

const read = async (access: Access): Promise<void> => {
  const began = performance.now();
  const whole = access.horizon === 0n || began - access.reloadedAt > reload_ms;
  const news = await accessChanges(access.db, whole ? 0n : access.horizon);
  // A horizon that went back means another database behind the same name: the next reading starts over.
  if (news.horizon < access.horizon) access.reloadedAt = Number.NEGATIVE_INFINITY;
  if (whole) {
    access.people = new Map();
    access.ended = new Set();
    access.reloadedAt = began;
  }
  for (const change of news.changes) {
    if (change.what === "revocation") access.ended.add(change.id);
    else access.people.set(change.user.id, change.suspended ? "suspended" : personFrom(change.user));
  }
  access.horizon = news.horizon;
  access.knownAt = began;
};

/** One reading at a time; callers share it. */
const readOnce = (access: Access): Promise<void> => {
  access.reading ??= read(access).finally(() => {
    access.reading = undefined;
  });
  return access.reading;
};

/**
 * The person's rights now, given what a credential says of them: null when they are suspended or their session or API
 * key has ended. Knowledge is at most half a second old; answers without a query nearly always. Throws when
 * the database cannot be asked for longer than that: closed, not open.
 */
export const allow = async (access: Access, person: Person, subjectId: SubjectId): Promise<Person | null> => {
  const age = performance.now() - access.knownAt;
  if (age > access.staleAfter_ms) await readOnce(access);
  else if (age > Math.min(fresh_ms, access.staleAfter_ms)) readOnce(access).catch(() => {});
  if (access.ended.has(subjectId)) return null;
  const known = access.people.get(person.actor.id);
  return known === "suspended" ? null : (known ?? person);
};

/** Answers when this server knows everything that was committed before the call. */
export const catchUp = async (access: Access): Promise<void> => {
  const wanted = performance.now();
  while (access.knownAt < wanted) await readOnce(access);
};

/** Answers when every server knows everything that was committed before the call. Takes half a second. */
export const catchUpEverywhere = async (access: Access): Promise<void> => {
  await catchUp(access);
  await Bun.sleep(access.staleAfter_ms);
};
