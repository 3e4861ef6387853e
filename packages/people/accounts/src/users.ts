import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { adminRows, nameRows, oldestAdmin, type UserRow, userByEmail, userRow } from "./queries/users.ts";
import type { UserView } from "./schema.ts";

/** What decides about a person's rights: the actor, and whether they have a second factor. */
export type Person = { actor: Actor; twoFactor: boolean };

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
  id: row.id as Id<"user">,
  role: row.role,
  accredited: row.accredited,
  emailVerified: row.email_verified,
  kycStatus: row.kyc_status,
});

/** A person as they and an operator see them. */
export const userView = (row: UserRow): UserView => ({
  id: row.id as Id<"user">,
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

/** The administrator who has been there longest, as an actor. For tools that hold the database. */
export const oldestOperator = async (db: Db): Promise<Actor | null> => {
  const row = await oldestAdmin(db);
  return row ? actorFrom(row) : null;
};

/** The administrators who can act, the longest there first. */
export const operatorIds = async (db: Db): Promise<Id<"user">[]> =>
  (await adminRows(db)).map(({ id }) => id as Id<"user">);

/** Full names by user id, in one query. Ids that nobody has are left out. */
export const displayNames = async (db: Db, ids: readonly Id<"user">[]): Promise<Map<Id<"user">, string>> => {
  if (ids.length === 0) return new Map();
  const rows = await nameRows(db, [...new Set(ids)]);
  return new Map(rows.map((row) => [row.id as Id<"user">, row.full_name]));
};
