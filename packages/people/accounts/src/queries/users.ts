import type { Database, Db, Tx } from "@evx/db";
import { sql } from "@evx/db";
import { type Id, isId, type MomentKey } from "@evx/kernel";
import type { Insertable, Selectable, Updateable } from "kysely";

/** How everybody sees somebody: read apart, where it is needed. */
type PublicColumn = "pseudonym" | "public_kind" | "public_name" | "lei";

export type PublicRow = Pick<Selectable<Database["identity.user"]>, "id" | PublicColumn>;

export type UserRow = Omit<
  Selectable<Database["identity.user"]>,
  "access_xid" | "access_at" | "links_from" | PublicColumn
>;

const columns = [
  "id",
  "email",
  "email_verified",
  "full_name",
  "image",
  "phone",
  "locale",
  "role",
  "accredited",
  "kyc_status",
  "two_factor_enabled",
  "suspended_at",
  "suspension_reason",
  "created_at",
  "updated_at",
] as const;

export const userRow = (db: Db, id: Id<"user">): Promise<UserRow | undefined> =>
  db.selectFrom("identity.user").select(columns).where("id", "=", id).executeTakeFirst();

/** The row, locked until the transaction ends: two changes of one person take turns. */
export const lockUser = (tx: Tx, id: Id<"user">): Promise<UserRow | undefined> =>
  tx.selectFrom("identity.user").select(columns).where("id", "=", id).forUpdate().executeTakeFirst();

export const userByEmail = (db: Db, email: string): Promise<UserRow | undefined> =>
  db.selectFrom("identity.user").select(columns).where("email", "=", email.toLowerCase()).executeTakeFirst();

export const oldestAdmin = (db: Db): Promise<UserRow | undefined> =>
  db
    .selectFrom("identity.user")
    .select(columns)
    .where("role", "=", "admin")
    .where("suspended_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();

export const adminRows = (db: Db) =>
  db
    .selectFrom("identity.user")
    .select("id")
    .where("role", "=", "admin")
    .where("suspended_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .execute();

export const insertUser = async (tx: Tx, row: Insertable<Database["identity.user"]>): Promise<void> => {
  await tx.insertInto("identity.user").values(row).execute();
};

export const updateUser = (
  tx: Tx,
  id: Id<"user">,
  change: Updateable<Database["identity.user"]>,
): Promise<UserRow> =>
  tx
    .updateTable("identity.user")
    .set({ ...change, updated_at: tx.at })
    .where("id", "=", id)
    .returning(columns)
    .executeTakeFirstOrThrow();

/**
 * Gives a person another role by the hand of an administrator; null makes the first one. The tables are closed to this:
 * the function looks at who acts.
 */
export const giveRole = async (
  tx: Tx,
  { by, id, role }: { by: Id<"user"> | null; id: Id<"user">; role: UserRow["role"] },
): Promise<UserRow> => {
  await sql`select identity.change_role(${by}, ${id}, ${role}, ${tx.at})`.execute(tx);
  return tx.selectFrom("identity.user").select(columns).where("id", "=", id).executeTakeFirstOrThrow();
};

export const nameRows = (db: Db, ids: readonly Id<"user">[]) =>
  db.selectFrom("identity.user").select(["id", "full_name", "role"]).where("id", "in", ids).execute();

export const publicRows = (db: Db, ids: readonly Id<"user">[]): Promise<PublicRow[]> =>
  db
    .selectFrom("identity.user")
    .select(["id", "pseudonym", "public_kind", "public_name", "lei"])
    .where("id", "in", ids)
    .execute();

/** Ids of active administrators, locked in id order: two who demote each other cannot both succeed. */
export const lockActiveAdmins = async (tx: Tx): Promise<Id<"user">[]> => {
  const rows = await tx
    .selectFrom("identity.user")
    .select("id")
    .where("role", "=", "admin")
    .where("suspended_at", "is", null)
    .orderBy("id")
    .forUpdate()
    .execute();
  return rows.map((row) => row.id);
};

export type UserFilter = {
  q?: string;
  role?: UserRow["role"];
  status?: "active" | "suspended";
  kycStatus?: UserRow["kyc_status"];
  accredited?: boolean;
  limit: number;
  after: MomentKey<"user"> | null;
};

/** `%` and `_` that a person typed mean themselves. */
const contains = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** Newest first; `after` is the place of the last row seen. */
export const searchUserRows = (db: Db, filter: UserFilter): Promise<UserRow[]> => {
  let query = db.selectFrom("identity.user").select(columns);
  const { q, role, status, kycStatus, accredited, after } = filter;
  if (q && isId("user", q)) query = query.where("id", "=", q);
  else if (q)
    query = query.where(
      sql<boolean>`public.folded(full_name || ' ' || email) like public.folded(${contains(q)})`,
    );
  if (role) query = query.where("role", "=", role);
  if (status) query = query.where("suspended_at", status === "suspended" ? "is not" : "is", null);
  if (kycStatus) query = query.where("kyc_status", "=", kycStatus);
  if (accredited !== undefined) query = query.where("accredited", "=", accredited);
  if (after) query = query.where(sql<boolean>`(created_at, id) < (${after.at}, ${after.id})`);
  return query
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(filter.limit + 1)
    .execute();
};

/** How many people there are of each role, and how many of them are suspended or wait for KYC. */
export const countUserRows = (db: Db) =>
  db
    .selectFrom("identity.user")
    .select(({ fn }) => [
      "role",
      fn.countAll<bigint>().as("people"),
      fn.count<bigint>("suspended_at").as("suspended"),
      sql<bigint>`count(*) filter (where kyc_status = 'submitted')`.as("kyc_waiting"),
    ])
    .groupBy("role")
    .execute();
