import type { GaragePorts } from "@evx/garage";
import { lastClaimedAt, removeTripsAfter } from "@evx/trips";
import { stopConnection } from "./connections.ts";

/** What the rooms of the fleet do when a car changes hands: what `garageRouter` and `handOver` are lent. */
export const handOverPorts: GaragePorts = { lastClaimedAt, removeTripsAfter, stopConnection };
