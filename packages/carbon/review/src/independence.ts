import { batchesByIds } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { holdersOf } from "@evx/garage";
import type { Id } from "@evx/kernel";
import { batchesOf, wallet } from "@evx/ledger";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { reviewersOf } from "./persons.ts";
import { type Interest, interestOf } from "./policy.ts";
import type { RequestRow } from "./queries/requests.ts";
import { interestRows } from "./queries/review.ts";

type Judged = Pick<RequestRow, "id" | "owner_id" | "vehicle_id">;

/** Whose credits some accounts hold: those to whom they were first issued. A reviewer's wallet is empty as a rule. */
export const originsOf = async (db: Db, holders: readonly Id<"user">[]): Promise<Set<Id<"user">>> => {
  const held = (await Promise.all(holders.map((id) => batchesOf(db, wallet(id))))).flat();
  if (held.length === 0) return new Set();
  const batches = await batchesByIds(
    db,
    held.map(({ batchId }) => batchId),
  );
  return new Set([...batches.values()].map(({ ownerId }) => ownerId));
};

/** What speaks against a reviewer for each of some requests, by request id; no entry where nothing does. */
export const interestsIn = async (
  db: Db,
  reviewerId: Id<"user">,
  requests: readonly Judged[],
): Promise<Map<Id<"request">, Interest>> => {
  const vehicleIds = [...new Set(requests.map(({ vehicle_id }) => vehicle_id))];
  const ownerIds = [...new Set(requests.map(({ owner_id }) => owner_id))];
  const own = await reviewersOf(db, reviewerId);
  const [holders, declared, traded] = await Promise.all([
    holdersOf(db, vehicleIds),
    interestRows(db, { reviewerId, subjects: [...vehicleIds, ...ownerIds] }),
    originsOf(db, own),
  ]);
  const subjects = new Set(declared.map((row) => row.subject_id));
  const found = new Map<Id<"request">, Interest>();
  for (const { id, owner_id, vehicle_id } of requests) {
    const interest = interestOf({
      reviewerId,
      own,
      ownerId: owner_id,
      holderIds: holders.get(vehicle_id) ?? [],
      declared: subjects.has(owner_id) || subjects.has(vehicle_id),
      traded: traded.has(owner_id),
    });
    if (interest) found.set(id, interest);
  }
  return found;
};

/** Refuses `request_interest_…` when something speaks against this reviewer for this request. */
export const ensureDisinterested = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  request: Judged,
): Promise<void> => {
  const interest = (await interestsIn(tx, actor.id, [request])).get(request.id);
  if (interest) throw refuse(`request_interest_${interest}`);
};
