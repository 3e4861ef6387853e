/** One line of money: a sale or a withdrawal, with what it left or took. Amounts are decimal text. */
export type Movement = {
  readonly id: string;
  readonly kind: "sold" | "withdrawn";
  readonly at: string;
  readonly amount: string;
  readonly currency: string;
  readonly credits: string | null;
  readonly account: string | null;
  readonly href: string;
};

type Order = {
  id: string;
  status: string;
  paidAt: string | null;
  netToSeller: string;
  currency: string;
  creditsAmount: string;
};
type Withdrawal = {
  id: string;
  status: string;
  createdAt: string;
  amount: string;
  currency: string;
  bankAccountMasked: string;
};

/** What came in by sales and went out to banks, newest first: only what really moved. */
export const moneyOf = (orders: readonly Order[], withdrawals: readonly Withdrawal[]): Movement[] =>
  [
    ...orders
      .filter(({ status, paidAt }) => status === "completed" && paidAt !== null)
      .map(
        (order): Movement => ({
          id: order.id,
          kind: "sold",
          at: order.paidAt ?? "",
          amount: order.netToSeller,
          currency: order.currency,
          credits: order.creditsAmount,
          account: null,
          href: `/owner/orders/${order.id}`,
        }),
      ),
    ...withdrawals
      .filter(({ status }) => status !== "failed")
      .map(
        (withdrawal): Movement => ({
          id: withdrawal.id,
          kind: "withdrawn",
          at: withdrawal.createdAt,
          amount: withdrawal.amount,
          currency: withdrawal.currency,
          credits: null,
          account: withdrawal.bankAccountMasked,
          href: "/owner/earnings",
        }),
      ),
  ].sort((a, b) => b.at.localeCompare(a.at));
