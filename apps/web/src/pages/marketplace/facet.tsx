import { createUniqueId, For, Show } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { useFormat } from "../../lib/format.ts";

export type Choice = { value: string; label: string; count: number | undefined };

/**
 * One thing to filter by: each of its values with how many listings there are, and all of them. Nothing where there is but
 * one value and nobody asks for another.
 */
export const Facet = (props: {
  label: string;
  any: string;
  value: string;
  choices: readonly Choice[];
  onValue: (value: string) => void;
}) => {
  const name = createUniqueId();
  return (
    <Show when={props.choices.length > 1 || props.value}>
      <fieldset class="min-w-0">
        <legend class="mb-1 text-[0.8125rem]/4.5 font-semibold">{props.label}</legend>
        <For each={[{ value: "", label: props.any, count: undefined }, ...props.choices]}>
          {(choice) => (
            <label class="flex min-h-7 items-center gap-2 text-[0.8125rem]/4.5 hover:text-accent max-lg:min-h-11">
              <input
                type="radio"
                name={name}
                class="size-4 shrink-0 accent-accent"
                checked={choice.value === props.value}
                onChange={() => props.onValue(choice.value)}
              />
              <span class="min-w-0 wrap-anywhere">{choice.label}</span>
              <Count of={choice.count} />
            </label>
          )}
        </For>
      </fieldset>
    </Show>
  );
};

const Count = (props: { of: number | undefined }) => {
  const f = useFormat();
  return (
    <Show when={props.of !== undefined}>
      <span class="ms-auto text-muted" data-figure>
        {f.number(props.of ?? 0)}
      </span>
    </Show>
  );
};

type Span = { from: string; to: string; listings: number };

/** Where the prices lie: a column for each span, pale beyond what is asked for. The fields below say the same in figures. */
export const PriceSpans = (props: { spans: readonly Span[]; min: string; max: string; currency: string }) => {
  const t = useText("marketplace");
  const f = useFormat();
  const most = () => Math.max(1, ...props.spans.map(({ listings }) => listings));
  const low = () => Number(props.spans[0]?.from ?? 0);
  const width = () => {
    const [first] = props.spans;
    return first ? Math.max(Number(first.to) - Number(first.from), 0.01) : 1;
  };
  /** Spans without a listing are left out of the answer, and are gaps here. */
  const place = (span: Span) => Math.min(23, Math.round((Number(span.from) - low()) / width()));
  const within = ({ from, to }: Span) =>
    (!props.min || Number(to) >= Number(props.min)) && (!props.max || Number(from) <= Number(props.max));
  return (
    <Show when={props.spans.length > 2}>
      <svg class="block h-11 w-full" viewBox="0 0 168 44" preserveAspectRatio="none" role="img">
        <title>
          {t("filter.priceSpans", {
            low: f.money(props.spans[0]?.from ?? "0", props.currency),
            high: f.money(props.spans.at(-1)?.to ?? "0", props.currency),
          })}
        </title>
        <path d="M0 43.5H168" stroke="var(--color-line)" />
        <For each={props.spans}>
          {(span) => {
            const height = () => Math.max(2, (span.listings / most()) * 42);
            return (
              <rect
                x={place(span) * 7}
                y={44 - height()}
                width="6"
                height={height()}
                class={within(span) ? "fill-accent" : "fill-line-strong opacity-45"}
              />
            );
          }}
        </For>
      </svg>
    </Show>
  );
};
