import type { Db, Tx } from "@evx/db";
import { type Id, newId } from "@evx/kernel";
import type { Actor, Role } from "@evx/rpc";
import { insertUser, userRow } from "./queries/users.ts";
import { actorFrom } from "./users.ts";

/** What a test database gives that builders need. */
type World = { transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

export type UserWish<R extends Role> = {
  id?: Id<"user">;
  role?: R;
  email?: string;
  fullName?: string;
  /** True for a cva unless told: a test that needs an unaccredited one says so. */
  accredited?: boolean;
  emailVerified?: boolean;
  kycStatus?: Actor["kycStatus"];
  locale?: "en" | "vi";
};

/** A person in the database, without a password: takes one insert, no hashing. An ev_owner unless told. */
export const aUser = async <R extends Role = "ev_owner">(
  world: World,
  wish: UserWish<R> = {},
): Promise<Actor<R>> => {
  const id = wish.id ?? newId("user");
  const role = wish.role ?? "ev_owner";
  await world.transact((tx) =>
    insertUser(tx, {
      id,
      role,
      email: wish.email ?? `${id}@test.evx`,
      full_name: wish.fullName ?? `Test ${role} ${id.slice(-4)}`,
      accredited: wish.accredited ?? role === "cva",
      email_verified: wish.emailVerified ?? true,
      kyc_status: wish.kycStatus ?? "verified",
      locale: wish.locale ?? "en",
      created_at: tx.at,
      updated_at: tx.at,
    }),
  );
  return {
    id,
    role: role as R,
    accredited: wish.accredited ?? role === "cva",
    emailVerified: wish.emailVerified ?? true,
    kycStatus: wish.kycStatus ?? "verified",
  };
};

/** The person as the edges would see them now. */
export const actorOf = async (db: Db, id: Id<"user">): Promise<Actor> => {
  const row = await userRow(db, id);
  if (!row) throw new Error(`No user ${id}`);
  return actorFrom(row);
};

export { aContext, aVisitor, refusalCode, testIdentity, type Visitor } from "./visitor.ts";
