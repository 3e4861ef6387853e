import { expect, test } from "bun:test";
import { goals, performancePage, readLine } from "./performance.ts";
import { root } from "./rooms.ts";

test("a line is parted into what, ours, floor and ratio, whatever stands in it", () => {
  expect(
    readLine("bids", "bids: 200 auctions, ours 1200/s, bare update and insert 2000/s, ratio=0.600"),
  ).toEqual({
    bench: "bids",
    what: "200 auctions",
    figure: "ours 1200/s",
    floor: "bare update and insert 2000/s",
    ratio: 0.6,
    goal: "≥ 0.9",
    met: false,
  });
  expect(
    readLine(
      "import",
      "import of 200000 trips: 900 ms (receiving the file 80 ms), COPY of the same rows 540 ms, ratio=0.60",
    ),
  ).toMatchObject({
    what: "import of 200000 trips",
    figure: "900 ms (receiving the file 80 ms)",
    floor: "COPY of the same rows 540 ms",
    met: true,
  });
  expect(
    readLine("fanout", "fanout: a bid at 2000 tabs, p99 90 ms, a bare broadcast 70 ms (goal 1.5) ratio=1.29"),
  ).toMatchObject({
    what: "a bid at 2000 tabs",
    figure: "p99 90 ms",
    floor: "a bare broadcast 70 ms",
    goal: "≤ 1.5",
    met: true,
  });
});

test("a goal that a line says itself counts: the most, or a range", () => {
  const line = (words: string, ratio: string) => readLine("price", `price: ${words}, ratio=${ratio}`);
  expect(line("EUA, 1 ahead, error against the last price (goal 1.005)", "1.006")).toMatchObject({
    goal: "≤ 1.005",
    met: false,
  });
  expect(line("lots, interval held (goal 0.88 to 0.92)", "0.9")).toMatchObject({
    goal: "0.88 to 0.92",
    met: true,
  });
  expect(line("something", "2")).toMatchObject({ goal: "", met: null });
});

test("what has no ratio stands beneath the table, and what failed is named", () => {
  const page = performancePage(
    [
      {
        bench: "log",
        seconds: 3,
        lines: ["log: 1000 entries sequenced in 90 ms, alone 60 ms, ratio=0.660"],
        failed: null,
      },
      { bench: "price", seconds: 1, lines: ["price: real series are not here"], failed: "it ended with 1" },
    ],
    { at: "2026-11-28", commit: "abc", cores: 2, load: [0.1, 9] },
  );
  expect(page).toContain("| log | 1000 entries sequenced in 90 ms");
  expect(page).toContain("1 of 1 goals are met");
  expect(page).toContain("- price: real series are not here");
  expect(page).toContain("- price: it ended with 1");
});

test("each goal is of a benchmark that there is", () => {
  const there = [...new Bun.Glob("{apps,packages,db}/**/bench/*.ts").scanSync(root)].filter(
    (file) => !file.includes("node_modules"),
  );
  const names = there.map((file) => file.split("/").at(-1)?.replace(".ts", ""));
  expect(goals.filter(({ bench }) => !names.includes(bench))).toEqual([]);
});
