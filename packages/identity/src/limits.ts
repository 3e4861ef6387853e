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

type Minute = { told: number; untold: number; endsAt: number };

/**
 * So many requests a minute per client, over all servers together, at the price of a Map. Each server counts
 * for itself and tells the database in the background, at once in batches and 250 ms after the first at the latest;
 * whoever has spent an eighth of the limit untold waits for the database. One server alone lets through exactly
 * `limit`; n servers that a client floods at once let through at most limit × (1 + (n − 1) / 8).
 */
export const createRateLimiter = ({ db, limit }: { db: Db; limit: number }): RateLimiter => {
  const share = Math.max(1, Math.ceil(limit / 8));
  const minutes = new Map<string, Minute>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let telling: Promise<void> | undefined;

  const tell = async () => {
    const spending = [...minutes]
      .filter(([, minute]) => minute.untold > 0)
      .map(([key, minute]) => ({ key, points: minute.untold }));
    if (spending.length === 0) return;
    for (const { key, points } of spending) {
      const minute = minutes.get(key) as Minute;
      minute.untold -= points;
      minute.told += points;
    }
    for (let from = 0; from < spending.length; from += 1_000) {
      for (const { key, points, left_ms } of await spendPoints(
        db,
        spending.slice(from, from + 1_000),
        windowMs,
      )) {
        const minute = minutes.get(key);
        if (minute) Object.assign(minute, { told: Number(points), endsAt: performance.now() + left_ms });
      }
    }
    const now = performance.now();
    for (const [key, minute] of minutes) if (minute.endsAt <= now && minute.untold === 0) minutes.delete(key);
  };

  /** One telling at a time: two would add the same points twice or answer in the wrong order. */
  const tellOnce = (): Promise<void> => {
    telling ??= tell().finally(() => {
      telling = undefined;
    });
    return telling;
  };

  const later = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      // A database that does not answer must not let everybody through uncounted, nor shut everybody out:
      // this server goes on counting by itself.
      tellOnce().catch(() => {});
    }, flushMs);
    timer.unref?.();
  };

  return {
    async take(key) {
      const now = performance.now();
      let minute = minutes.get(key);
      if (!minute || minute.endsAt <= now) {
        minute = { told: 0, untold: 0, endsAt: now + windowMs };
        minutes.set(key, minute);
      }
      const over = minute.told + minute.untold >= limit;
      if (!over) {
        minute.untold += 1;
        if (minute.untold >= share) await tellOnce().catch(() => {});
        else later();
      }
      const spent = minute.told + minute.untold;
      return {
        ok: !over && spent <= limit,
        limit,
        remaining: Math.max(0, limit - spent),
        retryAfter: Math.max(1, Math.ceil((minute.endsAt - performance.now()) / 1000)),
      };
    },
    async flush() {
      clearTimeout(timer);
      timer = undefined;
      await telling;
      await tellOnce();
    },
  };
};

/** Failed sign-ins that one address may make for one account in a minute, and for any account. */
const failuresPerAccount = 10;
const failuresPerAddress = 50;
const failureWindowMs = 60_000;

/**
 * Bounds guessing of passwords. Only failures count, so a crowd behind one address can sign in; every server asks
 * the database, which costs nothing beside a hash of 260 ms.
 */
export const createGuessLimiter = (db: Db) => {
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
