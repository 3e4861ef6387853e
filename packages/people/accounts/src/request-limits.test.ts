import { afterAll, describe, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { forgetPoints, pruneLimits, spendPoints } from "./queries/rate-limits.ts";
import { createRateLimiter, type RateLimiter } from "./request-limits.ts";

const t = await testDatabase();
afterAll(() => t.close());

const passed = async (
  limiters: RateLimiter[],
  key: string,
  requests: number,
  atOnce: number,
): Promise<number> => {
  let through = 0;
  for (let sent = 0; sent < requests; sent += atOnce) {
    const verdicts = await Promise.all(
      Array.from({ length: atOnce }, (_, index) =>
        (limiters[(sent + index) % limiters.length] as RateLimiter).take(key),
      ),
    );
    through += verdicts.filter((verdict) => verdict.ok).length;
  }
  return through;
};

describe("requests a minute", () => {
  test("one server lets through exactly the limit, one by one and all at once", async () => {
    const limiter = createRateLimiter({ db: t.db, limit: 100 });
    expect(await passed([limiter], "one-by-one", 250, 1)).toBe(100);
    expect(await passed([limiter], "at-once", 250, 250)).toBe(100);
    await limiter.flush();
  });

  test("says how long to wait, and what is left", async () => {
    const limiter = createRateLimiter({ db: t.db, limit: 2 });
    expect(await limiter.take("polite")).toMatchObject({ ok: true, limit: 2, remaining: 1 });
    expect(await limiter.take("polite")).toMatchObject({ ok: true, remaining: 0 });
    const refused = await limiter.take("polite");
    expect(refused).toMatchObject({ ok: false, remaining: 0 });
    expect(refused.retryAfter).toBeGreaterThan(50);
    expect(refused.retryAfter).toBeLessThanOrEqual(60);
    await limiter.flush();
  });

  test("one client's flood costs another client nothing", async () => {
    const limiter = createRateLimiter({ db: t.db, limit: 5 });
    await passed([limiter], "flood", 50, 10);
    expect((await limiter.take("quiet")).ok).toBe(true);
    await limiter.flush();
  });

  test("three servers flooded at once let through the limit and a tenth at most; a fourth that starts later, nothing", async () => {
    const limiters = Array.from({ length: 3 }, () => createRateLimiter({ db: t.db, limit: 80 }));
    const through = await passed(limiters, "spread", 600, 60);
    expect(through).toBeGreaterThanOrEqual(80);
    expect(through).toBeLessThanOrEqual(89);
    for (const limiter of limiters) await limiter.flush();
    const late = createRateLimiter({ db: t.db, limit: 80 });
    expect(await passed([late], "spread", 80, 1)).toBeLessThanOrEqual(3);
    await late.flush();
  });

  test("the minute begins anew when it is over", async () => {
    const minute = (points: number) => spendPoints(t.db, [{ key: "short", points }], 3_600_000);
    expect((await minute(7))[0]?.points).toBe(7n);
    expect((await minute(1))[0]?.points).toBe(8n);
    // Nobody waits for the end: it is put into the past.
    await sql`update identity.rate_limit set ends_at = clock_timestamp() where key = 'short'`.execute(t.db);
    expect((await minute(1))[0]?.points).toBe(1n);
    await forgetPoints(t.db, "short");
    await pruneLimits(t.db);
  });

  test("two thousand requests under the limit ask the database a handful of times", async () => {
    let statements = 0;
    const counting = new Proxy(t.db, {
      get(target, name) {
        if (name === "getExecutor") statements++;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const limiter = createRateLimiter({ db: counting, limit: 100_000 });
    for (let request = 0; request < 2_000; request++) await limiter.take(`client${request % 40}`);
    await limiter.flush();
    expect(statements).toBeLessThan(10);
  });

  test("a database that is away stops nobody below the limit and nothing above it", async () => {
    const away = new Proxy(t.db, {
      get() {
        throw new Error("connection refused");
      },
    });
    const limiter = createRateLimiter({ db: away, limit: 20 });
    expect(await passed([limiter], "during-outage", 60, 4)).toBe(20);
  });
});
