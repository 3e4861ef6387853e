import { expect, test } from "bun:test";
import { faultKinds, faultsOf } from "./faults.ts";
import { type Kept, survivalPage } from "./report.ts";
import { chancesOf } from "./seeded.ts";

test("a seed plays the same faults again, and another seed others", () => {
  expect(faultsOf(7, 60_000)).toEqual(faultsOf(7, 60_000));
  expect(faultsOf(7, 60_000)).not.toEqual(faultsOf(8, 60_000));
  const all = Array.from({ length: 40 }, (_, seed) => faultsOf(seed, 60_000)).flat();
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(faultKinds));
  for (const { at_ms, for_ms } of all) expect(at_ms > 2_000 && at_ms < 60_000 && for_ms >= 100).toBe(true);
});

test("what one actor draws changes nothing for another", () => {
  const alone = chancesOf(3, "buyer 1");
  const beside = chancesOf(3, "buyer 1");
  const other = chancesOf(3, "buyer 2");
  for (let n = 0; n < 50; n++) {
    other.whole(0, n);
    expect(beside.whole(0, 1_000)).toBe(alone.whole(0, 1_000));
  }
  expect(chancesOf(4, "buyer 1").name()).not.toBe(chancesOf(3, "buyer 1").name());
});

test("weights are kept, and nothing is drawn from nothing", () => {
  const chances = chancesOf(1, "weights");
  const drawn = Array.from({ length: 2_000 }, () =>
    chances.weighed([
      [9, "often"],
      [1, "seldom"],
      [0, "never"],
    ]),
  );
  const often = drawn.filter((one) => one === "often").length;
  expect(often > 1_700 && often < 1_900).toBe(true);
  expect(drawn).not.toContain("never");
  expect(chances.pick([])).toBeUndefined();
});

test("the page says what was seen: a seed that found something is not hidden among those that hold", () => {
  const run = (seed: number, faults: string[]): Kept => ({
    trial: "chaos",
    commit: "abc",
    seed,
    seconds: 60,
    done: { "server killed": 3 },
    promised: { order: 5, bid: 2 },
    calls: { asked: 100, done: 90, refused: 4, unknown: 6, again: 6 },
    refusals: {},
    silences: {},
    looks: 4,
    logSize: 20,
    drained_s: 2,
    faults,
  });
  const page = survivalPage([run(1, []), run(2, ["Books: unbalanced"])]);
  expect(page).toContain("1 of 2 seeds hold");
  expect(page).toContain("**1 found**");
  expect(page).toContain("- Books: unbalanced");
  expect(page).toContain("server killed 6");
  expect(page).toContain("order 10, bid 4");
});
