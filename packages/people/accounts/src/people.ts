import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { afterMoment, type Id, momentKey, type Page, pageFrom } from "@evx/kernel";
import type { Actor, Context, Role } from "@evx/rpc";
import type * as v from "valibot";
import { type Access, catchUpEverywhere } from "./access.ts";
import { refuse } from "./errors.ts";
import { cvaAccredited, userReinstated, userRoleChanged, userSuspended } from "./events.ts";
import { outdateLinks } from "./queries/credentials.ts";
import { deleteKeysOf } from "./queries/keys.ts";
import { deleteSessionsOf } from "./queries/sessions.ts";
import {
  countUserRows,
  giveRole,
  lockActiveAdmins,
  lockUser,
  searchUserRows,
  type UserRow,
  updateUser,
  userByEmail,
} from "./queries/users.ts";
import type { SearchUsers, UpdateProfile, UserView } from "./schema.ts";
import { userById, userView } from "./users.ts";

type Operator = Actor<"admin">;

const locked = async (tx: Tx, id: Id<"user">): Promise<UserRow> => {
  const row = await lockUser(tx, id);
  if (!row) throw refuse("user_not_found");
  return row;
};

/** An active administrator may go only while another one stays. Call it before locking the person. */
const keepAnAdmin = async (tx: Tx, id: Id<"user">): Promise<void> => {
  const admins = await lockActiveAdmins(tx);
  if (admins.includes(id) && admins.length === 1) throw refuse("last_admin");
};

/** A change of rights that is answered only when every server knows: who is suspended is let in nowhere any more. */
export const changeEverywhere = async <T>(
  ctx: Pick<Context, "transact">,
  { access }: { access: Access },
  work: (tx: Tx) => Promise<T>,
): Promise<T> => {
  const changed = await ctx.transact(work);
  await catchUpEverywhere(access);
  return changed;
};

/** A person as they and an operator see them; refuses `user_not_found`. */
export const profileOf = async (db: Db, id: Id<"user">): Promise<UserView> => {
  const user = await userById(db, id);
  if (!user) throw refuse("user_not_found");
  return user;
};

/** Changes one's own name, phone or language; what is left out stays. */
export const updateProfile = async (
  tx: Tx,
  actor: Actor,
  change: v.InferOutput<typeof UpdateProfile>,
): Promise<UserView> => {
  const row = await locked(tx, actor.id);
  const next = {
    ...(change.fullName === undefined ? {} : { full_name: change.fullName }),
    ...(change.phone === undefined ? {} : { phone: change.phone }),
    ...(change.locale === undefined ? {} : { locale: change.locale }),
  };
  const changed = Object.keys(next) as (keyof typeof next)[];
  if (changed.length === 0) return userView(row);
  const after = await updateUser(tx, actor.id, next);
  await audit(tx, actor, "user.update_profile", actor.id, { after: { changed } });
  return userView(after);
};

/** Lets a cva review, or takes that back. Takes effect at once; saying it twice changes nothing. */
export const accredit = async (
  tx: Tx,
  operator: Operator,
  { id, accredited }: { id: Id<"user">; accredited: boolean },
): Promise<UserView> => {
  const row = await locked(tx, id);
  if (row.role !== "cva") throw refuse("accredit_only_cva");
  if (row.accredited === accredited) return userView(row);
  const after = await updateUser(tx, id, { accredited });
  await emit(tx, cvaAccredited, { userId: id, accredited });
  await audit(tx, operator, accredited ? "user.accredit" : "user.disaccredit", id, {
    before: { accredited: row.accredited },
    after: { accredited },
  });
  return userView(after);
};

/** Shuts a person out at once: sessions end, tokens and API keys stop counting. Nothing of theirs is deleted. */
export const suspend = async (
  tx: Tx,
  operator: Operator,
  { id, reason }: { id: Id<"user">; reason: string },
): Promise<UserView> => {
  if (operator.id === id) throw refuse("suspend_self");
  await keepAnAdmin(tx, id);
  const row = await locked(tx, id);
  if (row.suspended_at) return userView(row);
  const after = await updateUser(tx, id, { suspended_at: tx.at, suspension_reason: reason });
  const sessions = await deleteSessionsOf(tx, id);
  const keys = await deleteKeysOf(tx, id);
  await outdateLinks(tx, id);
  await emit(tx, userSuspended, { userId: id, reason });
  await audit(tx, operator, "user.suspend", id, {
    after: { reason, sessionsEnded: sessions, keysEnded: keys },
  });
  return userView(after);
};

/** Lets a suspended person in again; they sign in anew. */
export const unsuspend = async (tx: Tx, operator: Operator, id: Id<"user">): Promise<UserView> => {
  const row = await locked(tx, id);
  if (!row.suspended_at) return userView(row);
  const after = await updateUser(tx, id, { suspended_at: null, suspension_reason: null });
  await emit(tx, userReinstated, { userId: id });
  await audit(tx, operator, "user.unsuspend", id, { before: { reason: row.suspension_reason } });
  return userView(after);
};

/** Gives a person another role. A cva's accreditation does not survive it; the last admin stays one. */
export const changeRole = async (
  tx: Tx,
  operator: Operator,
  { id, role }: { id: Id<"user">; role: Role },
): Promise<UserView> => {
  if (operator.id === id) throw refuse("role_change_self");
  if (role !== "admin") await keepAnAdmin(tx, id);
  const row = await locked(tx, id);
  if (row.role === role) return userView(row);
  const after = await giveRole(tx, { by: operator.id, id, role });
  // A key was made for what the person could do then; with the new role it might do far more.
  const keysEnded = await deleteKeysOf(tx, id);
  await emit(tx, userRoleChanged, { userId: id, from: row.role, to: role });
  await audit(tx, operator, "user.change_role", id, {
    before: { role: row.role },
    after: { role, keysEnded },
  });
  return userView(after);
};

/**
 * The first administrator: the account with an address, by the hand of whoever holds the database. Refuses `user_not_found`;
 * the database refuses it while there is an administrator.
 */
export const makeFirstAdmin = async (tx: Tx, email: string): Promise<UserView> => {
  const row = await userByEmail(tx, email);
  if (!row) throw refuse("user_not_found");
  const after = await giveRole(tx, { by: null, id: row.id, role: "admin" });
  await emit(tx, userRoleChanged, { userId: row.id, from: row.role, to: "admin" });
  await audit(tx, null, "user.change_role", row.id, { before: { role: row.role }, after: { role: "admin" } });
  return userView(after);
};

/** Ends all sessions and API keys of a person, and what letters still promise. They may sign in again. */
export const forceSignOut = async (tx: Tx, operator: Operator, id: Id<"user">): Promise<number> => {
  await locked(tx, id);
  const ended = await deleteSessionsOf(tx, id);
  await outdateLinks(tx, id);
  await audit(tx, operator, "user.force_sign_out", id, {
    after: { sessionsEnded: ended, keysEnded: await deleteKeysOf(tx, id) },
  });
  return ended;
};

/** People, newest first, by part of the name or e-mail address, role and state. */
export const searchUsers = async (
  db: Db,
  filter: v.InferOutput<typeof SearchUsers>,
): Promise<Page<UserView>> => {
  const rows = await searchUserRows(db, { ...filter, after: afterMoment("user", filter.cursor) });
  return pageFrom(rows, filter.limit, userView, (row) => momentKey(row.created_at, row.id));
};

/** How many people there are, by role. */
export const countUsers = async (db: Db) => {
  const rows = await countUserRows(db);
  return rows.map((row) => ({
    role: row.role,
    people: Number(row.people),
    suspended: Number(row.suspended),
    kycWaiting: Number(row.kyc_waiting),
  }));
};
