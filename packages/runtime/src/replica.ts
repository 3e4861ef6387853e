import { createDb, createPool, type Db, hasPlayed, logPlace } from "@evx/db";
import { second_ms } from "@evx/kernel";
import type { Log } from "@evx/rpc";

/** Asked of the replica: long sums and searches, of which a moment ago is as good. Never what somebody decides by. */
const readsThere =
  /^(reports\.|marketplace\.listings\.search$|credits\.registry\.|verification\.certificates\.search$)/;

/** What is older is asked of the first server again. */
const most_ms = 5 * second_ms;
const every_ms = 500;

export type Replica = {
  /** Where a call reads, and how old that may be; null where it reads the first server. */
  reading(call: { path: string; actorId: string | null }): { db: Db; age_ms: number } | null;
  /** Somebody changed something: until the replica has it, they read the first server. */
  wrote(actorId: string): void;
  stop(): Promise<void>;
};

/**
 * Follows a replica: it is as fresh as the last moment whose place in the first server's log it has played. A replica that is
 * away, too far behind, or no replica any more is read by nobody, and looked at again twice a second.
 */
export const followReplica = (
  url: string,
  {
    primary,
    log,
    max,
    now = () => performance.now(),
  }: { primary: Db; log: Log; max: number; now?: () => number },
): Replica => {
  let freshAt = Number.NEGATIVE_INFINITY;
  const pool = createPool(url, {
    max,
    name: "evx-replica",
    // Gone in the middle of something: nobody else is sent there until it has answered again.
    onError: () => {
      freshAt = Number.NEGATIVE_INFINITY;
    },
  });
  const db = createDb(pool);
  const writers = new Map<string, number>();
  let said = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = async (): Promise<void> => {
    const asked = now();
    const place = await logPlace(primary);
    if (await hasPlayed(db, place)) freshAt = asked;
    for (const [who, at] of writers) if (at < freshAt) writers.delete(who);
  };
  const go = async (): Promise<void> => {
    await look().then(
      () => {
        said = false;
      },
      (error) => {
        if (!said) log.warn({ error }, "the replica is away; everything is read from the first server");
        said = true;
      },
    );
    if (stopped) return;
    timer = setTimeout(() => void go(), every_ms);
    timer.unref();
  };
  void go();

  return {
    reading({ path, actorId }) {
      if (!readsThere.test(path)) return null;
      const age_ms = now() - freshAt;
      if (age_ms > most_ms) return null;
      if (actorId !== null && (writers.get(actorId) ?? Number.NEGATIVE_INFINITY) >= freshAt) return null;
      return { db, age_ms: Math.round(age_ms) };
    },
    wrote(actorId) {
      writers.set(actorId, now());
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await db.destroy();
    },
  };
};
