import { geoMercator, geoPath } from "d3-geo";
import {
  createMemo,
  createResource,
  createSignal,
  createUniqueId,
  For,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import { feature } from "topojson-client";
import { useText } from "../../../i18n/index.ts";
import { useFormat } from "../../../lib/format.ts";
import type { TripDetail } from "../words.ts";
import { loadTileUrl, tilesFor } from "./tiles.ts";

type Place = [lon: number, lat: number];

const HEIGHT = 360;

/** Land of the whole Earth, bundled: the map draws without asking anyone. */
const loadLand = async () => {
  const { default: atlas } = await import("world-atlas/land-50m.json");
  return feature(atlas as never, "land" as never);
};

/** Metres in a pixel of a Mercator map of a scale, at a latitude. */
const metresPerPixel = (scale: number, lat: number): number =>
  (6_371_009 / scale) * Math.cos((lat * Math.PI) / 180);

/** The longest of 1, 2, 5 × 10ⁿ metres that fits a quarter of the map. */
const barOf = (perPixel: number, width: number): { metres: number; pixels: number } => {
  const most = (perPixel * width) / 4;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((step) => step * power).find((step) => step <= most) ?? power;
  return { metres, pixels: metres / perPixel };
};

/** Where a trip went: the cleaned route over map tiles where some are configured, else over the bundled land. */
export default function RouteMap(props: { trip: TripDetail }) {
  const t = useText("vehicles");
  const f = useFormat();
  const clip = createUniqueId();
  const [width, setWidth] = createSignal(600);
  const [land] = createResource(loadLand);
  const [tileUrl] = createResource(loadTileUrl);
  const tiles = () => (tileUrl.state === "ready" ? tileUrl() : undefined);
  let box: HTMLDivElement | undefined;
  onMount(() => {
    if (!box) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(240, entry?.contentRect.width ?? 600)));
    watch.observe(box);
    onCleanup(() => watch.disconnect());
  });
  const route = createMemo((): Place[] => {
    const track = props.trip.track.map((point): Place => [point.lon, point.lat]);
    if (track.length > 1) return track;
    const { start, end } = props.trip;
    return start && end
      ? [
          [start.lon, start.lat],
          [end.lon, end.lat],
        ]
      : [];
  });
  const measured = () => props.trip.track.length > 1;
  const projection = createMemo(() => {
    const fitted = geoMercator().fitExtent(
      [
        [32, 32],
        [width() - 32, HEIGHT - 32],
      ],
      { type: "LineString", coordinates: route() },
    );
    // A trip around the block still shows its neighbourhood.
    return fitted.scale() > 4_000_000
      ? geoMercator()
          .scale(4_000_000)
          .center(route()[0] as Place)
          .translate([width() / 2, HEIGHT / 2])
      : fitted;
  });
  const path = createMemo(() => geoPath(projection()));
  const line = () => path()({ type: "LineString", coordinates: route() }) ?? "";
  const landPath = () => {
    const shape = land.state === "ready" ? land() : undefined;
    if (!shape) return "";
    const near = geoMercator()
      .scale(projection().scale())
      .translate(projection().translate())
      .center(projection().center())
      .clipExtent([
        [-200, -200],
        [width() + 200, HEIGHT + 200],
      ]);
    return geoPath(near)(shape as never) ?? "";
  };
  const at = (place: Place | undefined): [number, number] => (place && projection()(place)) || [0, 0];
  const ends = () => [
    { name: t("trip.start"), point: at(route()[0]), filled: false },
    { name: t("trip.end"), point: at(route().at(-1)), filled: true },
  ];
  const bar = () => barOf(metresPerPixel(projection().scale(), route()[0]?.[1] ?? 0), width());
  return (
    <div ref={box} class="min-w-0 overflow-hidden rounded-control border border-line bg-sunken">
      <svg
        width={width()}
        height={HEIGHT}
        viewBox={`0 0 ${width()} ${HEIGHT}`}
        role="img"
        aria-label={t("trip.mapLabel", { distance: f.km(props.trip.distanceKm) })}
        class="block"
      >
        <clipPath id={clip}>
          <rect width={width()} height={HEIGHT} />
        </clipPath>
        <g clip-path={`url(#${clip})`}>
          <Show
            when={tiles()}
            fallback={<path d={landPath()} class="fill-surface stroke-line" stroke-width="1" />}
          >
            {(url) => (
              <For each={tilesFor(url(), projection(), width(), HEIGHT)}>
                {(tile) => (
                  <image href={tile.href} x={tile.x} y={tile.y} width={tile.size} height={tile.size} />
                )}
              </For>
            )}
          </Show>
          <path
            d={line()}
            fill="none"
            class="stroke-surface"
            stroke-width="7"
            stroke-linejoin="round"
            stroke-linecap="round"
          />
          <path
            d={line()}
            fill="none"
            class="stroke-accent"
            stroke-width="3"
            stroke-linejoin="round"
            stroke-linecap="round"
            stroke-dasharray={measured() ? undefined : "2 7"}
          />
          <For each={ends()}>
            {(end) => (
              <g transform={`translate(${end.point[0]} ${end.point[1]})`}>
                <circle
                  r="6"
                  class={end.filled ? "fill-accent stroke-surface" : "fill-surface stroke-accent"}
                  stroke-width="3"
                />
                <text
                  y="-12"
                  text-anchor="middle"
                  class="fill-ink stroke-surface font-medium text-xs"
                  stroke-width="3"
                  paint-order="stroke"
                >
                  {end.name}
                </text>
              </g>
            )}
          </For>
          <g transform={`translate(${besideEnds(ends(), bar().pixels, width())} ${HEIGHT - 16})`}>
            <path d={`M0 -5 V0 H${bar().pixels} V-5`} fill="none" class="stroke-ink" stroke-width="1.5" />
            <text x={bar().pixels + 6} class="fill-ink text-xs tabular-nums">
              {bar().metres >= 1000 ? f.km(bar().metres / 1000) : `${f.number(bar().metres)}\u00a0m`}
            </text>
          </g>
        </g>
      </svg>
    </div>
  );
}

/** Where the scale is in nobody's way: at the left, or across from an end of the trip that is there. */
const besideEnds = (
  ends: readonly { point: readonly [number, number] }[],
  bar_px: number,
  width_px: number,
): number => {
  const taken = ends.some(({ point: [x, y] }) => x < bar_px + 90 && y > HEIGHT - 60);
  return taken ? width_px - bar_px - 70 : 16;
};
