import { describe, expect, test } from "bun:test";
import type { Candidate } from "@evx/formats";
import { day_ms } from "@evx/kernel";
import { judgeTrip } from "./policy.ts";
import { candidateOf } from "./testing.ts";
import { type Recorded, sortOut } from "./timeline.ts";

const start = Date.UTC(2026, 0, 5, 17);

/** A day's record as a file without times gives it; `text` stands for how its row was written. */
const record = (km: number, text: string, more: Partial<Candidate> = {}): Candidate => ({
  ...candidateOf(start, { distanceKm: km }),
  end: start + day_ms,
  precision: "day",
  fingerprint: text,
  ...more,
});

const recorded = (candidates: readonly Candidate[]): Recorded[] => {
  const verdicts = sortOut(candidates, [], "spritmonitor");
  return candidates.flatMap((candidate, at) => {
    const verdict = verdicts[at];
    if (verdict?.kind !== "new") return [];
    const { distance_m, fingerprint, odometerEnd_m } = candidate;
    return [
      {
        start: verdict.start,
        end: verdict.end,
        precision: "day",
        distance_m,
        source: "spritmonitor",
        sourceId: fingerprint,
        odometerEnd_m,
      } as const,
    ];
  });
};
const kinds = (candidates: readonly Candidate[], known: readonly Recorded[]) =>
  sortOut(candidates, known, "spritmonitor").map(({ kind }) => kind);

describe("a day's record", () => {
  const log = [
    record(30, "a", { odometerEnd_m: 1_030_000 }),
    record(12.5, "b", { odometerEnd_m: 1_042_500 }),
  ];

  test("is known by what it says: another note, no odometer, `30` as `30.0`, miles for kilometres", () => {
    const known = recorded(log);
    expect(known).toHaveLength(2);
    expect(kinds([record(30, "note changed", { odometerEnd_m: 1_030_000 })], known)).toEqual(["duplicate"]);
    expect(kinds([record(12.5, "x"), record(30, "y")], known)).toEqual(["duplicate", "duplicate"]);
    expect(kinds([record(29.93, "18.6 mi", { odometerEnd_m: 1_029_600 })], known)).toEqual(["duplicate"]);
  });

  test("two equal drives of one day count twice where the log had them twice, and never more often", () => {
    const twice = [record(30, "there"), record(30, "and back")];
    const known = recorded(twice);
    expect(known).toHaveLength(2);
    expect(kinds([record(30, "1"), record(30, "2")], known)).toEqual(["duplicate", "duplicate"]);
    expect(kinds([record(30, "1"), record(30, "2")], recorded(twice.slice(0, 1)))).toEqual([
      "duplicate",
      "new",
    ]);
    const elsewhere = record(30, "later", { odometerEnd_m: 1_100_000 });
    expect(kinds([elsewhere], recorded(log.slice(0, 1)))).toEqual(["new"]);
  });

  test("a day that is recorded is not added to by a file that does not tell what is recorded of it", () => {
    const days = [record(30, "30"), record(12.5, "12.5")];
    const known = recorded(days);
    const copies: Record<string, Candidate[]> = {
      scaled: [record(31.5, "31.5"), record(13.1, "13.1")],
      halved: [record(15, "15"), record(15, "15/1"), record(6.2, "6.2")],
      joined: [record(42.5, "42.5")],
    };
    for (const [name, copy] of Object.entries(copies))
      expect(new Set(kinds(copy, known)), name).toEqual(new Set(["day_recorded"]));
    expect(kinds([...(copies.scaled as Candidate[]), record(30, "30")], known)).toEqual([
      "day_recorded",
      "day_recorded",
      "duplicate",
    ]);
    // A log that goes on tells the day's earlier drives as well, in any order.
    expect(kinds([record(8, "8"), ...days], known)).toEqual(["new", "duplicate", "duplicate"]);
    // What the same file recorded a stretch before is its own.
    const own = known.map((trip) => ({ ...trip, ofFile: true }));
    expect(kinds([record(8, "8")], own)).toEqual(["new"]);
  });

  test("a day holds no more than its hours at 200 km/h, in one file or in many", () => {
    const long = Array.from({ length: 4 }, (_, n) => record(1_500 + n * 50, `${n}`));
    expect(kinds(long, [])).toEqual(["new", "new", "new", "day_too_full"]);
    expect(kinds(long, recorded(long.slice(0, 3)))).toEqual([
      "duplicate",
      "duplicate",
      "duplicate",
      "day_too_full",
    ]);
  });
});

describe("an impossible speed", () => {
  const judged = (minutes: number, distanceKm: number, precision: "exact" | "estimated") =>
    judgeTrip(
      { ...candidateOf(start, { minutes, distanceKm }), precision, greatCircle_m: null },
      { vehicleClass: "car", battery_wh: null },
    ).reject?.code ?? "none";

  test("is refused whatever the precision of the times, once they are widened by their rounding", () => {
    expect(judged(4, 150, "estimated")).toBe("speed_impossible");
    expect(judged(1 / 60, 150, "estimated")).toBe("speed_impossible");
    expect(judged(1 / 60, 2, "estimated")).toBe("none");
    // Four to five minutes by the clock: 16 km is 240 km/h at first sight and 192 at the longest.
    expect(judged(4, 16, "exact")).toBe("none");
    expect(judged(4, 17, "exact")).toBe("speed_impossible");
    expect(judged(4.5, 16, "exact")).toBe("speed_impossible");
  });
});
