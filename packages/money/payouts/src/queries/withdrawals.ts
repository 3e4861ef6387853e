import type { GatewayName } from "@evx/adapters";
import { type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";

export const columns = [
  "id",
  "user_id",
  "amount_minor",
  "currency",
  "status",
  "gateway",
  "bank_masked",
  "bank_sealed",
  "bank_digest",
  "payout_ref",
  "failure",
  "requested_at",
  "decided_at",
  "decided_by",
  "sending_at",
  "looked_at",
  // The column is older than the word: *settled* is what the posting of a sale is.
  "settled_at as ended_at",
  "flag",
] as const;

export type WithdrawalRow = NonNullable<Awaited<ReturnType<typeof withdrawalRow>>>;

export const withdrawalRow = (db: Db, id: Id<"withdrawal">) =>
  db.selectFrom("payments.withdrawal").select(columns).where("id", "=", id).executeTakeFirst();

export const lockWithdrawal = (tx: Tx, id: Id<"withdrawal">) =>
  tx.selectFrom("payments.withdrawal").select(columns).where("id", "=", id).forUpdate().executeTakeFirst();

export type NewWithdrawal = {
  readonly id: Id<"withdrawal">;
  readonly userId: Id<"user">;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly gateway: GatewayName;
  readonly bankMasked: string;
  readonly bankSealed: string;
  readonly bankDigest: string;
  readonly approved: boolean;
};

/** Answers the new row; nothing when the id is taken. */
export const insertWithdrawal = (tx: Tx, withdrawal: NewWithdrawal) =>
  tx
    .insertInto("payments.withdrawal")
    .values({
      id: withdrawal.id,
      user_id: withdrawal.userId,
      amount_minor: withdrawal.amount_minor,
      currency: withdrawal.currency,
      status: withdrawal.approved ? "approved" : "requested",
      gateway: withdrawal.gateway,
      bank_masked: withdrawal.bankMasked,
      bank_sealed: withdrawal.bankSealed,
      bank_digest: withdrawal.bankDigest,
      requested_at: tx.at,
      decided_at: withdrawal.approved ? tx.at : null,
      looked_at: tx.at,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning(columns)
    .executeTakeFirst();

export const changeWithdrawal = (
  tx: Tx,
  id: Id<"withdrawal">,
  {
    ended_at,
    ...change
  }: {
    status?: WithdrawalRow["status"];
    payout_ref?: string | null;
    failure?: string | null;
    decided_at?: Date;
    decided_by?: Id<"user">;
    sending_at?: Date;
    ended_at?: Date;
    flag?: "unanswered" | null;
  },
) =>
  tx
    .updateTable("payments.withdrawal")
    .set({ ...change, looked_at: tx.at, ...(ended_at ? { settled_at: ended_at } : {}) })
    .where("id", "=", id)
    .returning(columns)
    .executeTakeFirstOrThrow();

/** Whether a person's money went to an account before, or goes there by their plan. */
export const isKnownAccount = async (
  db: Db,
  userId: Id<"user">,
  { digests, but }: { digests: readonly string[]; but: Id<"withdrawal"> },
): Promise<boolean> => {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select 1 from payments.withdrawal w where w.user_id = ${userId} and w.id <> ${but}
        and w.status = 'completed' and w.bank_digest = any(${digests}))
      or exists (select 1 from payments.payout_plan p where p.user_id = ${userId} and p.bank_digest = any(${digests})) as known`.execute(
    db,
  );
  return rows[0]?.known ?? false;
};

/** What a person asked for since a moment, but what failed: money that left or is about to. */
export const askedSince = async (db: Db, userId: Id<"user">, since: Date): Promise<bigint> => {
  const row = await db
    .selectFrom("payments.withdrawal")
    .select(({ fn }) => fn.sum<string | null>("amount_minor").as("sum"))
    .where("user_id", "=", userId)
    .where("requested_at", ">=", since)
    .where("status", "<>", "failed")
    .executeTakeFirstOrThrow();
  return BigInt(row.sum ?? "0");
};

/** What is set aside for withdrawals that have not left yet. */
export const withdrawingOf = async (db: Db, userId: Id<"user">, currency: string): Promise<bigint> => {
  const row = await db
    .selectFrom("payments.withdrawal")
    .select(({ fn }) => fn.sum<string | null>("amount_minor").as("sum"))
    .where("user_id", "=", userId)
    .where("currency", "=", currency)
    .where("status", "in", ["requested", "approved", "sent"])
    .executeTakeFirstOrThrow();
  return BigInt(row.sum ?? "0");
};

/** Withdrawals that the gateway has not finished and about which nothing was heard since a moment. */
export const quietWithdrawals = (db: Db, before: Date, limit: number) =>
  db
    .selectFrom("payments.withdrawal")
    .select(["id", "status"])
    .where("status", "in", ["approved", "sent"])
    .where("flag", "is", null)
    .where("looked_at", "<", before)
    .orderBy("looked_at")
    .limit(limit)
    .execute();

export const recipientRow = (db: Db, userId: Id<"user">, gateway: GatewayName) =>
  db
    .selectFrom("payments.recipient")
    .select(["ref", "country_code", "accepted_at", "accepted_from"])
    .where("user_id", "=", userId)
    .where("gateway", "=", gateway)
    .executeTakeFirst();

/** Keeps the first acceptance of the gateway's terms: what is sent there under one key must not change. */
export const insertRecipient = (
  tx: Tx,
  recipient: { userId: Id<"user">; gateway: GatewayName; country: string; acceptedFrom: string },
) =>
  tx
    .insertInto("payments.recipient")
    .values({
      user_id: recipient.userId,
      gateway: recipient.gateway,
      country_code: recipient.country,
      accepted_at: tx.at,
      accepted_from: recipient.acceptedFrom,
    })
    .onConflict((conflict) => conflict.columns(["user_id", "gateway"]).doNothing())
    .execute();

/** Keeps the gateway's name for a person; the first one stays. */
export const nameRecipient = (tx: Tx, userId: Id<"user">, gateway: GatewayName, ref: string) =>
  tx
    .updateTable("payments.recipient")
    .set({ ref })
    .where("user_id", "=", userId)
    .where("gateway", "=", gateway)
    .where("ref", "is", null)
    .execute();

const underOtherKeys = (db: Db, present: string) =>
  db
    .selectFrom("payments.withdrawal")
    // Names of keys are hex digits, so nothing in the pattern is a wildcard but its end.
    .where("bank_sealed", "not like", `${present}%`);

/** A portion of bank accounts that lie under another key than the present one; locked, those that another run has are passed over. */
export const lockUnderOtherKeys = (tx: Tx, present: string, limit: number) =>
  underOtherKeys(tx, present)
    .select(["id", "bank_sealed"])
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();

export const countUnderOtherKeys = async (db: Db, present: string): Promise<number> => {
  const row = await underOtherKeys(db, present)
    .select(({ fn }) => fn.countAll<string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
};

export const resealBank = async (
  tx: Tx,
  id: Id<"withdrawal">,
  { sealed, digest }: { sealed: string; digest: string },
): Promise<void> => {
  await tx
    .updateTable("payments.withdrawal")
    .set({ bank_sealed: sealed, bank_digest: digest })
    .where("id", "=", id)
    .execute();
};

/** Withdrawals that a gateway was asked to send in a time and that it has a name for. */
export const sentWithdrawals = (db: Db, gateway: GatewayName, from: Date, to: Date) =>
  db
    .selectFrom("payments.withdrawal")
    .select(["id", "payout_ref", "currency", "amount_minor", "status"])
    .where("gateway", "=", gateway)
    .where("payout_ref", "is not", null)
    .where("sending_at", ">=", from)
    .where("sending_at", "<", to)
    .execute();

/** Keeps what a gateway charged for a withdrawal; answers whether that is new. */
export const keepPayoutFee = async (tx: Tx, id: Id<"withdrawal">, fee_minor: bigint): Promise<boolean> => {
  const row = await tx
    .updateTable("payments.withdrawal")
    .set({ fee_minor })
    .where("id", "=", id)
    .where("fee_minor", "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
};
