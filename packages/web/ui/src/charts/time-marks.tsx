import type { ScaleLinear, ScaleTime } from "d3-scale";
import { area, line } from "d3-shape";
import { For, Show } from "solid-js";
import type { TimePoint } from "./time-chart.tsx";

const WIDEST_BAR = 64;
/** A step narrower than this is a dot: nobody sees a line of two pixels. */
const NARROWEST_STEP = 8;

export type Drawn = {
  points: readonly TimePoint[];
  x: ScaleTime<number, number>;
  y: ScaleLinear<number, number>;
  active: number | null;
};

/** Where a point stands: the middle of its period, or its moment. */
export const middleOf = (point: TimePoint, x: ScaleTime<number, number>) =>
  (x(point.from) + x(point.to ?? point.from)) / 2;

/** Quantities of periods, from zero. A few bars in a wide chart stay bars instead of becoming walls. */
export const Bars = (props: Drawn) => {
  const lit = () => props.active ?? props.points.length - 1;
  return (
    <For each={props.points}>
      {(point, index) => {
        const room = () => props.x(point.to ?? point.from) - props.x(point.from);
        const width = () => Math.max(1, Math.min(WIDEST_BAR, room() * 0.72));
        const value = () => point.value ?? 0;
        const height = () => Math.abs(props.y(value()) - props.y(0));
        return (
          <rect
            x={middleOf(point, props.x) - width() / 2}
            y={Math.min(props.y(value()), props.y(0))}
            width={width()}
            height={value() === 0 ? 0 : Math.max(1, height())}
            fill={lit() === index() ? "var(--chart-1)" : "var(--chart-1-soft)"}
          />
        );
      }}
    </For>
  );
};

/** One price for each period, as long as the period is; nothing is drawn where nothing was paid. */
export const Steps = (props: Drawn & { ahead?: boolean }) => {
  const color = () => (props.ahead ? "var(--chart-2)" : "var(--chart-1)");
  const spread = (point: TimePoint) =>
    !props.ahead && point.low !== undefined && point.high !== undefined && point.low < point.high;
  return (
    <For each={props.points}>
      {(point) => (
        <Show when={point.value !== null}>
          <Show when={spread(point)}>
            <line
              x1={middleOf(point, props.x)}
              x2={middleOf(point, props.x)}
              y1={props.y(point.low ?? 0)}
              y2={props.y(point.high ?? 0)}
              stroke="var(--chart-1-soft)"
              stroke-width="2"
            />
          </Show>
          <Show
            when={props.x(point.to ?? point.from) - props.x(point.from) >= NARROWEST_STEP}
            fallback={
              <circle
                cx={middleOf(point, props.x)}
                cy={props.y(point.value ?? 0)}
                r={props.ahead ? 1.5 : 3.5}
                fill={color()}
              />
            }
          >
            <line
              data-step=""
              x1={props.x(point.from) + 1}
              x2={props.x(point.to ?? point.from) - 1}
              y1={props.y(point.value ?? 0)}
              y2={props.y(point.value ?? 0)}
              stroke={color()}
              stroke-width="3"
              stroke-dasharray={props.ahead ? "3 3" : undefined}
            />
          </Show>
        </Show>
      )}
    </For>
  );
};

/** Measurements joined by straight lines; the line breaks where nothing was measured. */
export const Line = (props: Drawn) => {
  const path = () =>
    line<TimePoint>()
      .defined((point) => point.value !== null)
      .x((point) => middleOf(point, props.x))
      .y((point) => props.y(point.value ?? 0))(props.points);
  return (
    <path
      d={path() ?? ""}
      fill="none"
      stroke="var(--chart-1)"
      stroke-width="2"
      stroke-linejoin="round"
      stroke-linecap="round"
    />
  );
};

/** What is expected: a band with its words, each step as wide as its period. */
export const Band = (props: Drawn & { label: string | undefined; right: number }) => {
  const corners = () =>
    props.points.flatMap((point) => [
      { at: point.from, low: point.low ?? 0, high: point.high ?? 0 },
      { at: point.to ?? point.from, low: point.low ?? 0, high: point.high ?? 0 },
    ]);
  const path = () =>
    area<{ at: number; low: number; high: number }>()
      .x(({ at }) => props.x(at))
      .y0(({ low }) => props.y(low))
      .y1(({ high }) => props.y(high))(corners());
  const above = () => Math.min(...props.points.map((point) => props.y(point.high ?? 0)));
  return (
    <Show when={props.points.length > 0}>
      <path d={path() ?? ""} fill="var(--chart-2-soft)" />
      <Steps {...props} ahead />
      <text
        x={props.right}
        y={Math.max(10, above() - 6)}
        text-anchor="end"
        font-size="11"
        fill="var(--chart-2)"
      >
        {props.label}
      </text>
    </Show>
  );
};
