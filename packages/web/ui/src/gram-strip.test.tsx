import { expect, test } from "bun:test";
import { render } from "@solidjs/testing-library";
import { GramStrip, placeRuns } from "./gram-strip.tsx";

test("runs lie in serial order, linear in grams, and a single gram of ten million is still drawn", () => {
  const runs = [
    { grams: 5_000_000n, state: "held" },
    { grams: 1n, state: "sold" },
    { grams: 4_999_999n, state: "retired" },
  ] as const;
  const placed = placeRuns(runs);
  expect(placed.map(({ state }) => state)).toEqual(["held", "sold", "retired"]);
  expect(placed[0]).toMatchObject({ x: 0, width: 500 });
  expect(placed[1]?.width).toBe(1);
  expect(placed[2]?.x).toBeCloseTo(500.0001, 3);
  expect(placeRuns([])).toEqual([]);
});

test("each state has a pattern or stands solid, and the strip is named for who cannot see it", () => {
  const { container, getByRole } = render(() => (
    <GramStrip
      height_px={16}
      label="0.3 credits: 0.2 held, 0.1 retired"
      runs={[
        { grams: 200_000n, state: "held" },
        { grams: 100_000n, state: "retired" },
      ]}
    />
  ));
  expect(getByRole("img").getAttribute("aria-label")).toContain("0.1 retired");
  const fills = [...container.querySelectorAll("svg > rect")].map((rect) => rect.getAttribute("fill"));
  expect(fills).toHaveLength(3);
  expect(fills[2]).toMatch(/^url\(#.*-retired\)$/);
});
