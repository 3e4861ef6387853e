import { scaleLinear, scaleUtc } from "d3-scale";
import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import { useUi } from "../settings.tsx";
import { axisWidth, ChartFrame, type ChartSize, Grid, margin } from "./frame.tsx";
import { timeDomain, timeTicks } from "./time-axis.ts";
import { Band, Bars, Line, middleOf, Steps } from "./time-marks.tsx";

export type TimePoint = {
  /** Milliseconds since 1970 (UTC) where the period begins, or the moment itself. */
  from: number;
  /** Where the period ends; left out for a moment. */
  to?: number;
  /** Whole, for the readout and the table: "November 2026". */
  heading: string;
  /** Null where nothing was measured or sold: a gap, never a zero and never an invented value. */
  value: number | null;
  /** The lowest and the highest of the period; of a point ahead, the bounds of what is expected. */
  low?: number;
  high?: number;
  /** Expected, not measured: drawn as a band. */
  ahead?: boolean;
  /** Why there is a gap, where that is known. */
  gap?: string;
};

export type TimeChartProps = {
  title: string;
  /** Bars are quantities of periods, steps are prices, a line is a measurement that goes on between its points. */
  mark: "bars" | "steps" | "line";
  /** In the order of time. */
  points: readonly TimePoint[];
  labelHeader: string;
  valueHeader: string;
  /** Header of lows and highs in the hidden table; given when points have them. */
  rangeHeader?: string;
  /** Stands at the band of what is expected, and says how much of it should come true. */
  bandLabel?: string;
  /** A value with its unit: 12.3 → "12.3 kg". */
  format: (value: number) => string;
  /** A value on the axis, shorter. */
  formatTick?: (value: number) => string;
  /** A moment on the axis, where it is no date: the minutes since a trip began. */
  formatTime?: (at: number) => string;
  height?: number;
};

const LABEL_PX = 64;
const isAhead = (point: TimePoint) => point.ahead === true;
const isMeasured = (point: TimePoint) => point.ahead !== true;

/** Bars and speeds stand on zero; a price's axis may begin where prices are. */
const valueScale = (props: TimeChartProps) => {
  const values = props.points.flatMap(({ value, low, high }) =>
    [value, low, high].filter((known): known is number => typeof known === "number"),
  );
  if (values.length === 0) return scaleLinear().domain([0, 1]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (props.mark !== "steps") {
    return scaleLinear()
      .domain([Math.min(0, low), Math.max(0, high) || 1])
      .nice(4);
  }
  const pad = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.08;
  return scaleLinear()
    .domain([Math.max(Math.min(low, 0), low - pad), high + pad])
    .nice(4);
};

/** The same numbers as rows: what a screen reader reads instead of the picture. */
const tableOf = (props: TimeChartProps, said: (point: TimePoint) => string) => [
  { header: props.labelHeader, cells: props.points.map((point) => point.heading) },
  { header: props.valueHeader, cells: props.points.map(said) },
  ...(props.rangeHeader
    ? [{ header: props.rangeHeader, cells: props.points.map((point) => rangeOf(point, props.format) ?? "–") }]
    : []),
];

const rangeOf = (point: TimePoint, format: (value: number) => string) =>
  point.low === undefined || point.high === undefined || (isMeasured(point) && point.low === point.high)
    ? null
    : `${format(point.low)} – ${format(point.high)}`;

const nearestOf = (points: readonly TimePoint[], at: (point: TimePoint) => number, x: number): number =>
  points.reduce(
    (best, point, index) =>
      Math.abs(at(point) - x) < Math.abs(at(points[best] ?? point) - x) ? index : best,
    0,
  );

/** Where everything is whole, as people and files are, no line stands for half of one. */
const ticksOf = (points: readonly TimePoint[], y: ReturnType<typeof valueScale>): number[] => {
  const whole = points.every(({ value }) => value === null || Number.isInteger(value));
  return y.ticks(4).filter((tick) => !whole || Number.isInteger(tick));
};

/** Something over time, on an axis true to scale: a day is as wide as any other, and a day without data is a gap. */
export const TimeChart = (props: TimeChartProps) => {
  const ui = useUi();
  const [active, setActive] = createSignal<number | null>(null);
  const tick = (value: number) => (props.formatTick ?? props.format)(value);
  const said = (point: TimePoint) => (point.value === null ? (point.gap ?? "–") : props.format(point.value));
  const values = createMemo(() => valueScale(props));
  const left = createMemo(() => axisWidth(ticksOf(props.points, values()).map(tick)));
  const across = (size: ChartSize) =>
    scaleUtc()
      .domain(timeDomain(props.points))
      .range([left(), Math.max(left() + 1, size.width - margin.right - 6)]);
  const place = (index: number, size: ChartSize) => {
    const point = props.points[index];
    return point ? middleOf(point, across(size)) : 0;
  };
  const floor = () => values().domain()[0] ?? 0;

  return (
    <div class="min-w-0">
      <ChartFrame
        title={props.title}
        height={props.height}
        count={props.points.length}
        active={active()}
        onActive={setActive}
        nearest={(x, size) => nearestOf(props.points, (point) => middleOf(point, across(size)), x)}
        position={place}
        readout={(index) => {
          const point = props.points[index];
          if (!point) return { heading: "", lines: [] };
          const range = rangeOf(point, props.format);
          return { heading: point.heading, lines: [said(point), ...(range ? [range] : [])] };
        }}
        table={tableOf(props, said)}
      >
        {(size) => (
          <Drawing {...props} size={size} x={across(size)} y={values()} active={active()} tick={tick} />
        )}
      </ChartFrame>
      <Show when={props.mark === "steps" && props.points.length > 0 && floor() > 0}>
        <p class="mt-1 text-[12.5px] text-muted">{ui.text().axisFrom(tick(floor()))}</p>
      </Show>
    </div>
  );
};

const Drawing = (
  props: TimeChartProps & {
    size: ChartSize;
    x: ReturnType<typeof scaleUtc<number>>;
    y: ReturnType<typeof valueScale>;
    active: number | null;
    tick: (value: number) => string;
  },
) => {
  const ui = useUi();
  const y = () =>
    props.y.copy().range([props.size.height - margin.bottom, margin.top + (props.bandLabel ? 14 : 0)]);
  const right = () => props.size.width - margin.right;
  const drawn = (which: (point: TimePoint) => boolean) => ({
    points: props.points.filter(which),
    x: props.x,
    y: y(),
    active: props.active,
  });
  const starts = () => props.points.flatMap(({ from, to }) => (to === undefined ? [] : [from]));
  const ticks = () =>
    timeTicks(starts(), props.x, ui.locale(), LABEL_PX)
      .map(({ at, label }) => ({ at, label: props.formatTime?.(at) ?? label }))
      // Where all of it fell into one minute, the minute is said once.
      .filter(({ label }, place, all) => label !== all[place - 1]?.label);
  /** A label stands under the middle of its period, where there is one that begins with it. */
  const under = (at: number) => {
    const point = props.points.find(({ from, to }) => from === at && to !== undefined);
    return point ? middleOf(point, props.x) : props.x(at);
  };
  const chosen = () => (props.active === null ? undefined : props.points[props.active]);

  return (
    <>
      <Grid
        ticks={ticksOf(props.points, y())}
        y={y()}
        from={props.x.range()[0] ?? 0}
        to={right()}
        format={props.tick}
      />
      <Band {...drawn(isAhead)} label={props.bandLabel} right={right()} />
      <Switch>
        <Match when={props.mark === "bars"}>
          <Bars {...drawn(isMeasured)} />
        </Match>
        <Match when={props.mark === "steps"}>
          <Steps {...drawn(isMeasured)} />
        </Match>
        <Match when={props.mark === "line"}>
          <Line {...drawn(isMeasured)} />
        </Match>
      </Switch>
      <Show when={props.mark !== "bars" && chosen()}>
        {(point) => (
          <line
            x1={middleOf(point(), props.x)}
            x2={middleOf(point(), props.x)}
            y1={margin.top}
            y2={props.size.height - margin.bottom}
            stroke="var(--line-strong)"
          />
        )}
      </Show>
      <For each={ticks()}>
        {(moment) => (
          <text
            x={Math.min(under(moment.at), right())}
            y={props.size.height - 8}
            text-anchor={under(moment.at) > right() - 24 ? "end" : "middle"}
            font-size="11"
            fill="var(--ink-muted)"
          >
            {moment.label}
          </text>
        )}
      </For>
    </>
  );
};
