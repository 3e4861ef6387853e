import { type Db, transact } from "@evx/db";
import { type Clock, type Currency, type Locale, newId } from "@evx/kernel";
import type { Actor } from "./actor.ts";
import type { Context } from "./context.ts";
import { createLive } from "./live.ts";
import type { Log } from "./log.ts";

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The context of one call in a test: by whom, in which language, in which currency. */
export const testContext = (
  world: { db: Db; clock: Clock },
  actor: Actor | null,
  {
    locale = "en",
    currency = "USD",
    headers = new Headers(),
    log = silent,
    closed = null,
  }: {
    locale?: Locale;
    currency?: Currency;
    headers?: Headers;
    log?: Log;
    closed?: { minutes: number } | null;
  } = {},
): Context => ({
  db: world.db,
  clock: world.clock,
  log,
  live: createLive({ db: world.db, log, beatMs: 10 }),
  currency,
  actor,
  locale,
  requestId: "test",
  request: { headers, ip: "127.0.0.1" },
  closed: async () => closed,
  answer: { headers: new Headers() },
  transact: (work) => transact(world.db, world.clock, work, { cause: "test" }),
  nameFor: async (kind) => newId(kind),
});
