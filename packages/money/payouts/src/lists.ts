import { displayNames } from "@evx/accounts";
import type { Db } from "@evx/db";
import { type Id, momentKey, type Page, type PageInput, pageFrom } from "@evx/kernel";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import type { WithdrawalStatus } from "./policy.ts";
import { allWithdrawals, withdrawalsOfUser } from "./queries/lists.ts";
import { type WithdrawalRow, withdrawalRow } from "./queries/withdrawals.ts";
import type * as S from "./schema.ts";
import { type WithdrawalView, withdrawalView } from "./withdrawals.ts";

/** A withdrawal as an operator sees it, its moments still dates. */
export type OperatorWithdrawalView = v.InferInput<typeof S.OperatorWithdrawal>;

/** A person's withdrawals, newest first. */
export const myWithdrawals = async (
  db: Db,
  userId: Id<"user">,
  page: PageInput,
): Promise<Page<WithdrawalView>> =>
  pageFrom(await withdrawalsOfUser(db, userId, page), page.limit, withdrawalView, (row) =>
    momentKey(row.requested_at, row.id),
  );

const operatorView = (row: WithdrawalRow, names: Map<string, string>): OperatorWithdrawalView => ({
  ...withdrawalView(row),
  userId: row.user_id,
  userName: names.get(row.user_id) ?? "",
  flag: row.flag === null ? null : "unanswered",
});

/** All withdrawals for an operator, newest first. */
export const operatorWithdrawals = async (
  db: Db,
  page: PageInput & { status?: WithdrawalStatus | undefined },
): Promise<Page<OperatorWithdrawalView>> => {
  const rows = await allWithdrawals(db, page, page.status);
  const names = await displayNames(
    db,
    rows.map((row) => row.user_id),
  );
  return pageFrom(
    rows,
    page.limit,
    (row) => operatorView(row, names),
    (row) => momentKey(row.requested_at, row.id),
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
