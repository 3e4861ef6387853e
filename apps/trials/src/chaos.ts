/** One run of a seed: a new world, everybody at work, and programs killed under them. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createDb, createPool, type Db } from "@evx/db";
import type { Remembered } from "@evx/proof/monitor";
import { openFolder } from "@evx/tooling/folders";
import { faultsAfter, type Look, unbookedMoney, watched } from "./checks.ts";
import { type Fault, type FaultKind, faultsOf } from "./faults.ts";
import { loadOf } from "./load.ts";
import { type Parts, programs, startParts } from "./parts.ts";
import { gather } from "./people.ts";
import { emptyPromises } from "./promises.ts";
import { aBackend, isSequencing, waiting } from "./queries/endings.ts";
import { wireTo } from "./wire.ts";

export type RunOptions = {
  readonly seed: number;
  readonly run_ms: number;
  /** Nothing is killed: everybody works, and `each` is called once a second with what runs. */
  readonly undisturbed?: { each: (parts: Parts) => void };
  /** How long the queues may take to drain after the last fault. */
  readonly rest_ms?: number;
  readonly say?: (line: string) => void;
};

export type Outcome = {
  readonly seed: number;
  readonly seconds: number;
  /** How often what was done. */
  readonly done: Partial<Record<FaultKind, number>>;
  /** How often what was acknowledged. */
  readonly promised: Record<string, number>;
  readonly calls: { asked: number; done: number; refused: number; unknown: number; again: number };
  readonly refusals: Record<string, number>;
  readonly silences: Record<string, number>;
  /** Looks of an outside monitor between the faults. */
  readonly looks: number;
  readonly logSize: number;
  readonly drained_s: number;
  readonly faults: readonly string[];
};

/** Where the database may be away at any moment, nothing is the answer. */
const orNull = <T>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null);

/** Waits, for a moment at most, until entries of the log are being numbered. */
const untilSequencing = async (db: Db): Promise<void> => {
  const end = performance.now() + 1_500;
  while (performance.now() < end && !(await orNull(isSequencing(db)))) await Bun.sleep(2);
};

/** Does one fault and mends it. Answers whether there was anything to break. */
const suffer = async (parts: Parts, db: Db, { kind, for_ms, at_ms }: Fault): Promise<boolean> => {
  const worker = at_ms % 2 === 0 ? "worker-1" : "worker-2";
  const away = async (killed: readonly (typeof programs)[number][]): Promise<boolean> => {
    const were = await Promise.all(killed.map(parts.kill));
    await Bun.sleep(for_ms);
    await Promise.all(killed.map(parts.revive));
    return were.some(Boolean);
  };
  switch (kind) {
    case "server killed":
      return away(["server"]);
    case "worker killed":
      return away([worker]);
    case "sequencer killed":
      await untilSequencing(db);
      return away(["worker-1", "worker-2"]);
    case "gateways killed":
      return away(["gateways"]);
    case "witness killed":
      return away(["witness"]);
    case "server frozen":
      return parts.freeze("server", for_ms).then(() => true);
    case "worker frozen":
      return parts.freeze(worker, for_ms).then(() => true);
    case "connection's backend killed": {
      const pid = await orNull(aBackend(db));
      return pid !== null && process.kill(pid, "SIGKILL");
    }
    case "database killed": {
      const was = await parts.killDatabase();
      await Bun.sleep(for_ms);
      await parts.reviveDatabase();
      return was;
    }
  }
};

/** Waits until nothing waits any more; answers what still does when the patience ends. */
const rest = async (db: Db, parts: Parts, patience_ms: number): Promise<string[]> => {
  const end = performance.now() + patience_ms;
  for (;;) {
    const left = await orNull(
      Promise.all([waiting(db), unbookedMoney(db, parts)]).then((lists) => lists.flat()),
    );
    if (left?.length === 0) return [];
    if (performance.now() > end) return left ?? ["The database does not answer."];
    await Bun.sleep(500);
  }
};

/**
 * What no moment excuses. While whoever numbers entries is dead the log is late, and a monitor says so rightly: that is looked
 * at when everything has come to rest.
 */
const neverTrue =
  /forked|cut off|another root|not signed by|another than the one|has taken that back|hides it|shown twice|^Entry \d+|audit trail/;

const countsOf = <K extends string>(names: readonly K[]): Partial<Record<K, number>> => {
  const counts: Partial<Record<K, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** Plays a seed in a world that is there. */
const play = async (
  parts: Parts,
  db: Db,
  { seed, run_ms, rest_ms = run_ms > 40_000 ? 150_000 : 120_000, say, undisturbed }: RunOptions,
): Promise<Outcome> => {
  let over = false;
  const wire = wireTo(parts.url, { lasts: () => !over });
  const promises = emptyPromises();
  const people = await gather(parts, wire, promises);
  const refusals = new Map<string, number>();
  const believed: string[] = [];
  const stumbled: string[] = [];
  const done: FaultKind[] = [];
  const stage = { wire, promises, refusals, dropsWebhooks: run_ms > 40_000 };
  const begin = await loadOf({ seed, people, stage, lasts: () => !over, believed, stumbled });
  const begun = performance.now();
  const load = begin();
  const measuring = undisturbed ? setInterval(() => undisturbed.each(parts), 1_000) : null;
  const suffering = (undisturbed ? [] : faultsOf(seed, run_ms)).map(async (fault) => {
    await Bun.sleep(Math.max(0, fault.at_ms - (performance.now() - begun)));
    say?.(`${(fault.at_ms / 1000).toFixed(1)} s: ${fault.kind}, ${fault.for_ms} ms`);
    if (await suffer(parts, db, fault)) done.push(fault.kind);
  });
  let remembered: Remembered | null = null;
  let looks = 0;
  const seen: string[] = [];
  const watching = (async () => {
    while (!over) {
      await Bun.sleep(6_000);
      // A server that is away shows nothing; what it shows must be right.
      const look: Look | null = await orNull(watched(parts.url, remembered));
      if (!look?.remember) continue;
      looks++;
      remembered = look.remember;
      seen.push(...look.faults.filter((fault) => neverTrue.test(fault)));
    }
  })();
  await Bun.sleep(run_ms);
  if (measuring) clearInterval(measuring);
  over = true;
  await Promise.all([load, ...suffering]);
  await parts.reviveDatabase();
  for (const program of programs) await parts.revive(program);
  const resting = performance.now();
  const left = await rest(db, parts, rest_ms);
  const drained_s = Math.round((performance.now() - resting) / 1000);
  await watching;
  const faults = await faultsAfter(db, parts, { promises: promises.all, remembered });
  return {
    seed,
    seconds: Math.round(run_ms / 1000),
    done: countsOf(done),
    promised: promises.counts(),
    calls: wire.counts,
    refusals: Object.fromEntries([...refusals].sort()),
    silences: Object.fromEntries(wire.silences),
    looks,
    logSize: (remembered as Remembered | null)?.size ?? 0,
    drained_s,
    faults: [
      ...left.map((line) => `Still waiting after ${rest_ms / 1000} s: ${line}`),
      ...faults,
      ...new Set(seen.map((fault) => `Monitor between the faults: ${fault}`)),
      ...wire.broken,
      ...believed,
      ...parts.fallen,
      ...stumbled,
    ],
  };
};

/** A run from nothing to nothing: its world is thrown away, unless something was found in it. */
export const runSeed = async (options: RunOptions): Promise<Outcome> => {
  const folder = openFolder(`evx-chaos-${options.seed}-`);
  const parts = await startParts(folder);
  const stopped = () => void parts.stop().then(() => process.exit(130));
  process.once("SIGINT", stopped);
  process.once("SIGTERM", stopped);
  const db = createDb(createPool(parts.adminUrl, { max: 4, onError: () => {} }));
  let found = true;
  try {
    const outcome = await play(parts, db, options);
    found = outcome.faults.length > 0;
    return outcome;
  } finally {
    process.off("SIGINT", stopped);
    process.off("SIGTERM", stopped);
    await db.destroy();
    await parts.stop();
    if (found) options.say?.(`What its programs said is in ${join(folder, "logs")}`);
    else await rm(folder, { recursive: true, force: true });
  }
};
