import {
  type Context,
  createCallerFactory,
  type Follower,
  open,
  refusalOf,
  router,
  type Stream,
  streamFrom,
  streamOf,
  wireError,
} from "@evx/rpc";
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

const isSubscription = (procedure: unknown): boolean =>
  typeof procedure === "function" &&
  Reflect.get(Reflect.get(procedure, "_def") ?? {}, "type") === "subscription";

/** A server that leaves ends the whole connection, so that the reader opens another elsewhere. */
const isLeaving = (error: unknown): boolean => refusalOf(error)?.code === "server_leaving";

/**
 * The procedures under `live`: many subscriptions over one connection, for a browser opens no more than six to a server.
 * Each is asked for as the caller, with the checks of its own; one that is refused says so and leaves the others be. With the
 * first that ends all end, as those of a person who was signed out do, and are asked for anew.
 */
export const liveRouter = (rooms: AnyTRPCRouter) => {
  const procedures: Record<string, unknown> = rooms._def.procedures;
  const subscriptions = new Set(Object.keys(procedures).filter((path) => isSubscription(procedures[path])));
  const callerOf = createCallerFactory(rooms);

  /** Opens one of the streams, until the signal. */
  const opened = (
    caller: unknown,
    { id, path, input }: v.InferOutput<typeof Watched>,
    { to, ctx, signal }: { to: Follower<News>; ctx: Context; signal: AbortSignal },
  ): void => {
    const refuse = (error: unknown) =>
      isLeaving(error) ? to.over(error) : to.tell({ id, refused: wireError(error, ctx) });
    const call = callAt(caller, subscriptions, path);
    if (!call) {
      to.tell({ id, refused: { code: "not_found", message: path } });
      return;
    }
    const follow = (events: AsyncIterable<unknown>) => {
      if (signal.aborted) return;
      const leave = streamFrom(events).follow({
        tell: (data) => to.tell({ id, data }),
        over: (error) => (error === undefined ? to.over() : refuse(error)),
      });
      signal.addEventListener("abort", leave, { once: true });
    };
    void call(input).then(follow).catch(refuse);
  };

  return router({
    many: open.input(Many).subscription(
      ({ ctx, input, signal }): Stream<News> =>
        streamOf<News>(
          (to) => {
            const left = new AbortController();
            const either = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
            const caller = callerOf(ctx, { signal: either });
            for (const watched of input.streams) opened(caller, watched, { to, ctx, signal: left.signal });
            return () => left.abort();
          },
          { signal, slot: ({ id }) => id },
        ),
    ),
  });
};
