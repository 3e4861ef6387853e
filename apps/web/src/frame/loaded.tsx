import { LoadMore, Skeleton } from "@evx/ui";
import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from "@tanstack/solid-query";
import { type Accessor, createMemo, type JSX, Match, Switch } from "solid-js";
import type { ApiError } from "../lib/errors.ts";
import { Failure } from "./late-failure.tsx";

/**
 * A query's three states: holding place, failed with a retry, or its data. Keeps showing old data while newer
 * loads, and never lets the whole page fall back to its skeleton.
 */
export const Loaded = <T,>(props: {
  query: UseQueryResult<T, ApiError>;
  skeleton?: JSX.Element;
  children: (data: Accessor<NonNullable<T>>) => JSX.Element;
}) => {
  const data = createMemo(() => (props.query.isPending ? undefined : (props.query.data ?? undefined)));
  return (
    <Switch fallback={props.skeleton ?? <Skeleton lines={4} />}>
      <Match when={data() as NonNullable<T> | undefined}>{(value) => props.children(value)}</Match>
      <Match when={props.query.isError}>
        <Failure error={props.query.error} retry={() => void props.query.refetch()} />
      </Match>
    </Switch>
  );
};

/** A paged list (`pageOptions`): its rows so far, and the button for more. */
export const LoadedPages = <Item,>(props: {
  query: UseInfiniteQueryResult<InfiniteData<{ items: readonly Item[] }>, ApiError>;
  skeleton?: JSX.Element;
  children: (items: Accessor<Item[]>) => JSX.Element;
}) => {
  const items = createMemo(() =>
    props.query.isPending ? undefined : props.query.data?.pages.flatMap((page) => page.items),
  );
  return (
    <Switch fallback={props.skeleton ?? <Skeleton lines={6} class="h-8 w-full" />}>
      <Match when={items()}>
        {(rows) => (
          <>
            {props.children(rows)}
            <LoadMore
              more={props.query.hasNextPage}
              busy={props.query.isFetchingNextPage}
              onMore={() => void props.query.fetchNextPage()}
            />
          </>
        )}
      </Match>
      <Match when={props.query.isError}>
        <Failure error={props.query.error} retry={() => void props.query.refetch()} />
      </Match>
    </Switch>
  );
};
