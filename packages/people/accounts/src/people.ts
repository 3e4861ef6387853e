import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import type { Id, Page } from "@evx/kernel";
import { pageFrom } from "@evx/kernel";
import type { Actor, Role } from "@evx/rpc";
import type * as v from "valibot";
import { audit } from "./audit.ts";
import { refuse } from "./errors.ts";
import { cvaAccredited, userReinstated, userRoleChanged, userSuspended } from "./events.ts";
import { placeOf } from "./places.ts";
import { deleteSessionsOf } from "./queries/sessions.ts";
import {
  countUserRows,
  lockActiveAdmins,
  lockUser,
  searchUserRows,
  type UserRow,
  updateUser,
} from "./queries/users.ts";
import type { CreateUser, SearchUsers, UpdateProfile, UserView } from "./schema.ts";
import type { SignIn } from "./signin.ts";
import { userById, userView } from "./users.ts";

type Operator = Actor<"admin">;

const locked = async (tx: Tx, id: string): Promise<UserRow> => {
  const row = await lockUser(tx, id);
  if (!row) throw refuse("user_not_found");
  return row;
};

/** An active administrator may go only while another one stays. Call it before locking the person. */
const keepAnAdmin = async (tx: Tx, id: string): Promise<void> => {
  const admins = await lockActiveAdmins(tx);
  if (admins.includes(id) && admins.length === 1) throw refuse("last_admin");
};

/** A person as they and an operator see them; refuses `user_not_found`. */
export const profileOf = async (db: Db, id: Id<"user">): Promise<UserView> => {
  const user = await userById(db, id);
  if (!user) throw refuse("user_not_found");
  return user;
};

/**
 * Makes an account of any role for somebody. Without a password nobody knows the one it gets, and the person sets
 * their own by the link in the letter.
 */
export const createUser = async (
  signing: SignIn,
  ctx: Parameters<SignIn["register"]>[0],
  operator: Operator,
  wish: v.InferOutput<typeof CreateUser>,
): Promise<UserView> => {
  const password =
    wish.password ?? Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  const person = { ...wish, password, locale: wish.locale ?? "en" };
  const { user } = await signing.register(ctx, person, {
    by: operator,
    session: false,
    invite: !wish.password,
  });
  return userView(user);
};

/** Changes one's own name, phone or language; what is left out stays. */
export const updateProfile = async (
  tx: Tx,
  actor: Actor,
  change: v.InferOutput<typeof UpdateProfile>,
  origin?: string,
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
  await audit(tx, actor, "user.update_profile", actor.id, { after: { changed }, origin });
  return userView(after);
};

/** Lets a cva review, or takes that back. Takes effect at once; saying it twice changes nothing. */
export const accredit = async (
  tx: Tx,
  operator: Operator,
  userId: Id<"user">,
  accredited = true,
  origin?: string,
): Promise<UserView> => {
  const row = await locked(tx, userId);
  if (row.role !== "cva") throw refuse("accredit_only_cva");
  if (row.accredited === accredited) return userView(row);
  const after = await updateUser(tx, userId, { accredited });
  await emit(tx, cvaAccredited, { userId, accredited });
  await audit(tx, operator, accredited ? "user.accredit" : "user.disaccredit", userId, {
    before: { accredited: row.accredited },
    after: { accredited },
    origin,
  });
  return userView(after);
};

/** Shuts a person out at once: sessions end, tokens and API keys stop counting. Nothing of theirs is deleted. */
export const suspend = async (
  tx: Tx,
  operator: Operator,
  userId: Id<"user">,
  reason: string,
  origin?: string,
): Promise<UserView> => {
  if (operator.id === userId) throw refuse("suspend_self");
  await keepAnAdmin(tx, userId);
  const row = await locked(tx, userId);
  if (row.suspended_at) return userView(row);
  const after = await updateUser(tx, userId, { suspended_at: tx.at, suspension_reason: reason });
  const sessions = await deleteSessionsOf(tx, userId);
  await emit(tx, userSuspended, { userId, reason });
  await audit(tx, operator, "user.suspend", userId, { after: { reason, sessionsEnded: sessions }, origin });
  return userView(after);
};

/** Lets a suspended person in again; they sign in anew. */
export const unsuspend = async (
  tx: Tx,
  operator: Operator,
  userId: Id<"user">,
  origin?: string,
): Promise<UserView> => {
  const row = await locked(tx, userId);
  if (!row.suspended_at) return userView(row);
  const after = await updateUser(tx, userId, { suspended_at: null, suspension_reason: null });
  await emit(tx, userReinstated, { userId });
  await audit(tx, operator, "user.unsuspend", userId, { before: { reason: row.suspension_reason }, origin });
  return userView(after);
};

/** Gives a person another role. A cva's accreditation does not survive it; the last admin stays one. */
export const changeRole = async (
  tx: Tx,
  operator: Operator,
  userId: Id<"user">,
  role: Role,
  origin?: string,
): Promise<UserView> => {
  if (operator.id === userId) throw refuse("role_change_self");
  if (role !== "admin") await keepAnAdmin(tx, userId);
  const row = await locked(tx, userId);
  if (row.role === role) return userView(row);
  const after = await updateUser(tx, userId, { role, accredited: false });
  await emit(tx, userRoleChanged, { userId, from: row.role, to: role });
  await audit(tx, operator, "user.change_role", userId, {
    before: { role: row.role },
    after: { role },
    origin,
  });
  return userView(after);
};

/** Ends all sessions of a person: browsers and API alike. They may sign in again. */
export const forceSignOut = async (
  tx: Tx,
  operator: Operator,
  userId: Id<"user">,
  origin?: string,
): Promise<number> => {
  await locked(tx, userId);
  const ended = await deleteSessionsOf(tx, userId);
  await audit(tx, operator, "user.force_sign_out", userId, { after: { sessionsEnded: ended }, origin });
  return ended;
};

/** People, newest first, by part of the name or e-mail address, role and state. */
export const searchUsers = async (
  db: Db,
  filter: v.InferOutput<typeof SearchUsers>,
): Promise<Page<UserView>> => {
  const rows = await searchUserRows(db, { ...filter, after: placeOf("user", filter.cursor) });
  return pageFrom(rows, filter.limit, userView, (row) => [row.created_at.toISOString(), row.id]);
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
