import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import * as v from "valibot";

const Shares = v.array(v.object({ of: v.string(), account: v.string(), amount: v.string() }));

/** Shares as a column holds them. */
export const sharesIn = (column: unknown): v.InferOutput<typeof Shares> =>
  column === null ? [] : v.parse(Shares, column);

/** All that was taken back of a payment after its sale and not returned: for refunds, and by its buyer's bank. */
export const sharesTaken = async (
  db: Db,
  paymentId: Id<"payment">,
): Promise<v.InferOutput<typeof Shares>> => {
  const refunds = await db
    .selectFrom("payments.refund")
    .select("shares")
    .where("payment_id", "=", paymentId)
    .where("shares", "is not", null)
    .where("returned_at", "is", null)
    .execute();
  const dispute = await db
    .selectFrom("payments.dispute")
    .select("shares")
    .where("payment_id", "=", paymentId)
    .executeTakeFirst();
  return [...refunds.flatMap(({ shares }) => sharesIn(shares)), ...sharesIn(dispute?.shares ?? null)];
};
