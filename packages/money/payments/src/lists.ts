import type { Db } from "@evx/db";
import { displayNames } from "@evx/identity";
import { type Id, type Page, type PageInput, pageFrom, textFromMinor } from "@evx/kernel";
import { refuse } from "./errors.ts";
import { currencyOf, paymentView } from "./payments.ts";
import type { WithdrawalStatus } from "./policy.ts";
import {
  allPayments,
  allWithdrawals,
  type PaymentFilter,
  paymentsOfBuyer,
  withdrawalsOfUser,
} from "./queries/lists.ts";
import type { PaymentRow } from "./queries/payments.ts";
import { type WithdrawalRow, withdrawalRow } from "./queries/withdrawals.ts";
import type { OperatorPaymentView, OperatorWithdrawalView, PaymentView, WithdrawalView } from "./views.ts";
import { withdrawalView } from "./withdrawals.ts";

/** A person's payments as a buyer, newest first. */
export const myPayments = async (
  db: Db,
  userId: Id<"user">,
  page: PageInput,
  now: Date,
): Promise<Page<PaymentView>> =>
  pageFrom(
    await paymentsOfBuyer(db, userId, page),
    page.limit,
    (row) => paymentView(row, now),
    (row) => [row.created_at.toISOString(), row.id],
  );

/** A person's withdrawals, newest first. */
export const myWithdrawals = async (
  db: Db,
  userId: Id<"user">,
  page: PageInput,
): Promise<Page<WithdrawalView>> =>
  pageFrom(await withdrawalsOfUser(db, userId, page), page.limit, withdrawalView, (row) => [
    row.requested_at.toISOString(),
    row.id,
  ]);

const namesOf = (db: Db, ids: readonly string[]) => displayNames(db, ids as readonly Id<"user">[]);

const operatorPayment = (row: PaymentRow, names: Map<string, string>, now: Date): OperatorPaymentView => ({
  ...paymentView(row, now),
  buyerId: row.buyer_id as Id<"user">,
  sellerId: row.seller_id as Id<"user">,
  buyerName: names.get(row.buyer_id) ?? "",
  sellerName: names.get(row.seller_id) ?? "",
  state: row.status,
  refunded: textFromMinor(row.refunded_minor, currencyOf(row)),
  settledAt: row.settled_at,
  flag: row.flag,
});

/** All payments for an operator, newest first. */
export const operatorPayments = async (
  db: Db,
  page: PageInput & { show: PaymentFilter },
  now: Date,
): Promise<Page<OperatorPaymentView>> => {
  const rows = await allPayments(db, page, page.show);
  const names = await namesOf(
    db,
    rows.flatMap((row) => [row.buyer_id, row.seller_id]),
  );
  return pageFrom(
    rows,
    page.limit,
    (row) => operatorPayment(row, names, now),
    (row) => [row.created_at.toISOString(), row.id],
  );
};

const operatorView = (row: WithdrawalRow, names: Map<string, string>): OperatorWithdrawalView => ({
  ...withdrawalView(row),
  userId: row.user_id as Id<"user">,
  userName: names.get(row.user_id) ?? "",
  flag: row.flag === null ? null : "unanswered",
});

/** All withdrawals for an operator, newest first. */
export const operatorWithdrawals = async (
  db: Db,
  page: PageInput & { status?: WithdrawalStatus | undefined },
): Promise<Page<OperatorWithdrawalView>> => {
  const rows = await allWithdrawals(db, page, page.status);
  const names = await namesOf(
    db,
    rows.map((row) => row.user_id),
  );
  return pageFrom(
    rows,
    page.limit,
    (row) => operatorView(row, names),
    (row) => [row.requested_at.toISOString(), row.id],
  );
};

/** One withdrawal, for its owner. */
export const myWithdrawal = async (
  db: Db,
  userId: Id<"user">,
  id: Id<"withdrawal">,
): Promise<WithdrawalView> => {
  const row = await withdrawalRow(db, id);
  if (!row || row.user_id !== userId) throw refuse("withdrawal_unknown");
  return withdrawalView(row);
};
