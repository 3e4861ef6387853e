import type { GeoProjection } from "d3-geo";

/** Address of map tiles with {z}, {x} and {y}, where the operator configured one. */
export const loadTileUrl = async (): Promise<string | null> => {
  const answer = await fetch("/api/map").catch(() => null);
  if (!answer?.ok) return null;
  const { tileUrl } = (await answer.json()) as { tileUrl: string | null };
  return tileUrl;
};

const TILE = 256;

/** The tiles that cover a Mercator map, with where each one lies. Zoom is the nearest that is not blurred. */
export const tilesFor = (url: string, projection: GeoProjection, width: number, height: number) => {
  // The whole Earth is 2π × scale pixels wide, and 256 × 2^zoom pixels of tiles.
  const earth = 2 * Math.PI * projection.scale();
  const zoom = Math.max(0, Math.min(18, Math.ceil(Math.log2(earth / TILE))));
  const size = earth / 2 ** zoom;
  const [left = 0, top = 0] = projection([-180, 85.0511287798066]) ?? [0, 0];
  const tiles: { href: string; x: number; y: number; size: number }[] = [];
  const last = 2 ** zoom - 1;
  for (
    let x = Math.max(0, Math.floor(-left / size));
    x <= Math.min(last, Math.floor((width - left) / size));
    x++
  ) {
    for (
      let y = Math.max(0, Math.floor(-top / size));
      y <= Math.min(last, Math.floor((height - top) / size));
      y++
    ) {
      const href = url
        .replace("{z}", String(zoom))
        .replace("{x}", String(x))
        .replace("{y}", String(y))
        .replace("{s}", "a");
      tiles.push({ href, x: left + x * size, y: top + y * size, size });
    }
  }
  return tiles;
};
