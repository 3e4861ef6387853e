import type { Db } from "@evx/db";
import { refuse } from "./errors.ts";
import type { Log } from "./log.ts";

/**
 * Something whose changes are watched: asked for the versions of the watched keys, it answers each key's present
 * one in a single query. A version changes when the thing does (`auction.seq`, `max(notification.id)`).
 */
export type LiveSource = {
  readonly name: string;
  versions(db: Db, keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
};

export type Live = {
  /** Yields the key's version now and after each change, coalesced, until the signal aborts. Refuses `server_leaving`. */
  watch(source: LiveSource, key: string, signal?: AbortSignal): AsyncGenerator<string, void, void>;
  stop(): void;
};

const recheck_ms = 500;

/**
 * The same for one person, whose streams end within a second once they may no longer see them: suspended, signed out, of
 * another role. Nobody asks while nothing is watched.
 */
export const liveWhile = (live: Live, may: () => Promise<boolean>): Live => ({
  async *watch(source, key, signal) {
    const ended = new AbortController();
    // Who cannot be asked about is not let on watching: the browser connects again.
    const ask = () =>
      may()
        .catch(() => false)
        .then((yes) => {
          if (!yes) ended.abort();
          return yes;
        });
    const timer = setInterval(ask, recheck_ms);
    try {
      const either = AbortSignal.any(signal ? [signal, ended.signal] : [ended.signal]);
      for await (const version of live.watch(source, key, either)) {
        if (!(await ask())) return;
        yield version;
      }
    } finally {
      clearInterval(timer);
    }
  },
  stop: () => live.stop(),
});

/** How many streams are open, by whose they are. */
export type OpenStreams = Map<string, number>;

/**
 * The same with so many streams at once for one person or network, counted in `open`: each is looked after twice a second,
 * and a script opens thousands. Refuses `streams_many`.
 */
export const liveAtMost = (
  live: Live,
  { open, whose, most }: { open: OpenStreams; whose: string; most: number },
): Live => ({
  async *watch(source, key, signal) {
    const now = open.get(whose) ?? 0;
    if (now >= most) throw refuse("streams_many", { most, minutes: 1 });
    open.set(whose, now + 1);
    try {
      yield* live.watch(source, key, signal);
    } finally {
      const left = (open.get(whose) ?? 1) - 1;
      if (left > 0) open.set(whose, left);
      else open.delete(whose);
    }
  },
  stop: () => live.stop(),
});

type Watch = { last: string | undefined; wake: () => void; fresh: string | undefined };

/**
 * The versions that a watch is woken with, each once, until its signal aborts. Where all watching stops because the server
 * leaves, it is refused as `server_leaving`: a stream that merely ended would be over for its reader, who now connects again.
 */
async function* versionsOf(
  watch: Watch,
  signal: AbortSignal | undefined,
  stopped: () => boolean,
): AsyncGenerator<string, void, void> {
  for (;;) {
    if (signal?.aborted) return;
    if (stopped()) throw refuse("server_leaving", { seconds: 1 });
    if (watch.fresh === undefined) {
      await new Promise<void>((resolve) => {
        watch.wake = resolve;
        if (signal?.aborted) resolve();
      });
      continue;
    }
    const version = watch.fresh;
    watch.fresh = undefined;
    yield version;
  }
}

/**
 * Live updates for one server: one query per watched source and beat, whatever the number of watchers.
 * Polling reaches every server without NOTIFY, which would serialise the commits of hot transactions.
 * Nothing is asked while nobody watches.
 */
export const createLive = (options: { db: Db; log: Log; beatMs?: number }): Live => {
  const { db, log, beatMs = 50 } = options;
  const sources = new Map<LiveSource, Map<string, Set<Watch>>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const beat = async () => {
    for (const [source, keys] of sources) {
      try {
        const versions = await source.versions(db, [...keys.keys()]);
        for (const [key, version] of versions) {
          for (const watch of keys.get(key) ?? []) {
            if (watch.last === version) continue;
            watch.last = version;
            watch.fresh = version;
            watch.wake();
          }
        }
      } catch (error) {
        log.warn({ error, source: source.name }, "live: a beat failed; the next one catches up");
      }
    }
    timer = undefined;
    if (!stopped && sources.size > 0) timer = setTimeout(beat, beatMs);
  };

  const add = (source: LiveSource, key: string, watch: Watch) => {
    const keys = sources.get(source) ?? new Map<string, Set<Watch>>();
    sources.set(source, keys);
    const watches = keys.get(key) ?? new Set();
    keys.set(key, watches.add(watch));
    timer ??= setTimeout(beat, 0);
  };

  const remove = (source: LiveSource, key: string, watch: Watch) => {
    const keys = sources.get(source);
    const watches = keys?.get(key);
    watches?.delete(watch);
    if (watches?.size === 0) keys?.delete(key);
    if (keys?.size === 0) sources.delete(source);
  };

  return {
    async *watch(source, key, signal) {
      const watch: Watch = { last: undefined, fresh: undefined, wake: () => {} };
      const wake = () => watch.wake();
      signal?.addEventListener("abort", wake);
      add(source, key, watch);
      try {
        yield* versionsOf(watch, signal, () => stopped);
      } finally {
        signal?.removeEventListener("abort", wake);
        remove(source, key, watch);
      }
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      for (const keys of sources.values())
        for (const watches of keys.values()) for (const w of watches) w.wake();
    },
  };
};
