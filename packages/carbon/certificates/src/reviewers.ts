import { namesBeside, userById } from "@evx/accounts";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";

/**
 * Whether somebody is an accredited reviewer at this moment, by the database and not by what their token said when it
 * was made.
 */
export const mayReview = async (db: Db, reviewerId: Id<"user">): Promise<boolean> => {
  const user = await userById(db, reviewerId);
  return user?.role === "cva" && user.accredited && user.suspendedAt === null;
};

/** Refuses `reviewer_not_accredited`: an accreditation that is withdrawn in the middle of a review ends it. */
export const ensureMayReview = async (tx: Tx, reviewerId: Id<"user">): Promise<void> => {
  if (!(await mayReview(tx, reviewerId))) throw refuse("reviewer_not_accredited");
};

type Viewer = Pick<Actor, "id" | "role">;

/** Whose a request is, and who took it up. */
type Requested = { owner_id: Id<"user">; reviewer_id: Id<"user"> | null };

/**
 * What an auditor sees of an owner: a name only on a request that they took up, where they must be able to tell whether
 * they have an interest; in the queue, beside twins and in alerts the public name or pseudonym. Taking a request up is in
 * the trail. Operators see names.
 */
const seesOwner = (viewer: Viewer, { owner_id, reviewer_id }: Requested): boolean =>
  viewer.role === "admin" || viewer.id === reviewer_id || viewer.id === owner_id;

/** Names as a viewer of these requests sees them: of staff in full, of their and other owners where `seesOwner` allows it. */
export const namesIn = (
  db: Db,
  viewer: Viewer,
  requests: readonly Requested[],
  { owners = [], staff = [] }: { owners?: Id<"user">[]; staff?: Id<"user">[] },
): Promise<ReadonlyMap<Id<"user">, string>> => {
  const of = (rows: typeof requests) => rows.map(({ owner_id }) => owner_id);
  const known = new Set([...staff, ...of(requests.filter((row) => seesOwner(viewer, row)))]);
  const people = [...of(requests), ...owners, ...staff];
  return namesBeside(db, people, (id) => viewer.role === "admin" || known.has(id));
};
