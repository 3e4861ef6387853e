import { Button, ErrorBox, LoadMore, Skeleton } from "@evx/ui";
import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from "@tanstack/solid-query";
import { type Accessor, createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { useText } from "../i18n/index.ts";
import { type ApiError, apiError } from "../lib/errors.ts";
import { askToSignIn, sessionEnded } from "../lib/session.ts";

/** The sentence for a failure: the server's own where it spoke. */
export const useSentence = () => {
  const t = useText("frame");
  return (thrown: unknown): string => {
    const error = apiError(thrown);
    if (error.message) return error.message;
    if (error.code === "rate_limited") return t("error.busy");
    return t(error.code === "network" ? "error.network" : "error.unexpected");
  };
};

/** A read that failed, with the way to ask again. */
export const Failure = (props: { error: unknown; retry?: () => void }) => {
  const t = useText("frame");
  const sentence = useSentence();
  return (
    <ErrorBox
      title={t("error.load")}
      reference={apiError(props.error).requestId}
      actions={
        <Show when={props.retry}>
          {(retry) => (
            <Button variant="secondary" size="sm" onClick={() => retry()()}>
              {t("error.retry")}
            </Button>
          )}
        </Show>
      }
    >
      {sentence(props.error)}
      {/* No field stands beside it here that could say what is wrong. */}
      <For each={[...new Set(apiError(props.error).issues.map(({ message }) => message))]}>
        {(message) => <p class="mt-1 break-words">{message}</p>}
      </For>
    </ErrorBox>
  );
};

/** What a form could not place at its fields. Stands above the form's button. */
export const FormFailure = (props: { form: { failure: () => ApiError | null } }) => {
  const t = useText("frame");
  const sentence = useSentence();
  return (
    <Show when={props.form.failure()}>
      {(error) => (
        <Show
          when={error().code === "sign_in_required" && sessionEnded()}
          fallback={<ErrorBox title={sentence(error())} reference={error().requestId} />}
        >
          <ErrorBox
            title={t("session.title")}
            actions={
              <Button size="sm" onClick={() => askToSignIn(true)}>
                {t("header.signIn")}
              </Button>
            }
          >
            {t("session.body")}
          </ErrorBox>
        </Show>
      )}
    </Show>
  );
};

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
