import { type ComponentProps, createUniqueId, type JSX, Show, splitProps } from "solid-js";
import { cx } from "./classes.ts";

export const VisuallyHidden = (props: { children: JSX.Element; live?: "polite" | "assertive" }) => (
  <span class="sr-only" aria-live={props.live}>
    {props.children}
  </span>
);

/** A small two where the text has U+2082, which the family of figures lacks: CO₂. */
const withSubscripts = (text: JSX.Element): JSX.Element => {
  if (typeof text === "string")
    return text.split("₂").map((part, place) => [place > 0 && <sub class="text-[0.55em]">2</sub>, part]);
  // What a <Show> or a fragment brings is a function or a list of such texts.
  if (typeof text === "function")
    return (() => withSubscripts((text as () => JSX.Element)())) as unknown as JSX.Element;
  return Array.isArray(text) ? text.map(withSubscripts) : text;
};

export type CardProps = Omit<ComponentProps<"section">, "title"> & {
  title?: JSX.Element;
  subtitle?: JSX.Element;
  /** Beside the title: one control or a quiet link. */
  actions?: JSX.Element;
  /** Without inner padding, for a table or a list that reaches the edges. */
  flush?: boolean;
  level?: 2 | 3;
};

/** A sheet: square, without border or shadow, under a rule of ink; hairlines between its rows. */
export const Card = (props: CardProps) => {
  const [own, rest] = splitProps(props, [
    "title",
    "subtitle",
    "actions",
    "flush",
    "level",
    "class",
    "children",
  ]);
  const id = createUniqueId();
  return (
    <section
      {...rest}
      aria-labelledby={own.title ? id : undefined}
      data-flush={own.flush ? "" : undefined}
      class={cx(
        "min-w-0 border-t-2 border-t-ink bg-surface",
        !own.flush && "px-4 pt-4 pb-5 sm:px-5",
        own.class,
      )}
    >
      <Show when={own.title || own.actions}>
        <div
          class={cx(
            "mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-3",
            own.flush && "px-4 pt-4 sm:px-5 sm:pt-5",
          )}
        >
          <div class="min-w-0">
            <Show
              when={own.level === 3}
              fallback={
                <h2 id={id} class="text-base/5.5 font-[650]">
                  {withSubscripts(own.title)}
                </h2>
              }
            >
              <h3 id={id} class="font-semibold">
                {withSubscripts(own.title)}
              </h3>
            </Show>
            <Show when={own.subtitle}>
              <p class="mt-0.5 text-xs text-muted">{own.subtitle}</p>
            </Show>
          </div>
          {own.actions}
        </div>
      </Show>
      {own.children}
    </section>
  );
};

/** Figures that belong together: one sheet, hairlines between them, two in a row on a phone. */
export const Stats = (props: { class?: string; children: JSX.Element }) => (
  <div class={cx("stats", props.class)}>{props.children}</div>
);

/** One figure with its name and unit, and at most one line that explains it. */
export const Stat = (props: {
  label: JSX.Element;
  value: JSX.Element;
  note?: JSX.Element;
  icon?: JSX.Element;
  href?: string;
  class?: string;
}) => (
  <div class={cx("relative min-w-0 border-t-2 border-t-ink bg-surface px-4 pt-3 pb-4 sm:px-5", props.class)}>
    <dl class="@container min-w-0">
      <dt class="flex items-start justify-between gap-2 text-muted">
        <Show when={props.href} fallback={props.label}>
          <a href={props.href} class="after:absolute after:inset-0 hover:text-ink">
            {props.label}
          </a>
        </Show>
        <span aria-hidden="true">{props.icon}</span>
      </dt>
      <dd class="figure mt-1 text-[1.625rem] sm:text-[clamp(1.625rem,15cqi,2.75rem)]" data-figure>
        {props.value}
      </dd>
    </dl>
    <Show when={props.note}>
      <p class="mt-1 text-xs text-muted">{props.note}</p>
    </Show>
  </div>
);

/** Name and value, one under the other; two columns where there is room. */
export const DescriptionList = (props: {
  /** `prose` is a text to read, set under its name from the left. */
  items: readonly { label: JSX.Element; value: JSX.Element; strong?: boolean; prose?: boolean }[];
  class?: string;
}) => (
  <dl class={cx("divide-y divide-line", props.class)}>
    {props.items.map((item) => (
      <div class="flex flex-wrap justify-between gap-x-6 gap-y-0.5 py-2.5">
        <dt class="text-muted">{item.label}</dt>
        <dd
          class={cx(
            "min-w-0 break-words",
            item.prose ? "w-full" : "ms-auto text-end",
            item.strong && "font-semibold",
          )}
          data-figure
        >
          {item.value}
        </dd>
      </div>
    ))}
  </dl>
);

/** The page's question, and its one main action. */
export const PageHeader = (props: {
  title: JSX.Element;
  lead?: JSX.Element;
  actions?: JSX.Element;
  /** Small line above the title: where this page belongs. */
  above?: JSX.Element;
}) => (
  <header class="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
    <div class="min-w-0">
      <Show when={props.above}>
        <div class="above mb-1 text-[0.8125rem]/4.5 text-muted">{props.above}</div>
      </Show>
      <h1 tabindex="-1" class="figure text-[2.125rem] break-words outline-none sm:text-[2.75rem]">
        {withSubscripts(props.title)}
      </h1>
      <Show when={props.lead}>
        <p class="mt-1 max-w-[65ch] text-muted">{props.lead}</p>
      </Show>
    </div>
    <Show when={props.actions}>
      <div class="flex flex-wrap items-center gap-2">{props.actions}</div>
    </Show>
  </header>
);
