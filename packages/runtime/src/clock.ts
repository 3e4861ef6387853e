import { type Db, databaseTime } from "@evx/db";
import { type Clock, minute_ms, second_ms, systemClock } from "@evx/kernel";
import type { Log } from "@evx/rpc";

/** How often the database is asked; between, this machine's counter of milliseconds goes on, which no hand sets. */
const every_ms = 30 * second_ms;
/** While the database has not answered yet. */
const soon_ms = 2 * second_ms;
/** From there on the machine's clock is said to be wrong. */
const wrong_ms = 2 * second_ms;
/** The quickest of so many answers counts: what it took is how exact it can be. */
const tries = 3;

export type DatabaseClock = Clock & {
  /** Asks the database now; without an answer the clock goes on as it did. */
  ask(): Promise<void>;
  /** How far this machine's own clock is ahead of the database's, in milliseconds; 0 while the database has not answered. */
  machineAhead_ms(): number;
  stop(): void;
};

/**
 * The time of the database, for every process the same: a machine whose clock is wrong expires nothing and dates nothing.
 * The machine's own time counts only until the database has answered once.
 */
export const databaseClock = ({
  db,
  log,
  system = systemClock,
}: {
  db: Db;
  log: Log;
  system?: Clock;
}): DatabaseClock => {
  let ahead_ms = system.now().getTime() - performance.now();
  let known = false;
  let saidAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const now = () => new Date(Math.round(performance.now() + ahead_ms));

  const ask = async (): Promise<void> => {
    let best = Number.POSITIVE_INFINITY;
    let found = ahead_ms;
    for (let turn = 0; turn < tries; turn++) {
      const before = performance.now();
      const at = await databaseTime(db);
      const after = performance.now();
      if (after - before >= best) continue;
      best = after - before;
      found = at.getTime() - (before + after) / 2;
    }
    // An answer that was long on its way says less than the counter that has run since the last.
    if (known && best > second_ms) return;
    [ahead_ms, known] = [found, true];
    const off = Math.abs(system.now().getTime() - now().getTime());
    if (off < wrong_ms || performance.now() - saidAt < 10 * minute_ms) return;
    saidAt = performance.now();
    log.warn(
      { seconds: Math.round(off / second_ms) },
      "this machine's clock differs from the database's; the database's is used",
    );
  };

  const go = async (): Promise<void> => {
    await ask().catch(() => {});
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => void go(), known ? every_ms : soon_ms);
    timer.unref();
  };

  return {
    now,
    ask: go,
    machineAhead_ms: () => (known ? system.now().getTime() - now().getTime() : 0),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
