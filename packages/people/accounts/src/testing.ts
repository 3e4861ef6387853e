import type { Db, Tx } from "@evx/db";
import { type Id, newId } from "@evx/kernel";
import type { Actor, Role } from "@evx/rpc";
import { giveRole, insertUser, oldestAdmin, userRow } from "./queries/users.ts";
import { actorFrom } from "./users.ts";

/** What a test database gives that builders need. */
type World = { transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

export type UserInput<R extends Role> = {
  id?: Id<"user">;
  role?: R;
  email?: string;
  fullName?: string;
  /** True for a cva by default: a test that needs an unaccredited one says so. */
  accredited?: boolean;
  emailVerified?: boolean;
  kycStatus?: Actor["kycStatus"];
  locale?: "en" | "vi";
};

/** A person in the database, without a password: takes one insert, no hashing. An ev_owner by default. */
export const aUser = async <R extends Role = "ev_owner">(
  world: World,
  input: UserInput<R> = {},
): Promise<Actor<R>> => {
  const id = input.id ?? newId("user");
  const role = input.role ?? "ev_owner";
  await world.transact(async (tx) => {
    await insertUser(tx, {
      id,
      role: role === "admin" ? "buyer" : role,
      email: input.email ?? `${id}@test.evx`,
      full_name: input.fullName ?? `Test ${role} ${id.slice(-4)}`,
      accredited: input.accredited ?? role === "cva",
      email_verified: input.emailVerified ?? true,
      kyc_status: input.kycStatus ?? "verified",
      locale: input.locale ?? "en",
      created_at: tx.at,
      updated_at: tx.at,
    });
    // Another administrator makes them one, as everywhere; the first one nobody.
    if (role === "admin") await giveRole(tx, { by: (await oldestAdmin(tx))?.id ?? null, id, role: "admin" });
  });
  return {
    id,
    role: role as R,
    accredited: input.accredited ?? role === "cva",
    emailVerified: input.emailVerified ?? true,
    kycStatus: input.kycStatus ?? "verified",
  };
};

/** A session of a person, as a sign-in in a browser opens one; a month from now unless told. */
export const aSession = async (world: World, userId: Id<"user">): Promise<Id<"session">> => {
  const id = newId("session");
  await world.transact((tx) =>
    tx
      .insertInto("identity.session")
      .values({
        ...{ id, user_id: userId, token: `token-of-${id}`, created_at: tx.at, updated_at: tx.at },
        expires_at: new Date(tx.at.getTime() + 30 * 86_400_000),
      })
      .execute(),
  );
  return id;
};

/** The person as the edges would see them now. */
export const actorOf = async (db: Db, id: Id<"user">): Promise<Actor> => {
  const row = await userRow(db, id);
  if (!row) throw new Error(`No user ${id}`);
  return actorFrom(row);
};

export { oneBank, oneBrowser, oneDocument } from "./linked.testing.ts";
export { aContext, aVisitor, contextFor, testAccounts, type Visitor } from "./visitor.testing.ts";
