import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, render, screen } from "@solidjs/testing-library";
import { BarChart, LineChart } from "../index.ts";

afterEach(cleanup);

const months = [
  { label: "Jan", heading: "January 2026", value: 88 },
  { label: "Feb", heading: "February 2026", value: 0 },
  { label: "Mar", heading: "March 2026", value: 110 },
];
const format = (value: number) => `${value} kg`;

const bars = (points = months) => (
  <BarChart
    title="CO2 avoided by month"
    labelHeader="Month"
    valueHeader="CO2"
    points={points}
    format={format}
  />
);

test("a chart carries its numbers as a table", () => {
  render(() => bars());
  const rows = [...screen.getByRole("table").querySelectorAll("tbody tr")].map((row) => row.textContent);
  expect(rows).toEqual(["January 202688 kg", "February 20260 kg", "March 2026110 kg"]);
});

test("arrow keys walk the points and each is said aloud; Escape ends it", () => {
  const { container } = render(() => bars());
  const group = screen.getByRole("group", { name: "CO2 avoided by month" });
  const said = () => container.querySelector("[aria-live]")?.textContent;
  fireEvent.keyDown(group, { key: "ArrowRight" });
  expect(said()).toBe("January 2026: 88 kg");
  fireEvent.keyDown(group, { key: "End" });
  expect(said()).toBe("March 2026: 110 kg");
  fireEvent.keyDown(group, { key: "ArrowRight" });
  expect(said()).toBe("March 2026: 110 kg");
  fireEvent.keyDown(group, { key: "Escape" });
  expect(said()).toBe("");
});

test("bars stand on zero, and a value of zero has no bar", () => {
  const { container } = render(() => bars());
  const heights = [...container.querySelectorAll("rect")].map((bar) => Number(bar.getAttribute("height")));
  expect(heights[1]).toBe(0);
  expect((heights[0] as number) / (heights[2] as number)).toBeCloseTo(88 / 110, 5);
});

test("no points: an empty drawing, not an error", () => {
  render(() => bars([]));
  expect(screen.getByRole("table").querySelectorAll("tbody tr")).toHaveLength(0);
});

test("a forecast is drawn and told with its interval", () => {
  const points = [
    { label: "1", value: 12 },
    { label: "2", value: 13 },
    { label: "3", value: 13.4, low: 12.9, high: 14 },
  ];
  render(() => (
    <LineChart
      title="Price"
      labelHeader="Day"
      valueHeader="Price"
      intervalHeader="Interval"
      points={points}
      format={(value) => `$${value}`}
    />
  ));
  const last = [...screen.getByRole("table").querySelectorAll("tbody tr")].at(-1);
  expect(last?.textContent).toBe("3$13.4$12.9 – $14");
});

test("a gap in the measurements breaks the line instead of falling to zero", () => {
  const points = [
    { label: "1", value: 10 },
    { label: "2", value: null },
    { label: "3", value: 12 },
  ];
  const { container } = render(() => (
    <LineChart title="Price" labelHeader="Day" valueHeader="Price" points={points} format={String} />
  ));
  const strokes = [...container.querySelectorAll("path[stroke='var(--chart-1)']")].map((path) =>
    path.getAttribute("d"),
  );
  expect(strokes[0]?.match(/M/g)).toHaveLength(2);
});
