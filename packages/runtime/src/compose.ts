import { createRateLimiter, type RateLimiter } from "@evx/accounts";
import { type AppRouter, type Caller, createAppRouter, createCaller, type Ports } from "@evx/api";
import { takenEvents } from "@evx/api/events";
import { appHandlers } from "@evx/api/jobs";
import { createDb, createPool, type Db, transact } from "@evx/db";
import { type Event, type Handler, type JobsHealth, jobsHealth, noteMinute } from "@evx/jobs";
import {
  type Clock,
  freshFor,
  type Id,
  type IdKind,
  type Locale,
  logAbout,
  namedId,
  networkOf,
  newId,
  second_ms,
  systemClock,
} from "@evx/kernel";
import {
  type Actor,
  type Context,
  createLive,
  type Live,
  type Log,
  liveAtMost,
  liveWhile,
  type OpenStreams,
} from "@evx/rpc";
import { closedNow, type Mode, modeNow } from "@evx/venue";
import { braked } from "./brake.ts";
import { databaseClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { keepingLog } from "./kept.ts";
import { createLog } from "./log.ts";
import { createPorts } from "./ports.ts";
import { followReplica, type Replica } from "./replica.ts";

/** The composed product: one is made by each server, worker and command line. */
export type Runtime = {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly db: Db;
  readonly live: Live;
  readonly ports: Ports;
  readonly router: AppRouter;
  readonly handlers: readonly Handler[];
  /** Every event that this version declares. */
  readonly events: readonly Event[];
  /** Counts requests a minute for each client, over all servers together. */
  readonly limiter: RateLimiter;
  /** What a procedure is given for one request. */
  createContext(request: RequestFacts): Context;
  /** Whether the venue takes changes, known for at most a second. */
  venueMode(): Promise<Mode>;
  /** Calls procedures as the person whom a context names, without HTTP. */
  callAs(context: Context): Caller;
  /** Whether the work that runs behind is being done; throws when the database does not answer. */
  jobsHealth(): Promise<JobsHealth>;
  /** Notes that this minute a server stands, and whether the work behind it is done. */
  noteMinute(): Promise<void>;
  /** Connections to the database: how many there are, rest, and are waited for. */
  poolState(): { total: number; idle: number; waiting: number };
  close(): Promise<void>;
};

export type RequestFacts = {
  readonly actor: Actor | null;
  readonly headers: Headers;
  readonly ip: string;
  readonly requestId: string;
};

/** The reader's language: the first of the accepted ones that the product speaks, otherwise English. */
export const localeOf = (acceptLanguage: string | null): Locale => {
  for (const entry of (acceptLanguage ?? "").split(",")) {
    const tag = entry.trim().slice(0, 2).toLowerCase();
    if (tag === "vi" || tag === "en") return tag;
  }
  return "en";
};

/** Whose warnings an operator finds in the console; a command line says its own to whoever runs it. */
const keeps = new Set(["server", "worker"]);

type Parts = Pick<Runtime, "config" | "db" | "clock" | "log" | "live" | "ports"> & {
  replica: Replica | null;
};

/** Makes what a procedure is given for one request. */
const contextsOf = ({ config, db, clock, log, live, ports, replica }: Parts) => {
  const open: OpenStreams = new Map();
  const closed = freshFor(1_000, () => closedNow(db, clock.now()));
  return ({ actor, headers, ip, requestId }: RequestFacts): Context => {
    const stillThemselves = async () => {
      const now = await ports.identity.authenticate(headers);
      return now?.id === actor?.id && now?.role === actor?.role;
    };
    const key = headers.get("idempotency-key");
    let named = 0;
    return {
      db,
      clock,
      live: actor
        ? liveAtMost(liveWhile(live, stillThemselves), { open, whose: actor.id, most: 50 })
        : liveAtMost(live, { open, whose: networkOf(ip), most: 200 }),
      actor,
      requestId,
      log: logAbout(log, { requestId, ...(actor ? { userId: actor.id } : {}) }),
      currency: config.CURRENCY,
      locale: localeOf(headers.get("accept-language")),
      request: { headers, ip },
      closed,
      answer: { headers: new Headers() },
      transact: async (work) => {
        const answer = await transact(db, clock, work, { cause: requestId, origin: ip });
        if (actor) replica?.wrote(actor.id);
        return answer;
      },
      ...(replica ? { reading: (path) => replica.reading({ path, actorId: actor?.id ?? null }) } : {}),
      nameFor: <K extends IdKind>(kind: K): Promise<Id<K>> =>
        key ? namedId(kind, `${actor?.id ?? ip}\n${key}\n${named++}`) : Promise.resolve(newId(kind)),
    };
  };
};

/** Puts the product together from its settings. The only place where parts are chosen. */
export const compose = async (config: Config, service: string, given?: Clock): Promise<Runtime> => {
  const pool = createPool(config.DATABASE_URL, {
    max: config.DATABASE_POOL,
    name: `evx-${service}`,
    onError: (error) => log.warn({ error }, "a database connection broke; the next statement connects again"),
  });
  const db = createDb(pool);
  const written = createLog(config, service);
  const kept = keeps.has(service)
    ? keepingLog(written, { db, clock: () => clock, service: config.WORKER_NAME ?? service })
    : null;
  const log = braked(kept?.log ?? written);
  const ours = given ? null : databaseClock({ db, log });
  await ours?.ask();
  const clock = given ?? ours ?? systemClock;
  const live = createLive({ db, log });
  const replica =
    config.REPLICA_URL && service === "server"
      ? followReplica(config.REPLICA_URL, { primary: db, log, max: config.DATABASE_POOL })
      : null;
  const ports = await createPorts({ config, db, clock, log, machineAhead_ms: ours?.machineAhead_ms });
  const limiter = createRateLimiter({ db, limit: config.RATE_LIMIT_PER_MINUTE });
  const router = createAppRouter(ports);
  const createContext = contextsOf({ config, db, clock, log, live, ports, replica });

  return {
    config,
    log,
    clock,
    db,
    live,
    ports,
    router,
    handlers: appHandlers(ports),
    events: takenEvents,
    limiter,
    venueMode: freshFor(1_000, () => modeNow(db)),
    createContext,
    callAs: createCaller(router),
    jobsHealth: () => jobsHealth(db, clock.now()),
    noteMinute: async () => {
      const { workers, unknown } = await jobsHealth(db, clock.now());
      const isWell = workers.known > 0 && workers.silent.length === 0 && unknown === 0;
      await transact(db, clock, (tx) => noteMinute(tx, isWell), { cause: "health" });
    },
    poolState: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async close() {
      ours?.stop();
      live.stop();
      await replica?.stop();
      await limiter.flush().catch(() => {});
      await Promise.race([kept?.flush(), Bun.sleep(second_ms)]);
      await db.destroy();
    },
  };
};
