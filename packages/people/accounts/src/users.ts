import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor, Role } from "@evx/rpc";
import { refuse } from "./errors.ts";
import {
  adminRows,
  lockUser,
  nameRows,
  oldestAdmin,
  type UserRow,
  updateUser,
  userByEmail,
  userRow,
} from "./queries/users.ts";
import type { UserView } from "./schema.ts";

/** What decides about a person's rights: the actor, and whether they have a second factor. */
export type Person = { actor: Actor; twoFactor: boolean };

/** What a valid credential says: who, by which session or key, and until when (milliseconds since 1970). */
export type Credential = {
  person: Person;
  subjectId: Id<"session"> | Id<"apikey">;
  expiresAt: number;
  scopes?: readonly string[];
};

export type PersonRow = Pick<
  UserRow,
  "id" | "role" | "accredited" | "email_verified" | "kyc_status" | "two_factor_enabled"
>;

export const personFrom = (row: PersonRow): Person => ({
  actor: actorFrom(row),
  twoFactor: row.two_factor_enabled,
});

/** What the edges need to know of a person. */
export const actorFrom = (
  row: Pick<UserRow, "id" | "role" | "accredited" | "email_verified" | "kyc_status">,
): Actor => ({
  id: row.id,
  role: row.role,
  accredited: row.accredited,
  emailVerified: row.email_verified,
  kycStatus: row.kyc_status,
});

/** A person as they and an operator see them. */
export const userView = (row: UserRow): UserView => ({
  id: row.id,
  email: row.email,
  fullName: row.full_name,
  role: row.role,
  phone: row.phone,
  kycStatus: row.kyc_status,
  accredited: row.accredited,
  emailVerified: row.email_verified,
  twoFactorEnabled: row.two_factor_enabled,
  locale: row.locale,
  suspendedAt: row.suspended_at,
  createdAt: row.created_at,
});

/** A person by id, or null. For their own eyes and an operator's: others may see the name at most. */
export const userById = async (db: Db, id: Id<"user">): Promise<UserView | null> => {
  const row = await userRow(db, id);
  return row ? userView(row) : null;
};

/** A person as an actor, by address: null when there is none or they are suspended. For tools that hold the database. */
export const actorByEmail = async (db: Db, email: string): Promise<Actor | null> => {
  const row = await userByEmail(db, email);
  return row && !row.suspended_at ? actorFrom(row) : null;
};

/**
 * Whether a person may act at this moment: they are there and not suspended. Everything that acts for somebody without
 * their credential asks this: tokens of boxes, streams, jobs, auctions that run on. Answers who they are, or null.
 */
export const mayAct = async (db: Db, id: Id<"user">): Promise<Actor | null> => {
  const row = await userRow(db, id);
  return row && !row.suspended_at ? actorFrom(row) : null;
};

/** The administrator who has been there longest, as an actor. For tools that hold the database. */
export const oldestOperator = async (db: Db): Promise<Actor | null> => {
  const row = await oldestAdmin(db);
  return row ? actorFrom(row) : null;
};

/** The administrators who can act, the longest there first. */
export const operatorIds = async (db: Db): Promise<Id<"user">[]> => (await adminRows(db)).map(({ id }) => id);

/** Full names by user id, in one query. Ids that nobody has are left out. */
export const displayNames = async (db: Db, ids: readonly Id<"user">[]): Promise<Map<Id<"user">, string>> => {
  const people = await peopleById(db, ids);
  return new Map([...people].map(([id, { fullName }]) => [id, fullName]));
};

/** A name as strangers see it: the first letter of each word. "Nguyễn Thị Bình" is "N. T. B." */
export const initialsOf = (fullName: string): string =>
  fullName
    .split(/\s+/)
    .flatMap((word) => word.match(/[\p{L}\p{N}]/u) ?? [])
    .map((letter) => `${letter}.`)
    .join(" ");

/** Names and roles by user id, in one query. Ids that nobody has are left out. */
export const peopleById = async (
  db: Db,
  ids: readonly Id<"user">[],
): Promise<Map<Id<"user">, { fullName: string; role: Role }>> => {
  if (ids.length === 0) return new Map();
  const rows = await nameRows(db, [...new Set(ids)]);
  return new Map(rows.map((row) => [row.id, { fullName: row.full_name, role: row.role }]));
};

/** A person, locked until the transaction ends: two changes of one person take turns. Refuses `user_not_found`. */
export const lockPerson = async (tx: Tx, id: Id<"user">): Promise<UserView> => {
  const row = await lockUser(tx, id);
  if (!row) throw refuse("user_not_found");
  return userView(row);
};

/** Where a person's proof of identity stands, from the room that decides on it. */
export const setKycStatus = async (tx: Tx, id: Id<"user">, status: Actor["kycStatus"]): Promise<void> => {
  await updateUser(tx, id, { kyc_status: status });
};
