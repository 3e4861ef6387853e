import { sharedDevices } from "@evx/accounts";
import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sharedDocuments } from "@evx/kyc";
import { sharedPayers } from "@evx/payments";
import { sharedBanks } from "@evx/payouts";
import { type MarkKind, markKinds } from "./schema.ts";

/** Two accounts that share a bank account, a document, a browser or a means of payment. */
type Link = { userId: Id<"user">; peerId: Id<"user">; mark: MarkKind };

/** Accounts that are one person's, by what they share. */
export type AccountGroup = {
  readonly members: ReadonlySet<Id<"user">>;
  readonly marks: ReadonlySet<MarkKind>;
};

const sharedBy: Record<
  MarkKind,
  (db: Db, ids: readonly Id<"user">[]) => Promise<Pick<Link, "userId" | "peerId">[]>
> = {
  bank: sharedBanks,
  identity: sharedDocuments,
  device: sharedDevices,
  card: sharedPayers,
};

/** A chain of accounts is followed so far: the person behind a longer one is not looked for. */
const STEPS = 4;

const linksOf = async (db: Db, userIds: readonly Id<"user">[]): Promise<Link[]> => {
  const found: Link[] = [];
  if (userIds.length === 0) return found;
  for (const mark of markKinds)
    for (const pair of await sharedBy[mark](db, userIds)) found.push({ ...pair, mark });
  return found;
};

/** All links around some people, and around those to whom they lead. */
const linksAround = async (db: Db, userIds: readonly Id<"user">[]): Promise<Link[]> => {
  const seen = new Set(userIds);
  const links: Link[] = [];
  let edge = [...seen];
  for (let step = 0; step < STEPS && edge.length > 0; step++) {
    const found = await linksOf(db, edge);
    links.push(...found);
    edge = [...new Set(found.map(({ peerId }) => peerId))].filter((id) => !seen.has(id));
    for (const id of edge) seen.add(id);
  }
  return links;
};

/**
 * The groups of accounts to which these belong that share a bank account, an identity document, a browser or a means of
 * payment, also over other accounts in between. Accounts that share nothing are in no group. For whoever counts people.
 */
export const accountGroups = async (
  db: Db,
  userIds: readonly Id<"user">[],
): Promise<Map<Id<"user">, AccountGroup>> => {
  const groups = new Map<Id<"user">, { members: Set<Id<"user">>; marks: Set<MarkKind> }>();
  for (const { userId, peerId, mark } of await linksAround(db, userIds)) {
    const before = [groups.get(userId), groups.get(peerId)].filter((group) => group !== undefined);
    const members = new Set([userId, peerId, ...before.flatMap((group) => [...group.members])]);
    const marks = new Set([mark, ...before.flatMap((group) => [...group.marks])]);
    for (const id of members) groups.set(id, { members, marks });
  }
  return groups;
};
