import { type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";

/** The hash of a person's password; undefined where there is none. */
export const passwordHash = async (db: Db, userId: Id<"user">): Promise<string | undefined> => {
  const row = await db
    .selectFrom("identity.account")
    .select("password")
    .where("user_id", "=", userId)
    .where("provider_id", "=", "credential")
    .executeTakeFirst();
  return row?.password ?? undefined;
};

/** Puts another hash of the same password in the place of one, unless the password was changed meanwhile. */
export const replaceHash = async (
  tx: Tx,
  userId: Id<"user">,
  { from, to }: { from: string; to: string },
): Promise<void> => {
  await tx
    .updateTable("identity.account")
    .set({ password: to })
    .where("user_id", "=", userId)
    .where("provider_id", "=", "credential")
    .where("password", "=", from)
    .execute();
};

/** Ends what letters and half-done sign-ins still promise a person: reset links, challenges of the second factor. */
export const deleteVerifications = async (tx: Tx, userId: Id<"user">): Promise<void> => {
  await tx.deleteFrom("identity.verification").where("value", "=", userId).execute();
};

/** What is stored under an identifier of a link: whose it is. */
export const verificationOf = async (db: Db, identifier: string): Promise<string | undefined> => {
  const row = await db
    .selectFrom("identity.verification")
    .select("value")
    .where("identifier", "=", identifier)
    .executeTakeFirst();
  return row?.value;
};

/** From now on only links in later letters count. Tokens tell their time in whole seconds. */
export const outdateLinks = async (tx: Tx, userId: Id<"user">): Promise<void> => {
  await deleteVerifications(tx, userId);
  await sql`update identity.user set links_from = clock_timestamp() where id = ${userId}`.execute(tx);
};

export const linksFrom = async (db: Db, userId: Id<"user">): Promise<Date | undefined> => {
  const { rows } = await sql<{ at: Date | null }>`
    select case when isfinite(links_from) then links_from end as at from identity.user where id = ${userId}`.execute(
    db,
  );
  return rows[0]?.at ?? undefined;
};

/** Takes a second factor away that a person never proved to be theirs. */
export const dropTwoFactor = async (tx: Tx, userId: Id<"user">): Promise<void> => {
  await tx.deleteFrom("identity.two_factor").where("user_id", "=", userId).execute();
  await tx.updateTable("identity.user").set({ two_factor_enabled: false }).where("id", "=", userId).execute();
};
