import { scaleLinear } from "d3-scale";
import { createMemo, Show } from "solid-js";

export type IntervalBarProps = {
  /** The whole finding in a sentence, for screen readers: "Suggested price $12.61; 9 in 10 sales between $11.90 and $13.20". */
  title: string;
  low: number;
  value: number;
  high: number;
  format: (value: number) => string;
  /** The reader's own number, shown on the same scale: the price they are about to ask. */
  mark?: number | undefined;
  markLabel?: string;
};

/** One estimate and the interval it may lie in, on a scale that has room on both sides. */
export const IntervalBar = (props: IntervalBarProps) => {
  const scale = createMemo(() => {
    const all = [props.low, props.high, ...(props.mark === undefined ? [] : [props.mark])];
    const pad = (Math.max(...all) - Math.min(...all)) * 0.12 || Math.abs(props.value) * 0.1 || 1;
    return scaleLinear()
      .domain([Math.max(0, Math.min(...all) - pad), Math.max(...all) + pad])
      .range([0, 100])
      .clamp(true);
  });
  return (
    <div role="img" aria-label={props.title} class="min-w-0 pt-6 pb-5">
      <div aria-hidden="true" class="relative h-2 rounded-full bg-sunken" data-figure>
        <div
          class="absolute inset-y-0 rounded-full bg-[var(--chart-2-soft)]"
          style={{ left: `${scale()(props.low)}%`, right: `${100 - scale()(props.high)}%` }}
        />
        <div
          class="absolute -inset-y-1 w-1 -translate-x-1/2 rounded-full bg-[var(--chart-2)]"
          style={{ left: `${scale()(props.value)}%` }}
        />
        <span
          class="absolute -top-6 -translate-x-1/2 text-xs font-semibold whitespace-nowrap"
          style={{ left: `${scale()(props.value)}%` }}
        >
          {props.format(props.value)}
        </span>
        <span
          class="absolute top-3 -translate-x-1/2 text-xs whitespace-nowrap text-muted"
          style={{ left: `${Math.max(6, scale()(props.low))}%` }}
        >
          {props.format(props.low)}
        </span>
        <span
          class="absolute top-3 -translate-x-1/2 text-xs whitespace-nowrap text-muted"
          style={{ left: `${Math.min(94, scale()(props.high))}%` }}
        >
          {props.format(props.high)}
        </span>
        <Show when={props.mark}>
          {(mark) => (
            <div
              class="absolute top-1/2 size-3 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-surface bg-accent"
              style={{ left: `${scale()(mark())}%` }}
              title={props.markLabel}
            />
          )}
        </Show>
      </div>
    </div>
  );
};
