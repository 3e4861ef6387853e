import type { Db } from "@evx/db";
import { refuse } from "./errors.ts";
import { forgetPoints, spendPoints, spentPoints } from "./queries/limits.ts";

export type Verdict = {
  ok: boolean;
  limit: number;
  remaining: number;
  /** Whole seconds until the client's minute is over; for Retry-After. */
  retryAfter: number;
};

export type RateLimiter = {
  /**
   * Counts one request of a client (its address or its user id, as the server knows it, never as a header says)
   * and answers whether it may go on. Asks the database only when the client has spent a share of its limit
   * since this server last told the others.
   */
  take(key: string): Promise<Verdict>;
  /** Tells the database what is not yet told, for an orderly stop. */
  flush(): Promise<void>;
};

const windowMs = 60_000;
const flushMs = 250;

type Minute = {
  /** All servers' requests as of the last telling; ours that are being told now; ours since. */
  told: number;
  asked: number;
  untold: number;
  endsAt: number;
  /** Requests that wait to learn which place in the minute they got. */
  waiting: ((place: number) => void)[];
};

/**
 * So many requests a minute per client, over all servers together, at the price of a Map. Each server counts
 * for itself and tells the database in the background, at once in batches and 250 ms after the first at the latest;
 * whoever has spent a 32nd of the limit untold waits for the database, so a client costs it 32 short statements a minute
 * at most. One server alone lets through exactly `limit`; n servers that a client floods at once let through at most
 * limit × (1 + n / 32).
 */
export const createRateLimiter = ({ db, limit }: { db: Db; limit: number }): RateLimiter => {
  const share = Math.max(1, Math.ceil(limit / 32));
  const minutes = new Map<string, Minute>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let telling: Promise<void> | undefined;

  /** Takes what is untold out of the minutes: the points and who waits for their places. */
  const collect = () =>
    [...minutes]
      .filter(([, minute]) => minute.untold > 0)
      .map(([key, minute]) => {
        const { untold: points, waiting } = minute;
        Object.assign(minute, { asked: points, untold: 0, waiting: [] });
        return { key, minute, points, waiting };
      });

  const tell = async (batch: ReturnType<typeof collect>) => {
    const spent = new Map<string, { points: bigint; left_ms: number }>();
    for (let from = 0; from < batch.length; from += 1_000) {
      const part = batch.slice(from, from + 1_000);
      for (const row of await spendPoints(db, part, windowMs)) spent.set(row.key, row);
    }
    for (const { key, minute } of batch) {
      const row = spent.get(key);
      if (row)
        Object.assign(minute, {
          told: Number(row.points),
          asked: 0,
          endsAt: performance.now() + row.left_ms,
        });
    }
  };

  /** One telling at a time, so that answers come in order; those who wait get the last places of what was told. */
  const tellAll = async () => {
    for (let batch = collect(); batch.length > 0; batch = collect()) {
      // A database that is away must neither let everybody through uncounted nor shut everybody out:
      // this server goes on counting by itself.
      await tell(batch).catch(() => {});
      for (const { minute, points, waiting } of batch) {
        if (minute.asked > 0) Object.assign(minute, { told: minute.told + points, asked: 0 });
        for (const [index, give] of waiting.entries()) give(minute.told - waiting.length + 1 + index);
      }
    }
    const now = performance.now();
    for (const [key, minute] of minutes) if (minute.endsAt <= now && minute.untold === 0) minutes.delete(key);
  };

  const tellOnce = (): Promise<void> => {
    telling ??= tellAll().finally(() => {
      telling = undefined;
    });
    return telling;
  };

  const later = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      tellOnce();
    }, flushMs);
    timer.unref?.();
  };

  return {
    async take(key) {
      const now = performance.now();
      let minute = minutes.get(key);
      if (!minute || minute.endsAt <= now) {
        minute = { told: 0, asked: 0, untold: 0, endsAt: now + windowMs, waiting: [] };
        minutes.set(key, minute);
      }
      let place = minute.told + minute.asked + minute.untold + 1;
      if (place <= limit) {
        minute.untold += 1;
        if (minute.asked + minute.untold < share) later();
        else {
          const { waiting } = minute;
          const placed = new Promise<number>((resolve) => waiting.push(resolve));
          tellOnce();
          place = await placed;
        }
      }
      return {
        ok: place <= limit,
        limit,
        remaining: Math.max(0, limit - place),
        retryAfter: Math.max(1, Math.ceil((minute.endsAt - performance.now()) / 1000)),
      };
    },
    async flush() {
      clearTimeout(timer);
      timer = undefined;
      await tellOnce();
      await tellOnce();
    },
  };
};

const failureWindowMs = 60_000;

/**
 * Bounds guessing of passwords: so many failures a minute that one address may make for one account, and five times as
 * many for any account. Only failures count, so a crowd behind one address can sign in; every server asks
 * the database, which costs nothing beside a hash of 260 ms.
 */
export const createGuessLimiter = (db: Db, failuresPerAccount = 10) => {
  const failuresPerAddress = 5 * failuresPerAccount;
  const keysOf = (ip: string, email: string): [string, number][] => [
    [`guess:${ip}:${email}`, failuresPerAccount],
    [`guess:${ip}`, failuresPerAddress],
    // From many addresses at once: slower than one, but bounded as well.
    [`guess::${email}`, failuresPerAddress],
  ];
  return {
    /** Refuses when there were too many failures; counts nothing. */
    async check(ip: string, email: string): Promise<void> {
      for (const [key, most] of keysOf(ip, email)) {
        const spent = await spentPoints(db, key);
        if (spent && spent.points >= BigInt(most))
          throw refuse("sign_in_limited", { seconds: Math.max(1, Math.ceil(spent.left_ms / 1000)) });
      }
    },
    async failed(ip: string, email: string): Promise<void> {
      await spendPoints(
        db,
        keysOf(ip, email).map(([key]) => ({ key, points: 1 })),
        failureWindowMs,
      );
    },
    async succeeded(ip: string, email: string): Promise<void> {
      await forgetPoints(db, `guess:${ip}:${email}`);
    },
  };
};

export type GuessLimiter = ReturnType<typeof createGuessLimiter>;
