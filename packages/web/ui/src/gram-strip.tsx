import { createSignal, createUniqueId, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import { cx } from "./classes.ts";

/** What a gram can be. Colour and pattern belong to these alone. */
export const gramStates = ["held", "listed", "sold", "retired", "cancelled", "buffer"] as const;

export type GramState = (typeof gramStates)[number];

/** Neighbouring serial numbers of one state, in serial order. */
export type GramRun = { grams: bigint; state: GramState };

/** Beside the colour, so that states are told apart without it. */
const patterns: Partial<Record<GramState, { d: string; width: number; opacity: number }>> = {
  listed: { d: "M1 0V8M4 0V8", width: 1, opacity: 0.6 },
  retired: { d: "M-2 8L8 -2M2 12L12 2", width: 1.3, opacity: 0.55 },
  cancelled: { d: "M0 0L6 6M6 0L0 6", width: 0.9, opacity: 0.6 },
  buffer: { d: "M1.5 1.5h1.2M4.5 4.5h1.2", width: 1.3, opacity: 0.6 },
};

const patternsFrom_px = 6;
/** A drawing's width until its box has been measured; from then on a unit is a pixel, and no pattern blurs. */
const unmeasured = 1_000;
const leastWidth = 1;

type Rect = { x: number; width: number; state: GramState };

/** Places of the runs, linear in grams; a run too small to see is drawn one unit wide. */
export const placeRuns = (runs: readonly GramRun[], width = unmeasured): Rect[] => {
  const total = runs.reduce((sum, run) => sum + run.grams, 0n);
  if (total === 0n) return [];
  let before = 0n;
  return runs.map(({ grams, state }) => {
    // Grams are exact integers; only the picture is a fraction.
    const x = (Number(before) / Number(total)) * width;
    before += grams;
    return { x, width: Math.max((Number(grams) / Number(total)) * width, leastWidth), state };
  });
};

const Pattern = (props: { id: string; state: GramState }) => (
  <Show when={patterns[props.state]}>
    {(pattern) => (
      <pattern id={props.id} width="6" height="6" patternUnits="userSpaceOnUse">
        <path
          d={pattern().d}
          stroke="var(--surface)"
          stroke-width={pattern().width}
          opacity={pattern().opacity}
        />
      </pattern>
    )}
  </Show>
);

type Props = {
  runs: readonly GramRun[];
  /** 6 in an app's header, 8 in a row, 10 under the public header, 16 on a certificate, 32 to 44 as a page's figure. */
  height_px: number;
  /** With a ruler beneath. */
  ruler?: boolean;
  /** What the strip shows, in words; without it the words beside it say the same. */
  label?: string;
  class?: string;
};

/**
 * Serial numbers from left to right, coloured and patterned by what became of them. Linear in grams, never sorted.
 * At 16 px and higher it stands with a `GramLegend`; a table of the runs belongs beside it where each run matters.
 */
export const GramStrip = (props: Props) => {
  const id = createUniqueId();
  const height = () => props.height_px + (props.ruler ? 12 : 0);
  const [width, setWidth] = createSignal(unmeasured);
  const measure = (drawing: SVGSVGElement) => {
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(([box]) =>
      setWidth(Math.round(box?.contentRect.width ?? 0) || unmeasured),
    );
    onMount(() => observer.observe(drawing));
    onCleanup(() => observer.disconnect());
  };
  const rects = () => placeRuns(props.runs, width());
  return (
    <svg
      ref={measure}
      class={cx("block w-full overflow-hidden rounded-[1px]", props.class)}
      viewBox={`0 0 ${width()} ${height()}`}
      preserveAspectRatio="none"
      style={{ height: `${height()}px` }}
      role={props.label ? "img" : undefined}
      aria-label={props.label}
      aria-hidden={props.label ? undefined : "true"}
    >
      <defs>
        <For each={gramStates}>{(state) => <Pattern id={`${id}-${state}`} state={state} />}</For>
      </defs>
      <For each={rects()}>
        {(rect) => (
          <>
            <rect x={rect.x} width={rect.width} height={props.height_px} fill={`var(--${rect.state})`} />
            <Show when={patterns[rect.state] && props.height_px >= patternsFrom_px}>
              <rect
                x={rect.x}
                width={rect.width}
                height={props.height_px}
                fill={`url(#${id}-${rect.state})`}
              />
            </Show>
          </>
        )}
      </For>
      <Show when={props.ruler}>
        <For each={Array.from({ length: 51 }, (_, place) => place)}>
          {(place) => (
            <path
              d={`M${place * (width() / 50)} ${props.height_px + 2}v${place % 10 === 0 ? 9 : 4}`}
              stroke="var(--ink-muted)"
              vector-effect="non-scaling-stroke"
            />
          )}
        </For>
      </Show>
    </svg>
  );
};

/** A state's colour and pattern beside its words and amount. */
export const GramLegend = (props: {
  items: readonly { state: GramState; label: JSX.Element }[];
  class?: string;
}) => {
  const id = createUniqueId();
  return (
    <ul class={cx("flex flex-wrap gap-x-4.5 gap-y-1.5 text-[0.8125rem]/4.5", props.class)}>
      <For each={props.items}>
        {(item) => (
          <li class="inline-flex items-center gap-2">
            <svg width="18" height="10" aria-hidden="true" class="shrink-0">
              <defs>
                <Pattern id={`${id}-${item.state}`} state={item.state} />
              </defs>
              <rect width="18" height="10" fill={`var(--${item.state})`} />
              <Show when={patterns[item.state]}>
                <rect width="18" height="10" fill={`url(#${id}-${item.state})`} />
              </Show>
            </svg>
            {item.label}
          </li>
        )}
      </For>
    </ul>
  );
};
