import { gramsOf } from "../../lib/format.ts";

/** What an owner's way from drive to bank stands at. Credits and money are decimal text. */
export type Standing = {
  readonly vehicles: number;
  readonly trips: number;
  /** Avoided by trips that no request holds yet. */
  readonly claimable: string;
  readonly sellable: string;
  readonly listed: string;
  /** Can be withdrawn now. */
  readonly available: string;
  /** An auditor has asked something that waits for an answer. */
  readonly asked: string | null;
};

export type Step = "addCar" | "importTrips" | "answer" | "claim" | "sell" | "withdraw" | "wait";

/**
 * The one thing to do next, nearest to the money first among what only the owner can do. An auditor's question comes
 * before all, since work waits for it; a balance alone is no task while there is still something to claim or sell.
 */
export const nextStep = (standing: Standing): Step => {
  if (standing.vehicles === 0) return "addCar";
  if (standing.trips === 0) return "importTrips";
  if (standing.asked !== null) return "answer";
  if (gramsOf(standing.claimable) > 0n) return "claim";
  if (gramsOf(standing.sellable) > 0n) return "sell";
  return Number(standing.available) > 0 ? "withdraw" : "wait";
};

const places: Record<Step, number> = {
  addCar: 0,
  importTrips: 0,
  claim: 1,
  answer: 2,
  sell: 3,
  withdraw: 4,
  wait: 5,
};

/** How the five stones look: before the next step they are done, where anything was ever done there. */
export const stoneStates = (standing: Standing): ("done" | "lit" | "ahead")[] => {
  const lit = places[nextStep(standing)];
  const reached = [
    standing.trips > 0,
    standing.trips > 0 && gramsOf(standing.claimable) === 0n,
    gramsOf(standing.sellable) + gramsOf(standing.listed) > 0n || Number(standing.available) > 0,
    gramsOf(standing.listed) > 0n || Number(standing.available) > 0,
    false,
  ];
  return reached.map((done, place) => (place === lit ? "lit" : done ? "done" : "ahead"));
};
