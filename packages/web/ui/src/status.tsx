import CircleAlert from "lucide-solid/icons/circle-alert";
import CircleCheck from "lucide-solid/icons/circle-check";
import Info from "lucide-solid/icons/info";
import TriangleAlert from "lucide-solid/icons/triangle-alert";
import { type JSX, Match, Show, Switch } from "solid-js";
import { cx } from "./classes.ts";
import { useUi } from "./settings.tsx";

export type Tone = "positive" | "warning" | "negative" | "info" | "neutral";

const dots: Record<Tone, string> = {
  positive: "bg-positive",
  warning: "bg-warning",
  negative: "bg-negative",
  info: "bg-info",
  neutral: "bg-line-strong",
};

/** A state as a dot and a word; the word alone says all, the colour only helps the eye. */
export const StatusDot = (props: { tone: Tone; children: JSX.Element; pulse?: boolean; class?: string }) => (
  <span
    class={cx(
      "inline-flex items-center gap-1.5 rounded-full border border-line bg-surface px-2 py-0.5 text-xs font-medium whitespace-nowrap",
      props.class,
    )}
  >
    <span
      aria-hidden="true"
      class={cx("size-1.5 shrink-0 rounded-full", dots[props.tone], props.pulse && "animate-pulse")}
    />
    {props.children}
  </span>
);

/** A word that marks one thing among others: "You", "New". */
export const Badge = (props: { children: JSX.Element; tone?: "accent" | "neutral" }) => (
  <span
    class={cx(
      "inline-flex items-center rounded px-1.5 text-[0.6875rem]/4.5 font-medium whitespace-nowrap",
      props.tone === "neutral" ? "bg-sunken text-muted" : "bg-accent-soft text-on-accent-soft",
    )}
  >
    {props.children}
  </span>
);

const boxes = {
  info: "bg-info-soft",
  warning: "bg-warning-soft",
  negative: "bg-negative-soft",
  positive: "bg-accent-soft/60",
};
const marks = {
  info: "text-info",
  warning: "text-warning",
  negative: "text-negative",
  positive: "text-positive",
};

/** A sentence the reader must see where they are. */
export const Notice = (props: {
  tone?: keyof typeof boxes;
  title?: JSX.Element;
  children?: JSX.Element;
  actions?: JSX.Element;
  class?: string;
}) => {
  const tone = () => props.tone ?? "info";
  return (
    <div class={cx("flex gap-3 rounded-control p-4", boxes[tone()], props.class)}>
      <span class={cx("mt-0.5 shrink-0", marks[tone()])} aria-hidden="true">
        <Switch fallback={<Info size={16} />}>
          <Match when={tone() === "warning"}>
            <TriangleAlert size={16} />
          </Match>
          <Match when={tone() === "positive"}>
            <CircleCheck size={16} />
          </Match>
          <Match when={tone() === "negative"}>
            <CircleAlert size={16} />
          </Match>
        </Switch>
      </span>
      <div class="min-w-0 flex-1 wrap-anywhere">
        <Show when={props.title}>
          <p class="font-medium">{props.title}</p>
        </Show>
        <div class={cx(!!props.title && "mt-0.5")}>{props.children}</div>
        <Show when={props.actions}>
          <div class="mt-3 flex flex-wrap gap-2">{props.actions}</div>
        </Show>
      </div>
    </div>
  );
};

/** What support finds a request by: out of the way until somebody asks for it. */
const Details = (props: { reference: string }) => {
  const ui = useUi();
  return (
    <details class="mt-2 text-xs text-muted">
      <summary class="tap inline-flex min-h-6 cursor-pointer items-center font-medium">
        {ui.text().details}
      </summary>
      <p class="mt-1">
        {ui.text().reference} <span class="font-mono select-all">{props.reference}</span>
      </p>
    </details>
  );
};

/** What went wrong: what happened, what was kept, and what to do. Announced when it appears. */
export const ErrorBox = (props: {
  title: JSX.Element;
  /** What was kept and what to do; the server's sentence already says both. */
  children?: JSX.Element;
  actions?: JSX.Element;
  /** Code and request id, for a report to support. */
  reference?: string | undefined;
  class?: string;
}) => (
  <div role="alert" class={props.class}>
    <Notice tone="negative" title={props.title} actions={props.actions}>
      {props.children}
      <Show when={props.reference}>{(reference) => <Details reference={reference()} />}</Show>
    </Notice>
  </div>
);

/** Nothing here yet, why, and the next step. */
export const EmptyState = (props: {
  title: JSX.Element;
  children?: JSX.Element;
  action?: JSX.Element;
  icon?: JSX.Element;
  class?: string;
}) => (
  <div class={cx("flex flex-col items-center px-4 py-10 text-center", props.class)}>
    <Show when={props.icon}>
      <span class="mb-2 text-muted" aria-hidden="true">
        {props.icon}
      </span>
    </Show>
    <p class="font-semibold text-balance">{props.title}</p>
    <div class="mt-1 max-w-[46ch] text-muted text-pretty">{props.children}</div>
    <Show when={props.action}>
      <div class="mt-4">{props.action}</div>
    </Show>
  </div>
);

/** Long work: how far it is. Without `value` it only shows that it goes on. */
export const ProgressBar = (props: {
  label: string;
  value?: number | undefined;
  max?: number;
  /** Words beside the bar: "1,200 of 5,000 rows, 3 rejected, about 20 s left". */
  note?: JSX.Element;
  class?: string;
}) => {
  const share = () =>
    props.value === undefined
      ? undefined
      : Math.max(0, Math.min(1, props.value / Math.max(1, props.max ?? 1)));
  return (
    <div class={props.class}>
      <div
        role="progressbar"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share() === undefined ? undefined : Math.round((share() as number) * 100)}
        class="h-2 overflow-hidden rounded-full bg-sunken"
      >
        <Show
          when={share() !== undefined}
          fallback={
            <div class="h-full w-1/3 animate-[sweep_1.4s_ease-in-out_infinite] rounded-full bg-accent" />
          }
        >
          <div
            class="h-full rounded-full bg-accent transition-[width] duration-300"
            style={{ width: `${(share() as number) * 100}%` }}
          />
        </Show>
      </div>
      <Show when={props.note}>
        <p class="mt-1.5 text-xs text-muted" data-figure>
          {props.note}
        </p>
      </Show>
    </div>
  );
};

/** Holds the place of what is loading, so that nothing jumps when it comes. */
export const Skeleton = (props: { class?: string; lines?: number }) => {
  const ui = useUi();
  return (
    <div role="status" class="w-full">
      <span class="sr-only">{ui.text().loading}</span>
      <div class="grid gap-2" aria-hidden="true">
        {Array.from({ length: props.lines ?? 1 }, () => (
          <div class={cx("skeleton", props.class ?? "h-4 w-full")} />
        ))}
      </div>
    </div>
  );
};
