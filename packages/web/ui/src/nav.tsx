import { For, type JSX } from "solid-js";
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
                "inline-flex h-10 items-center border-b-2 font-medium whitespace-nowrap outline-offset-[-2px]",
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
