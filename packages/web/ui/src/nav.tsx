import { For, type JSX, Show } from "solid-js";
import { cx } from "./classes.ts";

/** Views of one thing, each with its own address. Scrolls inside itself where there are many. */
export const TabNav = (props: {
  label: string;
  items: readonly { href: string; label: JSX.Element; current: boolean }[];
  class?: string;
}) => (
  <nav aria-label={props.label} class={cx("mb-6 overflow-x-auto border-b border-line", props.class)}>
    <ul class="flex gap-5">
      <For each={props.items}>
        {(item) => (
          <li>
            <a
              href={item.href}
              aria-current={item.current ? "page" : undefined}
              class={cx(
                "inline-flex h-11 min-w-11 items-center justify-center border-b-2 sm:h-10 sm:min-w-0 font-medium whitespace-nowrap outline-offset-[-2px]",
                item.current ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
              )}
            >
              {item.label}
            </a>
          </li>
        )}
      </For>
    </ul>
  </nav>
);

/** Where something is on its way: done, current, to come. */
export const Steps = (props: {
  label: string;
  items: readonly {
    label: JSX.Element;
    note?: JSX.Element;
    state: "done" | "current" | "ahead" | "failed";
  }[];
}) => (
  <ol aria-label={props.label} class="grid gap-0">
    <For each={props.items}>
      {(item, index) => (
        <li
          class="relative flex gap-3 pb-5 last:pb-0"
          aria-current={item.state === "current" ? "step" : undefined}
        >
          <span
            aria-hidden="true"
            class={cx(
              "relative z-10 mt-1.5 size-2.5 shrink-0 rounded-full border-2",
              item.state === "done" && "border-positive bg-positive",
              item.state === "current" && "border-positive bg-surface",
              item.state === "ahead" && "border-line-strong bg-surface",
              item.state === "failed" && "border-negative bg-negative",
            )}
          />
          {index() < props.items.length - 1 && (
            <span aria-hidden="true" class="absolute start-[4px] top-4 bottom-[-6px] w-0.5 bg-line" />
          )}
          <span class="min-w-0">
            <span class={cx("block", item.state === "ahead" ? "text-muted" : "font-medium")}>
              {item.label}
            </span>
            {item.note && <span class="block text-xs text-muted">{item.note}</span>}
          </span>
        </li>
      )}
    </For>
  </ol>
);

export type Stone = {
  label: JSX.Element;
  value: JSX.Element;
  note?: JSX.Element;
  href?: string;
  state: "done" | "lit" | "ahead";
};

/** Kilometre stones along a way; the one that is lit is the next thing to do. At most one of them is. */
export const Stones = (props: { label: string; items: readonly Stone[] }) => (
  <ol aria-label={props.label} class="grid gap-x-4 gap-y-5 sm:grid-cols-2 lg:grid-cols-5">
    <For each={props.items}>
      {(item, place) => (
        <li
          class="relative grid grid-cols-[2.75rem_minmax(0,1fr)] gap-x-4 lg:block"
          aria-current={item.state === "lit" ? "step" : undefined}
        >
          <svg width="44" height="52" viewBox="0 0 44 52" aria-hidden="true" class="relative z-10">
            <path
              d="M3 50V22a19 19 0 0 1 38 0v28z"
              stroke-width="1.5"
              class={cx(
                item.state === "lit" && "fill-lit stroke-lit",
                item.state === "done" && "fill-accent stroke-accent",
                item.state === "ahead" && "fill-surface stroke-line-strong",
              )}
            />
            <text
              x="22"
              y="33"
              text-anchor="middle"
              font-weight="700"
              font-size="15"
              class={cx(
                item.state === "lit" && "fill-on-lit",
                item.state === "done" && "fill-on-accent",
                item.state === "ahead" && "fill-muted",
              )}
            >
              {place() + 1}
            </text>
          </svg>
          <Show when={place() < props.items.length - 1}>
            <span
              aria-hidden="true"
              class="absolute start-14 end-0 top-12 hidden border-t border-dashed border-line-strong lg:block"
            />
          </Show>
          <div class="min-w-0 lg:mt-3">
            <p
              class={cx(
                "text-[0.8125rem]/4.5",
                item.state === "lit" ? "font-semibold text-warning" : "text-muted",
              )}
            >
              {item.label}
            </p>
            <p class="font-semibold">
              <Show when={item.href} fallback={item.value}>
                <a href={item.href} class="tap underline-offset-2 hover:underline">
                  {item.value}
                </a>
              </Show>
            </p>
            <Show when={item.note}>
              <p class="text-[0.8125rem]/4.5 text-muted">{item.note}</p>
            </Show>
          </div>
        </li>
      )}
    </For>
  </ol>
);
