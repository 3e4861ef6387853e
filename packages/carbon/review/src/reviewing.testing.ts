import type { Db, Tx } from "@evx/db";
import { aUser } from "@evx/identity/testing";
import type { Clock, Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { tripsOfRequest } from "@evx/vehicles";
import { approveRequest, issueRequest } from "./approve.ts";
import type { VerificationPorts } from "./ports.ts";
import { claimRequest, type Mark, refuseTrips, rejectRequest } from "./review.ts";

type World = { db: Db; clock: Clock; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };
type Reviewer = Actor<"cva">;
type RequestId = Id<"request">;

/** What auditors do with requests, each in a transaction of its own. */
export const reviewing = (t: World, ports: VerificationPorts) => ({
  aReviewer: () => aUser(t, { role: "cva" }),
  claim: (by: Reviewer, id: RequestId) => t.transact((tx) => claimRequest(tx, by, id)),
  approve: (by: Reviewer, id: RequestId, notes?: string) =>
    t.transact((tx) => approveRequest(tx, ports, by, { id, notes })),
  reject: (by: Reviewer, id: RequestId, trips?: Mark[]) =>
    t.transact((tx) => rejectRequest(tx, by, { id, reason: "Not plausible.", trips })),
  issue: (by: Reviewer, id: RequestId) => t.transact((tx) => issueRequest(tx, ports, by, id)),
  refuse: (by: Reviewer, id: RequestId, trips: Mark[]) =>
    t.transact((tx) => refuseTrips(tx, by, { id, trips })),
  tripIds: async (id: RequestId, count: number) =>
    (await tripsOfRequest(t.db, id, { limit: count }, "en")).items.map((trip) => trip.id),
});
