import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { linkRows } from "./queries/linked.ts";
import { type MarkKind, markKinds } from "./schema.ts";

/** Accounts that are one person's, by what they share. */
export type AccountGroup = {
  readonly members: ReadonlySet<Id<"user">>;
  readonly marks: ReadonlySet<MarkKind>;
};

/** A chain of accounts is followed so far: the person behind a longer one is not looked for. */
const STEPS = 4;

/**
 * The groups of accounts to which these belong that share a bank account, an identity document, a browser or a means of
 * payment, also over other accounts in between; or only some of these. Accounts that share nothing are in no group. For
 * whoever counts people.
 */
export const accountGroups = async (
  db: Db,
  userIds: readonly Id<"user">[],
  by: readonly MarkKind[] = markKinds,
): Promise<Map<Id<"user">, AccountGroup>> => {
  const groups = new Map<Id<"user">, { members: Set<Id<"user">>; marks: Set<MarkKind> }>();
  if (userIds.length === 0) return groups;
  for (const { userId, peerId, mark } of await linkRows(db, userIds, { marks: by, steps: STEPS })) {
    const before = [groups.get(userId), groups.get(peerId)].filter((group) => group !== undefined);
    const members = new Set([userId, peerId, ...before.flatMap((group) => [...group.members])]);
    const marks = new Set([mark, ...before.flatMap((group) => [...group.marks])]);
    for (const id of members) groups.set(id, { members, marks });
  }
  return groups;
};

/** All accounts of the person behind one, this one among them; in the order of their ids. */
export const accountsOfPerson = async (
  db: Db,
  userId: Id<"user">,
  by: readonly MarkKind[] = markKinds,
): Promise<Id<"user">[]> => {
  const group = (await accountGroups(db, [userId], by)).get(userId);
  return group ? [...group.members].sort() : [userId];
};
