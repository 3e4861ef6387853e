import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, render, screen } from "@solidjs/testing-library";
import { TimeChart, type TimePoint } from "../index.ts";

afterEach(cleanup);

const utc = (text: string) => Date.parse(`${text}T00:00:00Z`);
const month = (year: number, place: number, value: number): TimePoint => ({
  from: Date.UTC(year, place, 1),
  to: Date.UTC(year, place + 1, 1),
  heading: new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" }).format(
    Date.UTC(year, place, 1),
  ),
  value,
});
const day = (text: string, value: number | null, more: Partial<TimePoint> = {}): TimePoint => ({
  from: utc(text),
  to: utc(text) + 86_400_000,
  heading: text,
  value,
  ...more,
});
const months = [month(2026, 0, 88), month(2026, 1, 0), month(2026, 2, 110)];

const chart = (
  points: readonly TimePoint[],
  mark: "bars" | "steps" | "line" = "bars",
  more: { rangeHeader?: string; bandLabel?: string } = {},
) => (
  <TimeChart
    title="CO2 avoided"
    mark={mark}
    labelHeader="Period"
    valueHeader="CO2"
    points={points}
    format={(value) => `${value} kg`}
    {...more}
  />
);
const rows = () =>
  [...screen.getByRole("table").querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
const numbers = (container: Element, mark: string, name: string) =>
  [...container.querySelectorAll(mark)].map((found) => Number(found.getAttribute(name)));

test("a chart carries its numbers as a table", () => {
  render(() => chart(months));
  expect(rows()).toEqual([
    ["January 2026", "88 kg"],
    ["February 2026", "0 kg"],
    ["March 2026", "110 kg"],
  ]);
});

test("arrow keys walk the points and each is said aloud; Escape ends it", () => {
  const { container } = render(() => chart(months));
  const group = screen.getByRole("group", { name: "CO2 avoided" });
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
  const { container } = render(() => chart(months));
  const heights = numbers(container, "rect", "height");
  expect(heights[1]).toBe(0);
  expect((heights[0] as number) / (heights[2] as number)).toBeCloseTo(88 / 110, 5);
});

test("nine days without a sale are nine times as wide as one", () => {
  const { container } = render(() =>
    chart([day("2026-09-28", 12), day("2026-09-29", 13), day("2026-10-08", 14)], "steps"),
  );
  const [first = 0, second = 0, third = 0] = numbers(container, "[data-step]", "x1");
  expect((third - second) / (second - first)).toBeCloseTo(9, 5);
});

test("a month left out leaves its room empty", () => {
  const { container } = render(() => chart([month(2026, 8, 5), month(2026, 10, 7)]));
  const [september = 0, november = 0] = numbers(container, "rect", "x");
  const [width = 0] = numbers(container, "rect", "width");
  expect(november - september).toBeGreaterThan(width * 2);
});

test("a gap breaks the line, and says why in the table", () => {
  const { container } = render(() =>
    chart(
      [day("2026-01-01", 10), day("2026-01-02", null, { gap: "No signal" }), day("2026-01-03", 12)],
      "line",
    ),
  );
  const path = container.querySelector("path[stroke='var(--chart-1)']")?.getAttribute("d") ?? "";
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path).not.toContain("C");
  expect(rows()[1]).toEqual(["2026-01-02", "No signal"]);
});

test("what is expected is a band with its words, and its bounds are told", () => {
  const { container } = render(() =>
    chart([day("2026-01-01", 12), day("2026-01-02", 13.4, { low: 12.9, high: 14, ahead: true })], "steps", {
      rangeHeader: "Range",
      bandLabel: "Nine of ten sales",
    }),
  );
  expect(rows()).toEqual([
    ["2026-01-01", "12 kg", "–"],
    ["2026-01-02", "13.4 kg", "12.9 kg – 14 kg"],
  ]);
  expect(container.querySelector("svg")?.textContent).toContain("Nine of ten sales");
});

test("an axis of prices that does not begin at zero says so", () => {
  render(() => chart([day("2026-01-01", 14), day("2026-01-02", 16)], "steps"));
  expect(screen.getByText(/^The axis starts at 1\d(\.\d)? kg\.$/)).toBeTruthy();
});

test("January is named by its year, and months of one year by the first", () => {
  const { container } = render(() => chart([month(2025, 11, 1), month(2026, 0, 2), month(2026, 1, 3)]));
  const labels = () =>
    [...container.querySelectorAll("text[text-anchor='middle']")].map((text) => text.textContent);
  expect(labels().filter((text) => !text?.includes("kg"))).toEqual(["Dec", "2026", "Feb"]);
});

test("no points: an empty drawing, not an error", () => {
  render(() => chart([]));
  expect(rows()).toEqual([]);
});
