/** What is done to a run, and when: all of it follows from the seed. */
import { chancesOf } from "./seeded.ts";

export const faultKinds = [
  "server killed",
  "worker killed",
  "sequencer killed",
  "database killed",
  "connection's backend killed",
  "gateways killed",
  "witness killed",
  "server frozen",
  "worker frozen",
] as const;

export type FaultKind = (typeof faultKinds)[number];

export type Fault = {
  readonly at_ms: number;
  readonly kind: FaultKind;
  /** How long what was killed stays away, or what was frozen stands still. */
  readonly for_ms: number;
};

const weights: readonly (readonly [number, FaultKind])[] = [
  [4, "server killed"],
  [3, "worker killed"],
  [3, "sequencer killed"],
  [3, "database killed"],
  [2, "connection's backend killed"],
  [2, "gateways killed"],
  [1, "witness killed"],
  [1, "server frozen"],
  [1, "worker frozen"],
];

/** A frozen worker's jobs are given to another after ten seconds; short runs have no time for that. */
const freezeOf = (
  kind: FaultKind,
  run_ms: number,
  whole: (least: number, most: number) => number,
): number => {
  if (kind === "worker frozen") return run_ms > 40_000 ? whole(11_000, 14_000) : whole(1_000, 3_000);
  return kind === "server frozen" ? whole(500, 3_000) : whole(100, 2_500);
};

/** The faults of a run in the order of their moments. The first comes when there is something to lose. */
export const faultsOf = (seed: number, run_ms: number): Fault[] => {
  const chances = chancesOf(seed, "faults");
  const faults: Fault[] = [];
  for (
    let at_ms = 2_500 + chances.whole(0, 1_000);
    at_ms < run_ms - 500;
    at_ms += chances.whole(1_200, 4_500)
  ) {
    const kind = chances.weighed(weights);
    faults.push({ at_ms, kind, for_ms: freezeOf(kind, run_ms, chances.whole) });
  }
  return faults;
};
