import { createSignal, createUniqueId, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import { useUi } from "../settings.tsx";

export type ChartSize = { width: number; height: number };

/** Room for axis labels around the drawing, in pixels. */
export const margin = { top: 10, right: 8, bottom: 26, left: 8 };

export type ChartColumn = { header: string; cells: readonly string[] };

export type ChartFrameProps = {
  /** What the chart shows, in a sentence: its name for screen readers. */
  title: string;
  height?: number;
  /** Number of points the arrow keys walk over. */
  count: number;
  active: number | null;
  onActive: (index: number | null) => void;
  /** Index of the point nearest to a distance from the drawing's left edge. */
  nearest: (x: number, size: ChartSize) => number;
  /** Same content for those who do not see the picture. */
  table: readonly ChartColumn[];
  /** What a point says: heading and lines. */
  readout: (index: number) => { heading: string; lines: readonly string[] };
  /** Left offset of a point, for the readout's place. */
  position: (index: number, size: ChartSize) => number;
  children: (size: ChartSize) => JSX.Element;
};

/** A group that the arrow keys work in. */
const keyboardStop = { role: "group", tabindex: 0 } as const;
const named = (label: string, hint: string) => ({ "aria-label": label, "aria-describedby": hint });

/**
 * What every chart shares: it measures its own width, walks its points by arrow keys and pointer,
 * says the active point aloud, and carries its numbers as a hidden table.
 */
export const ChartFrame = (props: ChartFrameProps) => {
  const ui = useUi();
  const hint = createUniqueId();
  const [width, setWidth] = createSignal(0);
  let box: HTMLElement | undefined;

  onMount(() => {
    if (!box) return;
    setWidth(box.clientWidth || 640);
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
    observer.observe(box);
    onCleanup(() => observer.disconnect());
  });

  const size = (): ChartSize => ({ width: width(), height: props.height ?? 220 });
  const move = (step: number) => {
    const from = props.active ?? (step > 0 ? -1 : props.count);
    props.onActive(Math.max(0, Math.min(props.count - 1, from + step)));
  };
  const keys: Record<string, () => void> = {
    ArrowRight: () => move(1),
    ArrowLeft: () => move(-1),
    Home: () => props.onActive(0),
    End: () => props.onActive(props.count - 1),
    Escape: () => props.onActive(null),
  };
  const handlers = {
    onKeyDown: (event: KeyboardEvent) => {
      const act = keys[event.key];
      if (!act || props.count === 0) return;
      event.preventDefault();
      act();
    },
    onBlur: () => props.onActive(null),
    onPointerLeave: () => props.onActive(null),
    onPointerMove: (event: PointerEvent & { currentTarget: HTMLElement }) => {
      if (props.count === 0) return;
      const left = event.currentTarget.getBoundingClientRect().left;
      props.onActive(props.nearest(event.clientX - left, size()));
    },
  };
  const active = () =>
    props.active !== null && props.active < props.count ? props.readout(props.active) : null;

  return (
    <figure ref={box} class="relative min-w-0" style={{ height: `${size().height}px` }}>
      {/* The picture is one stop for the keyboard; its numbers are in the table below it. */}
      <div {...keyboardStop} {...named(props.title, hint)} {...handlers} class="rounded-control">
        <Show when={width() > 0}>
          <svg width={size().width} height={size().height} aria-hidden="true" class="block overflow-visible">
            {props.children(size())}
          </svg>
        </Show>
        <span id={hint} class="sr-only">
          {ui.text().chartHint}
        </span>
        <span class="sr-only" aria-live="polite">
          {active() ? `${active()?.heading}: ${active()?.lines.join(", ")}` : ""}
        </span>
      </div>
      <Show when={active()}>
        {(point) => (
          <div
            aria-hidden="true"
            class="pointer-events-none absolute top-0 z-10 max-w-56 rounded-control border border-line bg-surface px-2.5 py-1.5 text-xs whitespace-nowrap shadow-raised"
            style={{
              left: `${props.position(props.active ?? 0, size())}px`,
              transform: `translateX(${readoutShift(props.position(props.active ?? 0, size()), size().width)})`,
            }}
          >
            <div class="text-muted">{point().heading}</div>
            <For each={point().lines}>
              {(line) => (
                <div class="font-medium" data-figure>
                  {line}
                </div>
              )}
            </For>
          </div>
        )}
      </Show>
      <div class="sr-only">
        <table>
          <caption>{props.title}</caption>
          <thead>
            <tr>
              <For each={props.table}>{(column) => <th scope="col">{column.header}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={Array.from({ length: props.table[0]?.cells.length ?? 0 }, (_, index) => index)}>
              {(index) => (
                <tr>
                  <For each={props.table}>{(column) => <td>{column.cells[index]}</td>}</For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </figure>
  );
};

/** Keeps the readout inside the chart at its edges. */
const readoutShift = (at: number, width: number) => (at < 90 ? "0" : at > width - 90 ? "-100%" : "-50%");

/** Horizontal hairlines with their labels. Labels stand above the line's start, so they take no width from the drawing. */
export const Grid = (props: {
  ticks: readonly number[];
  y: (value: number) => number;
  from: number;
  to: number;
  format: (value: number) => string;
}) => (
  <For each={props.ticks}>
    {(tick) => (
      <g>
        <line
          x1={props.from}
          x2={props.to}
          y1={props.y(tick)}
          y2={props.y(tick)}
          stroke="var(--chart-grid)"
          stroke-dasharray="3 4"
        />
        <text
          x={props.from - 8}
          y={props.y(tick)}
          dy="0.32em"
          text-anchor="end"
          font-size="11"
          fill="var(--ink-muted)"
        >
          {props.format(tick)}
        </text>
      </g>
    )}
  </For>
);

/** Width that axis labels need, guessed from their longest text. */
export const axisWidth = (labels: readonly string[]) =>
  Math.max(16, ...labels.map((label) => label.length * 6.4)) + 10;
