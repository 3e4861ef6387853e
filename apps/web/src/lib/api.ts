import {
  type InfiniteData,
  type InfiniteQueryOptions,
  keepPreviousData,
  type MutationOptions,
  type QueryFunctionContext,
  type QueryKey,
  type QueryOptions,
  type SkipToken,
  skipToken,
} from "@tanstack/solid-query";
import type {
  AnyTRPCMutationProcedure as AnyMutation,
  AnyTRPCQueryProcedure as AnyQuery,
  AnyTRPCSubscriptionProcedure as AnySubscription,
  inferProcedureInput,
  inferProcedureOutput,
  inferTransformedProcedureOutput,
  TrackedEnvelope,
} from "@trpc/server";
import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { callMutation, callQuery } from "./client.ts";
import { connectionLost } from "./connection.ts";
import { type ApiError, apiError } from "./errors.ts";
import { askForProof } from "./proof.ts";
import type { AppRecord, AppTypes } from "./router.ts";

export { skipToken };

type Input<P extends AnyQuery | AnyMutation | AnySubscription> = inferProcedureInput<P>;
type Output<P extends AnyQuery | AnyMutation> = inferTransformedProcedureOutput<AppTypes, P>;
/** What a subscription yields; an event with an id of its own arrives as `{ id, data }`. */
type Event<P extends AnySubscription> =
  inferProcedureOutput<P> extends AsyncIterable<infer Y>
    ? Y extends TrackedEnvelope<infer D>
      ? { id: string; data: D }
      : Y
    : never;

/** The input as a function, so that a query follows the signals it reads. `skipToken` holds the query back. */
type Asks<I> = undefined extends I ? [input?: () => I | SkipToken] : [input: () => I | SkipToken];
type Gives<I> = undefined extends I ? [input?: I] : [input: I];

type QuerySettings<O> = Partial<
  Pick<
    QueryOptions<O, ApiError, O>,
    "enabled" | "staleTime" | "refetchInterval" | "placeholderData" | "refetchOnWindowFocus" | "retry"
  >
>;
type MutationSettings<I, O> = Partial<
  Pick<MutationOptions<O, ApiError, I>, "onSuccess" | "onError" | "onSettled">
>;

export type QueryNode<I, O> = {
  /** For `useQuery(api.x.y.queryOptions(() => input))`. */
  queryOptions(
    ...input: Asks<I>
  ): () => QueryOptions<O, ApiError, O> & { queryKey: QueryKey; initialData?: undefined };
  /** The same with settings: `with({ staleTime: 60_000 }).queryOptions(...)`. Settings may be a function of signals. */
  with(settings: QuerySettings<O> | (() => QuerySettings<O>)): Pick<QueryNode<I, O>, "queryOptions">;
  /** For lists of `{ items, nextCursor }`: `useInfiniteQuery(api.x.list.pageOptions(() => filters))`. */
  pageOptions(
    ...input: Asks<Omit<NonNullable<I>, "cursor"> | Extract<I, undefined>>
  ): () => InfiniteQueryOptions<O, ApiError, InfiniteData<O>, QueryKey, string | undefined> & {
    initialData?: undefined;
  };
  /** Names every cached answer of this procedure: `client.invalidateQueries({ queryKey: api.x.y.key() })`. */
  key(): QueryKey;
  /** One call outside the cache. */
  fetch(...input: Gives<I>): Promise<O>;
};

export type MutationNode<I, O> = {
  /** For `useMutation(api.x.y.mutationOptions())`. */
  mutationOptions(settings?: MutationSettings<I, O>): () => MutationOptions<O, ApiError, I>;
  /** One call. */
  call(...input: Gives<I>): Promise<O>;
};

export type SubscriptionNode<I, E> = {
  /**
   * Watches for as long as the owner lives, anew when the input changes; a tab long out of sight lets go and takes
   * up again when it is seen. Answers the stream's state.
   * `onData` gets each event; after a lost connection the stream resumes from the last one.
   */
  subscribe(
    input: () => I | SkipToken,
    handlers: { onData: (event: E) => void; onError?: (error: ApiError) => void },
  ): () => "connecting" | "live" | "off";
};

type Node<T> = T extends AnyQuery
  ? QueryNode<Input<T>, Output<T>>
  : T extends AnyMutation
    ? MutationNode<Input<T>, Output<T>>
    : T extends AnySubscription
      ? SubscriptionNode<Input<T>, Event<T>>
      : { [K in keyof T]: Node<T[K]> };

/** What an answer of a procedure looks like: `Answer<typeof api.marketplace.listings.list>`. */
export type Answer<N> = N extends { fetch(...input: never[]): Promise<infer O> } ? O : never;

let noticeSignIn = (): void => {};

/** For `session.ts`: called whenever the server no longer knows who asks, whichever way it was asked. */
export const whenSignInRequired = (notice: () => void): void => {
  noticeSignIn = notice;
};

const heard = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (thrown) {
    const error = apiError(thrown);
    if (error.code === "sign_in_required") noticeSignIn();
    throw error;
  }
};

/** A write. One that takes a fresh proof asks for the password, and is done once that is given. */
const write = async (path: string, input: unknown): Promise<unknown> => {
  try {
    return await callMutation(path, input);
  } catch (thrown) {
    if (apiError(thrown).code !== "proof_required" || !(await askForProof())) throw thrown;
    return callMutation(path, input);
  }
};

type Ask = (() => unknown) | undefined;

const queryOptions = (path: string, ask: Ask, settings: () => object) => () => {
  const input = ask?.();
  return {
    ...settings(),
    queryKey: [path, ...(input === undefined || input === skipToken ? [] : [input])],
    queryFn:
      input === skipToken
        ? skipToken
        : ({ signal }: QueryFunctionContext) => heard(callQuery(path, input, signal)),
  };
};

const pageOptions = (path: string, ask: Ask) => () => {
  const input = ask?.();
  return {
    queryKey: [path, "pages", ...(input === undefined || input === skipToken ? [] : [input])],
    queryFn:
      input === skipToken
        ? skipToken
        : ({ pageParam, signal }: QueryFunctionContext<QueryKey, string | undefined>) =>
            heard(callQuery(path, { ...(input as object | undefined), cursor: pageParam }, signal)),
    initialPageParam: undefined,
    getNextPageParam: (page: { nextCursor?: string | null }) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  };
};

/** Seconds that a tab out of sight keeps its streams. A browser has six connections to one host for all tabs. */
const HIDDEN_PATIENCE_MS = 20_000;

const [inSight, setInSight] = createSignal(true);
let hiding: ReturnType<typeof setTimeout> | undefined;
document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (document.visibilityState === "visible") setInSight(true);
  else hiding = setTimeout(() => setInSight(false), HIDDEN_PATIENCE_MS);
});

const subscribe = (
  path: string,
  ask: () => unknown,
  handlers: { onData: (event: unknown) => void; onError?: (error: ApiError) => void },
) => {
  const [state, setState] = createSignal<"connecting" | "live" | "off">("off");
  createEffect(
    // Nothing is called live while the page says that the server cannot be reached; what was missed comes with the present
    // state once it can.
    on([ask, inSight, connectionLost], ([input, seen, lost]) => {
      if (input === skipToken || !seen || lost) return setState("off");
      let stop: (() => void) | undefined;
      let over = false;
      setState("connecting");
      void import("./live.ts").then(({ watch }) => {
        if (over) return;
        stop = watch(path, input, {
          onData: handlers.onData,
          onError: (error) => handlers.onError?.(error),
          onState: setState,
        });
      });
      onCleanup(() => {
        over = true;
        stop?.();
      });
    }),
  );
  return state;
};

const verbs: Record<string, (path: string) => (...given: never[]) => unknown> = {
  queryOptions: (path) => (ask: Ask) => queryOptions(path, ask, () => ({})),
  with: (path) => (settings: object | (() => object)) => ({
    queryOptions: (ask: Ask) =>
      queryOptions(path, ask, () => (typeof settings === "function" ? settings() : settings)),
  }),
  pageOptions: (path) => (ask: Ask) => pageOptions(path, ask),
  key: (path) => () => [path],
  fetch: (path) => (input: unknown) => heard(callQuery(path, input)),
  mutationOptions: (path) => (settings: object) => () => ({
    ...settings,
    mutationKey: [path],
    mutationFn: (input: unknown) => heard(write(path, input)),
  }),
  call: (path) => (input: unknown) => heard(write(path, input)),
  subscribe: (path) => (ask: () => unknown, handlers: Parameters<typeof subscribe>[2]) =>
    subscribe(path, ask, handlers),
};

const node = (path: readonly string[]): unknown =>
  new Proxy(() => {}, {
    get: (_, name) => (typeof name === "string" && name !== "then" ? node([...path, name]) : undefined),
    apply: (_, __, given: never[]) => {
      const verb = verbs[path.at(-1) ?? ""];
      if (!verb) throw new Error(`api: ${path.join(".")} is not something a procedure can do`);
      return verb(path.slice(0, -1).join("."))(...given);
    },
  });

/**
 * The server's procedures, typed: `api.marketplace.listings.list.queryOptions(() => ({ sort: "price" }))`.
 * Errors are `ApiError`, with the server's sentence in the reader's language.
 */
export const api = node([]) as Node<AppRecord>;
