import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type AccountId, accountsAt, kindOf, wallet } from "@evx/ledger";
import { stripCells } from "./policy.ts";
import { placesInRegistry } from "./queries/batches.ts";
import { registryTotals } from "./registry.ts";
import type { StripView } from "./schema.ts";

type State = StripView["runs"][number]["state"];

/** Each of the strip's cells is looked into at this many places. */
const looksPerCell = 4;

/** What a gram is on the strip. With its first owner it is held, with anybody else it has been sold. */
const stateOf = (account: AccountId | null, ownerId: Id<"user">): State => {
  const kind = account ? kindOf(account) : "wallet";
  if (kind === "listing") return "listed";
  if (kind === "retired" || kind === "cancelled" || kind === "buffer") return kind;
  return account === null || account === wallet(ownerId) ? "held" : "sold";
};

const runsOf = (states: readonly State[]): StripView["runs"] => {
  const runs: StripView["runs"] = [];
  for (const state of states) {
    const last = runs.at(-1);
    if (last?.state === state) last.share += 1;
    else runs.push({ state, share: 1 });
  }
  return runs;
};

/** The state that most of a cell's grams are in; the first of equals. */
const mostOf = (states: readonly State[]): State => {
  const counts = new Map<State, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), ["held", 0] as const)[0];
};

/** Runs of states as at most so many: neighbours join into the state that holds most of their grams. */
export const mergedRuns = (states: readonly State[], cells: number): StripView["runs"] => {
  const exact = runsOf(states);
  if (exact.length <= cells) return exact;
  const size = Math.ceil(states.length / cells);
  return runsOf(
    states.map((_, at) => {
      const first = at - (at % size);
      return mostOf(states.slice(first, first + size));
    }),
  );
};

/**
 * All grams that were ever issued, as a strip of at most 260 runs in the order of their serial numbers. It is read at
 * 1,040 places at equal distances, so it costs the same for a thousand grams and for a billion; the totals beside it
 * are exact.
 */
export const registryStrip = async (db: Db): Promise<StripView> => {
  const places = await placesInRegistry(db, stripCells * looksPerCell);
  const [accounts, totals] = await Promise.all([
    accountsAt(
      db,
      places.map(({ batch_id, gram }) => ({ batchId: batch_id, gram })),
    ),
    registryTotals(db),
  ]);
  const states = places.map(({ owner_id }, at) => stateOf(accounts[at] ?? null, owner_id));
  return { runs: mergedRuns(states, stripCells), ...totals };
};
