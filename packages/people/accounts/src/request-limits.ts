import type { Db } from "@evx/db";
import { minute_ms } from "@evx/kernel";
import { spendPoints } from "./queries/rate-limits.ts";

export type Verdict = {
  ok: boolean;
  limit: number;
  remaining: number;
  /** Whole seconds until the client's minute is over; for Retry-After. */
  retryAfter: number;
};

export type RateLimiter = {
  /**
   * Counts a request of a client, of one point or several (its address or its user id, as the server knows it, never as a header says)
   * and answers whether it may go on. `times` gives a key that
   * many clients share so many limits. Asks the database only when the client has spent a share of its limit
   * since this server last reported to it.
   */
  take(key: string, points?: number, times?: number): Promise<Verdict>;
  /** Reports what the database does not know yet, for an orderly stop. */
  flush(): Promise<void>;
};

const flush_ms = 250;

type Minute = {
  /** All servers' requests as the database last answered; ours on their way to it; ours since. */
  known: number;
  sent: number;
  unsent: number;
  endsAt: number;
  /** Requests that wait to learn which place in the minute they got. */
  waiting: { points: number; give: (place: number) => void }[];
};

type Counter = {
  readonly db: Db;
  readonly limit: number;
  /** How many requests of a client this server lets through before it reports them. */
  readonly share: number;
  readonly minutes: Map<string, Minute>;
  timer: ReturnType<typeof setTimeout> | undefined;
  reporting: Promise<void> | undefined;
};

/**
 * So many requests a minute per client, over all servers together, at the price of a Map. Each server counts
 * for itself and reports to the database in the background, in batches and 250 ms after the first at the latest;
 * whoever has spent a 32nd of the limit unreported waits for the database, so a client costs it 32 short statements a
 * minute at most. One server alone lets through exactly `limit`; n servers that a client floods at once let
 * through at most limit × (1 + n / 32).
 */
export const createRateLimiter = ({ db, limit }: { db: Db; limit: number }): RateLimiter => {
  const counter: Counter = {
    db,
    limit,
    share: Math.max(1, Math.ceil(limit / 32)),
    minutes: new Map(),
    timer: undefined,
    reporting: undefined,
  };
  return {
    take: (key, points = 1, times = 1) => take(counter, key, { points, times }),
    flush: () => flush(counter),
  };
};

type Report = { key: string; minute: Minute; points: number; waiting: Minute["waiting"] };

/** Takes what is unsent out of the minutes: the points and who waits for their places. */
const collect = ({ minutes }: Counter): Report[] =>
  [...minutes]
    .filter(([, minute]) => minute.unsent > 0)
    .map(([key, minute]) => {
      const { unsent: points, waiting } = minute;
      Object.assign(minute, { sent: points, unsent: 0, waiting: [] });
      return { key, minute, points, waiting };
    });

const send = async ({ db }: Counter, batch: readonly Report[]): Promise<void> => {
  const spent = new Map<string, { points: bigint; left_ms: number }>();
  for (let from = 0; from < batch.length; from += 1_000) {
    const part = batch.slice(from, from + 1_000);
    for (const row of await spendPoints(db, part, minute_ms)) spent.set(row.key, row);
  }
  for (const { key, minute } of batch) {
    const row = spent.get(key);
    if (row)
      Object.assign(minute, {
        known: Number(row.points),
        sent: 0,
        endsAt: performance.now() + row.left_ms,
      });
  }
};

/** One report at a time, so that answers come in order; those who wait get the last places of what was sent. */
const reportAll = async (counter: Counter): Promise<void> => {
  const { minutes } = counter;
  for (let batch = collect(counter); batch.length > 0; batch = collect(counter)) {
    // A database that is away must neither let everybody through uncounted nor shut everybody out:
    // this server goes on counting by itself.
    await send(counter, batch).catch(() => {});
    for (const { minute, points, waiting } of batch) {
      if (minute.sent > 0) Object.assign(minute, { known: minute.known + points, sent: 0 });
      let place = minute.known;
      for (const one of waiting.toReversed()) {
        one.give(place);
        place -= one.points;
      }
    }
  }
  const now = performance.now();
  for (const [key, minute] of minutes) if (minute.endsAt <= now && minute.unsent === 0) minutes.delete(key);
};

const report = (counter: Counter): Promise<void> => {
  counter.reporting ??= reportAll(counter).finally(() => {
    counter.reporting = undefined;
  });
  return counter.reporting;
};

const reportLater = (counter: Counter): void => {
  counter.timer ??= setTimeout(() => {
    counter.timer = undefined;
    report(counter);
  }, flush_ms);
  counter.timer.unref?.();
};

const minuteOf = ({ minutes }: Counter, key: string): Minute => {
  const now = performance.now();
  const running = minutes.get(key);
  if (running && running.endsAt > now) return running;
  const fresh: Minute = { known: 0, sent: 0, unsent: 0, endsAt: now + minute_ms, waiting: [] };
  minutes.set(key, fresh);
  return fresh;
};

const take = async (
  counter: Counter,
  key: string,
  { points, times }: { points: number; times: number },
): Promise<Verdict> => {
  const { share } = counter;
  const limit = counter.limit * times;
  const minute = minuteOf(counter, key);
  let place = minute.known + minute.sent + minute.unsent + points;
  if (place <= limit) {
    minute.unsent += points;
    if (minute.sent + minute.unsent < share) reportLater(counter);
    else {
      const placed = new Promise<number>((give) => minute.waiting.push({ points, give }));
      report(counter);
      place = await placed;
    }
  }
  return {
    ok: place <= limit,
    limit,
    remaining: Math.max(0, limit - place),
    retryAfter: Math.max(1, Math.ceil((minute.endsAt - performance.now()) / 1000)),
  };
};

const flush = async (counter: Counter): Promise<void> => {
  clearTimeout(counter.timer);
  counter.timer = undefined;
  await report(counter);
  await report(counter);
};
