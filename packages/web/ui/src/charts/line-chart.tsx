import { scaleLinear } from "d3-scale";
import { area, curveMonotoneX, line } from "d3-shape";
import { createMemo, createSignal, createUniqueId, For, Show } from "solid-js";
import { axisWidth, ChartFrame, type ChartSize, Grid, labelStep, margin } from "./frame.tsx";

export type LinePoint = {
  label: string;
  heading?: string;
  /** Null where nothing was measured: the line breaks, it does not fall to zero. */
  value: number | null;
  /** Bounds of a forecast. A point with bounds is drawn dashed, with its interval. */
  low?: number;
  high?: number;
};

export type LineChartProps = {
  title: string;
  valueHeader: string;
  labelHeader: string;
  /** Header of the interval in the hidden table; given when points have bounds. */
  intervalHeader?: string;
  points: readonly LinePoint[];
  format: (value: number) => string;
  formatTick?: (value: number) => string;
  /** Begin the axis at zero. Prices read better without. */
  fromZero?: boolean;
  height?: number;
};

/** A quantity over time; what is forecast is an interval, never a bare line. */
export const LineChart = (props: LineChartProps) => {
  const gradient = createUniqueId();
  const [active, setActive] = createSignal<number | null>(null);
  const tick = (value: number) => (props.formatTick ?? props.format)(value);
  const isForecast = (point: LinePoint) => point.low !== undefined && point.high !== undefined;

  const y = createMemo(() => {
    const values = props.points.flatMap((point) =>
      [point.value, point.low, point.high].filter((value): value is number => typeof value === "number"),
    );
    const low = Math.min(...values);
    const high = Math.max(...values);
    if (values.length === 0) return scaleLinear().domain([0, 1]);
    const pad = low === high ? Math.abs(low) * 0.1 || 1 : 0;
    return scaleLinear()
      .domain([props.fromZero ? Math.min(0, low) : low - pad, high + pad])
      .nice(4);
  });
  const left = createMemo(() => axisWidth(y().ticks(4).map(tick)));
  const x = (size: ChartSize) =>
    scaleLinear()
      .domain([0, Math.max(1, props.points.length - 1)])
      .range([left(), size.width - margin.right - 6]);
  const down = (size: ChartSize) =>
    y()
      .copy()
      .range([size.height - margin.bottom, margin.top]);
  const at = (index: number, size: ChartSize) => x(size)(index);
  const indexed = () => props.points.map((point, index) => ({ ...point, index }));
  const measured = () => indexed().filter((point) => !isForecast(point));
  /** The forecast starts where the measured line ends. */
  const forecast = () => {
    const ahead = indexed().filter(isForecast);
    const last = measured().findLast((point) => point.value !== null);
    return ahead.length > 0 && last
      ? [{ ...last, low: last.value as number, high: last.value as number }, ...ahead]
      : ahead;
  };
  const interval = (point: LinePoint) =>
    `${props.format(point.low as number)} – ${props.format(point.high as number)}`;

  return (
    <ChartFrame
      title={props.title}
      height={props.height}
      count={props.points.length}
      active={active()}
      onActive={setActive}
      nearest={(from, size) =>
        Math.max(0, Math.min(props.points.length - 1, Math.round(x(size).invert(from))))
      }
      position={at}
      readout={(index) => {
        const point = props.points[index];
        const value = point?.value;
        return {
          heading: point?.heading ?? point?.label ?? "",
          lines: [
            value === null || value === undefined ? "–" : props.format(value),
            ...(point && isForecast(point) ? [interval(point)] : []),
          ],
        };
      }}
      table={[
        { header: props.labelHeader, cells: props.points.map((point) => point.heading ?? point.label) },
        {
          header: props.valueHeader,
          cells: props.points.map((point) => (point.value === null ? "–" : props.format(point.value))),
        },
        ...(props.intervalHeader
          ? [
              {
                header: props.intervalHeader,
                cells: props.points.map((point) => (isForecast(point) ? interval(point) : "")),
              },
            ]
          : []),
      ]}
    >
      {(size) => {
        const scale = down(size);
        const across = x(size);
        type Placed = LinePoint & { index: number };
        const stroke = line<Placed>()
          .defined((point) => point.value !== null)
          .x((point) => across(point.index))
          .y((point) => scale(point.value ?? 0))
          .curve(curveMonotoneX);
        const under = area<Placed>()
          .defined((point) => point.value !== null)
          .x((point) => across(point.index))
          .y0(size.height - margin.bottom)
          .y1((point) => scale(point.value ?? 0))
          .curve(curveMonotoneX);
        const band = area<Placed>()
          .x((point) => across(point.index))
          .y0((point) => scale(point.low ?? 0))
          .y1((point) => scale(point.high ?? 0))
          .curve(curveMonotoneX);
        const labels = props.points.map((point) => point.label);
        const every = labelStep(labels, size.width - left());
        const lastMeasured = () => measured().findLast((point) => point.value !== null);
        return (
          <>
            <defs>
              <linearGradient id={gradient} x1="0" x2="0" y1="0" y2="1">
                <stop offset="0" stop-color="var(--chart-1)" stop-opacity="0.2" />
                <stop offset="1" stop-color="var(--chart-1)" stop-opacity="0" />
              </linearGradient>
            </defs>
            <Grid
              ticks={scale.ticks(4)}
              y={scale}
              from={left()}
              to={size.width - margin.right}
              format={tick}
            />
            <path d={band(forecast()) ?? ""} fill="var(--chart-2-soft)" />
            <path
              d={stroke(forecast()) ?? ""}
              fill="none"
              stroke="var(--chart-2)"
              stroke-width="2"
              stroke-dasharray="5 5"
            />
            <path d={under(measured()) ?? ""} fill={`url(#${gradient})`} />
            <path
              d={stroke(measured()) ?? ""}
              fill="none"
              stroke="var(--chart-1)"
              stroke-width="2"
              stroke-linejoin="round"
            />
            <Show when={lastMeasured()}>
              {(point) => (
                <circle
                  cx={across(point().index)}
                  cy={scale(point().value ?? 0)}
                  r="4"
                  fill="var(--chart-1)"
                  stroke="var(--surface)"
                  stroke-width="2"
                />
              )}
            </Show>
            <Show when={active() !== null}>
              <line
                x1={across(active() ?? 0)}
                x2={across(active() ?? 0)}
                y1={margin.top}
                y2={size.height - margin.bottom}
                stroke="var(--line-strong)"
              />
            </Show>
            <For each={props.points}>
              {(point, index) =>
                index() % every === 0 && (
                  <text
                    x={across(index())}
                    y={size.height - 8}
                    text-anchor={
                      index() === 0 ? "start" : across(index()) > size.width - 30 ? "end" : "middle"
                    }
                    font-size="11"
                    fill="var(--ink-muted)"
                  >
                    {point.label}
                  </text>
                )
              }
            </For>
          </>
        );
      }}
    </ChartFrame>
  );
};
