import { createCallerFactory, open, router, wireError } from "@evx/rpc";
import type { AnyTRPCRouter } from "@trpc/server";
import * as v from "valibot";

/** So many streams one tab watches over one connection. */
const MOST = 12;

const Watched = v.strictObject({
  /** The client's own name for the stream, which its news come under. */
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,40}$/)),
  /** A subscription's path: "marketplace.listings.watch". */
  path: v.pipe(v.string(), v.regex(/^[A-Za-z.]{1,100}$/)),
  input: v.optional(v.record(v.string(), v.unknown())),
});

const Many = v.strictObject({ streams: v.pipe(v.array(Watched), v.minLength(1), v.maxLength(MOST)) });

/** What comes over the one connection: news of a stream, or why it is none. */
export type News = { id: string; data: unknown } | { id: string; refused: ReturnType<typeof wireError> };

type Call = (input: unknown) => Promise<AsyncIterable<unknown>>;

/** The subscription at a path; anything else is not found there. */
const callAt = (caller: unknown, subscriptions: ReadonlySet<string>, path: string): Call | null => {
  if (!subscriptions.has(path)) return null;
  let target = caller;
  for (const part of path.split(".")) target = (target as Record<string, unknown>)[part];
  return target as Call;
};

/** All that several streams yield, as it comes; ends with the first of them that ends, so that its watcher asks anew. */
async function* merged<T>(streams: readonly AsyncIterator<T>[]): AsyncGenerator<T, void, void> {
  const next = streams.map(async (stream, at) => ({ at, ...(await stream.next()) }));
  try {
    for (;;) {
      const { at, done, value } = await Promise.race(next);
      if (done) return;
      yield value;
      const stream = streams[at];
      if (stream) next[at] = (async () => ({ at, ...(await stream.next()) }))();
    }
  } finally {
    for (const stream of streams) void stream.return?.();
    for (const waiting of next) waiting.catch(() => {});
  }
}

const isSubscription = (procedure: unknown): boolean =>
  typeof procedure === "function" &&
  Reflect.get(Reflect.get(procedure, "_def") ?? {}, "type") === "subscription";

/**
 * The procedures under `live`: many subscriptions over one connection, for a browser opens no more than six to a server.
 * Each is asked for as the caller, with the checks of its own; one that is refused says so and leaves the others be.
 */
export const liveRouter = (rooms: AnyTRPCRouter) => {
  const procedures: Record<string, unknown> = rooms._def.procedures;
  const subscriptions = new Set(Object.keys(procedures).filter((path) => isSubscription(procedures[path])));
  const callerOf = createCallerFactory(rooms);
  return router({
    many: open.input(Many).subscription(async function* ({
      ctx,
      input,
      signal,
    }): AsyncGenerator<News, void, void> {
      const caller = callerOf(ctx, { signal });
      // A stream of which nothing more comes waits until the connection ends.
      const quiet = () =>
        new Promise<void>((resolve) => {
          if (signal?.aborted) resolve();
          signal?.addEventListener("abort", () => resolve(), { once: true });
        });
      async function* one({
        id,
        path,
        input: asked,
      }: v.InferOutput<typeof Watched>): AsyncGenerator<News, void, void> {
        try {
          const call = callAt(caller, subscriptions, path);
          for await (const data of call ? await call(asked) : []) yield { id, data };
          if (call) return;
          yield { id, refused: { code: "not_found", message: path } };
        } catch (error) {
          yield { id, refused: wireError(error, ctx) };
        }
        await quiet();
      }
      yield* merged(input.streams.map((stream) => one(stream)));
    }),
  });
};
