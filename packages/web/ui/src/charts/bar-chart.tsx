import { scaleBand, scaleLinear } from "d3-scale";
import { createMemo, createSignal, For } from "solid-js";
import { axisWidth, ChartFrame, type ChartSize, Grid, labelStep, margin } from "./frame.tsx";

export type BarPoint = {
  /** Short, for the axis: "Nov". */
  label: string;
  /** Whole, for the readout: "November 2026". */
  heading?: string;
  value: number;
};

export type BarChartProps = {
  title: string;
  /** Header of the values in the hidden table: "CO2 avoided (kg)". */
  valueHeader: string;
  labelHeader: string;
  points: readonly BarPoint[];
  /** A value with its unit: 12.3 → "12.3 kg". */
  format: (value: number) => string;
  /** A value on the axis, shorter. */
  formatTick?: (value: number) => string;
  /** Index drawn in the accent; by default the last one. `null` for none. */
  highlight?: number | null;
  height?: number;
};

const WIDEST_BAR = 64;

/** Quantities of equal periods or kinds, as bars from zero. */
export const BarChart = (props: BarChartProps) => {
  const [active, setActive] = createSignal<number | null>(null);
  const tick = (value: number) => (props.formatTick ?? props.format)(value);
  const highlight = () => (props.highlight === undefined ? props.points.length - 1 : props.highlight);

  const y = createMemo(() => {
    const top = Math.max(0, ...props.points.map((point) => point.value));
    const bottom = Math.min(0, ...props.points.map((point) => point.value));
    return scaleLinear()
      .domain([bottom, top || 1])
      .nice(4);
  });
  const left = createMemo(() => axisWidth(y().ticks(4).map(tick)));
  const x = (size: ChartSize) =>
    scaleBand<number>()
      .domain(props.points.map((_, index) => index))
      .range([left(), size.width - margin.right])
      .paddingInner(0.32)
      .paddingOuter(0.16);
  const down = (size: ChartSize) =>
    y()
      .copy()
      .range([size.height - margin.bottom, margin.top]);
  const middle = (index: number, size: ChartSize) => (x(size)(index) ?? 0) + x(size).bandwidth() / 2;

  return (
    <ChartFrame
      title={props.title}
      height={props.height}
      count={props.points.length}
      active={active()}
      onActive={setActive}
      nearest={(at, size) =>
        Math.max(
          0,
          Math.min(props.points.length - 1, Math.floor((at - left()) / Math.max(1, x(size).step()))),
        )
      }
      position={middle}
      readout={(index) => {
        const point = props.points[index];
        return { heading: point?.heading ?? point?.label ?? "", lines: [props.format(point?.value ?? 0)] };
      }}
      table={[
        { header: props.labelHeader, cells: props.points.map((point) => point.heading ?? point.label) },
        { header: props.valueHeader, cells: props.points.map((point) => props.format(point.value)) },
      ]}
    >
      {(size) => {
        const band = x(size);
        // A few bars in a wide chart stay bars instead of becoming walls.
        const wide = Math.min(band.bandwidth(), WIDEST_BAR);
        const scale = down(size);
        const labels = props.points.map((point) => point.label);
        const every = labelStep(labels, size.width - left());
        return (
          <>
            <Grid
              ticks={scale.ticks(4)}
              y={scale}
              from={left()}
              to={size.width - margin.right}
              format={tick}
            />
            <For each={props.points}>
              {(point, index) => {
                const top = () => Math.min(scale(point.value), scale(0));
                const tall = () => Math.abs(scale(point.value) - scale(0));
                return (
                  <g>
                    <rect
                      x={middle(index(), size) - wide / 2}
                      y={top()}
                      width={wide}
                      height={Math.max(point.value === 0 ? 0 : 1, tall())}
                      rx={Math.min(5, wide / 3, tall() / 2)}
                      fill={
                        active() === index() || (active() === null && highlight() === index())
                          ? "var(--chart-1)"
                          : "var(--chart-1-soft)"
                      }
                    />
                    {index() % every === 0 && (
                      <text
                        x={middle(index(), size)}
                        y={size.height - 8}
                        text-anchor="middle"
                        font-size="11"
                        fill="var(--ink-muted)"
                      >
                        {point.label}
                      </text>
                    )}
                  </g>
                );
              }}
            </For>
          </>
        );
      }}
    </ChartFrame>
  );
};
