import type { Db } from "@evx/db";
import { refuse } from "./errors.ts";
import type { Log } from "./log.ts";
import { type Follower, streamOf } from "./stream.ts";

/**
 * Something whose changes are watched: asked for the versions of the watched keys, it answers each key's present
 * one in a single query. A version changes when the thing does (`auction.seq`, `max(notification.id)`).
 */
export type LiveSource = {
  readonly name: string;
  versions(db: Db, keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
};

/** One version of a watched key, as one object for all whom a beat tells of it: what is made of it is made once. */
export type Version = { readonly text: string };

export type Live = {
  /** Tells of the key's version now and after each change, coalesced. Over with `server_leaving` when all stops. */
  readonly follow: (source: LiveSource, key: string, to: Follower<Version>) => () => void;
  /** The same to read from, as text, until the signal aborts. */
  watch(source: LiveSource, key: string, signal?: AbortSignal): AsyncGenerator<string, void, void>;
  /** Something was written here: what is watched is looked at at once and not with the next beat. */
  soon(): void;
  stop(): void;
};

const livingBy = (follow: Live["follow"], { soon, stop }: Pick<Live, "soon" | "stop">): Live => ({
  follow,
  async *watch(source, key, signal) {
    const versions = streamOf<Version>((to) => follow(source, key, to), { signal });
    for await (const { text } of versions) yield text;
  },
  soon,
  stop,
});

const recheck_ms = 500;

/**
 * The same for one person, whose streams end within a second once they may no longer see them: suspended, signed out, of
 * another role. Nobody asks while nothing is watched.
 */
export const liveWhile = (live: Live, may: () => Promise<boolean>): Live =>
  livingBy((source, key, to) => {
    const { follow } = streamOf<Version>((told) => {
      let newest: Version | null = null;
      let asking = false;
      // Who cannot be asked about is not let on watching: the browser connects again.
      const ask = async () => {
        asking = true;
        const yes = await may().catch(() => false);
        asking = false;
        if (!yes) return told.over();
        const version = newest;
        newest = null;
        if (version) told.tell(version);
      };
      const askOnce = () => {
        if (!asking) void ask();
      };
      const timer = setInterval(askOnce, recheck_ms);
      const leave = live.follow(source, key, {
        tell(version) {
          newest = version;
          askOnce();
        },
        over: told.over,
      });
      return () => {
        clearInterval(timer);
        leave();
      };
    });
    return follow(to);
  }, live);

/** How many streams are open, by whose they are. */
export type OpenStreams = Map<string, number>;

/**
 * The same with so many streams at once for one person or network, counted in `open`: each is looked after twice a second,
 * and a script opens thousands. Refuses `streams_many`.
 */
export const liveAtMost = (
  live: Live,
  { open, whose, most }: { open: OpenStreams; whose: string; most: number },
): Live =>
  livingBy((source, key, to) => {
    const now = open.get(whose) ?? 0;
    if (now >= most) {
      to.over(refuse("streams_many", { most, minutes: 1 }));
      return () => {};
    }
    open.set(whose, now + 1);
    const { follow } = streamOf<Version>((told) => {
      const leave = live.follow(source, key, told);
      return () => {
        const left = (open.get(whose) ?? 1) - 1;
        if (left > 0) open.set(whose, left);
        else open.delete(whose);
        leave();
      };
    });
    return follow(to);
  }, live);

type Watch = { last: string | undefined; to: Follower<Version> };

/** Who watches what: watches by source and key, without a source or key that nobody watches. */
const watching = () => {
  const sources = new Map<LiveSource, Map<string, Set<Watch>>>();
  return {
    sources,
    add(source: LiveSource, key: string, watch: Watch): void {
      const keys = sources.get(source) ?? new Map<string, Set<Watch>>();
      sources.set(source, keys);
      keys.set(key, (keys.get(key) ?? new Set()).add(watch));
    },
    remove(source: LiveSource, key: string, watch: Watch): void {
      const keys = sources.get(source);
      const watches = keys?.get(key);
      watches?.delete(watch);
      if (watches?.size === 0) keys?.delete(key);
      if (keys?.size === 0) sources.delete(source);
    },
  };
};

/** After something was written here, so long after the last look at the earliest. */
const soonest_ms = 20;

/**
 * Live updates for one server: one query per watched source and beat, whatever the number of watchers.
 * Polling reaches every server without NOTIFY, which would serialise the commits of hot transactions.
 * Nothing is asked while nobody watches.
 */
export const createLive = (options: { db: Db; log: Log; beatMs?: number }): Live => {
  const { db, log, beatMs = 50 } = options;
  const { sources, add, remove } = watching();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [stopped, looking, again] = [false, false, false];
  let looked = Number.NEGATIVE_INFINITY;

  const beat = async () => {
    timer = undefined;
    [looking, again] = [true, false];
    looked = performance.now();
    for (const [source, keys] of sources) {
      try {
        const versions = await source.versions(db, [...keys.keys()]);
        for (const [key, text] of versions) {
          const version = { text };
          for (const watch of keys.get(key) ?? []) {
            if (watch.last === text) continue;
            watch.last = text;
            watch.to.tell(version);
          }
        }
      } catch (error) {
        log.warn({ error, source: source.name }, "live: a beat failed; the next one catches up");
      }
    }
    looking = false;
    lookIn(again ? soonest_ms : beatMs);
  };

  const lookIn = (wait_ms: number) => {
    if (stopped || sources.size === 0) return;
    clearTimeout(timer);
    timer = setTimeout(beat, wait_ms);
  };

  // A stream that merely ended would be over for its reader, who now connects again.
  const leaving = () => refuse("server_leaving", { seconds: 1 });

  const follow: Live["follow"] = (source, key, to) => {
    if (stopped) to.over(leaving());
    const watch: Watch = { last: undefined, to };
    if (!stopped) {
      add(source, key, watch);
      if (!timer && !looking) lookIn(0);
    }
    return () => remove(source, key, watch);
  };

  return livingBy(follow, {
    soon() {
      if (looking) again = true;
      else lookIn(Math.max(0, looked + soonest_ms - performance.now()));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      const all = [...sources.values()].flatMap((keys) =>
        [...keys.values()].flatMap((watches) => [...watches]),
      );
      sources.clear();
      for (const { to } of all) to.over(leaving());
    },
  });
};
