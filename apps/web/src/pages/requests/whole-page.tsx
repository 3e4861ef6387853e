import { Skeleton } from "@evx/ui";
import type { UseQueryResult } from "@tanstack/solid-query";
import { type Accessor, type JSX, Show } from "solid-js";
import { Failure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import type { ApiError } from "../../lib/errors.ts";

/** A page whose very title comes with its data: holds its place while it loads, and says what failed. */
export const WholePage = <T,>(props: {
  query: UseQueryResult<T, ApiError>;
  /** Shown until the data names the page better. */
  title: string;
  above: JSX.Element;
  children: (data: Accessor<NonNullable<T>>) => JSX.Element;
}) => (
  <Show
    when={props.query.isLoadingError}
    fallback={
      <Loaded
        query={props.query}
        skeleton={
          <Page title={props.title} above={props.above}>
            <div class="grid gap-4">
              <Skeleton class="h-24 w-full rounded-card" />
              <Skeleton lines={2} class="h-48 w-full rounded-card" />
            </div>
          </Page>
        }
      >
        {props.children}
      </Loaded>
    }
  >
    <Page title={props.title} above={props.above}>
      <Failure error={props.query.error} retry={() => void props.query.refetch()} />
    </Page>
  </Show>
);
