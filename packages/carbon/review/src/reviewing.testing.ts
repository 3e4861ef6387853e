import { aUser } from "@evx/accounts/testing";
import type { CertificatePorts } from "@evx/certificates";
import { certificatesRouter } from "@evx/certificates/router";
import type { Db, Tx } from "@evx/db";
import type { Clock, Id } from "@evx/kernel";
import { type Actor, router } from "@evx/rpc";
import { tripsOfRequest } from "@evx/trips";
import { approveRequest, issueRequest } from "./approvals.ts";
import { requestsRouter, reviewRouter } from "./router.ts";
import { type Mark, refuseTrips, rejectRequest, takeUpRequest } from "./steps.ts";

type World = { db: Db; clock: Clock; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };
type Reviewer = Actor<"cva">;
type RequestId = Id<"request">;

/** What auditors do with requests, each in a transaction of its own. */
export const reviewing = (t: World, ports: CertificatePorts) => ({
  aReviewer: () => aUser(t, { role: "cva" }),
  takeUp: (by: Reviewer, id: RequestId) => t.transact((tx) => takeUpRequest(tx, by, id)),
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

/** Requests, review and certificates under one name, as the API puts them together. */
export const wire = (ports: CertificatePorts) =>
  router({ requests: requestsRouter, review: reviewRouter(ports), certificates: certificatesRouter(ports) });

/** A drive as a cheat copies it: milliseconds and kilometres. */
export type Drive = { start: number; end: number; km: number };

/** Whole numbers below `most`, the same ones for a seed each time. */
export const randomOf = (seed: number) => {
  let state = seed;
  return (most: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
};
