import type { GatewayName } from "@evx/adapters";
import type { Db, Tx } from "@evx/db";
import { type Id, isCurrency, type Minor, namedId } from "@evx/kernel";
import { lossAccount, payoutClearing, post } from "@evx/ledger";
import { keepPayoutFee, sentWithdrawals } from "./queries/withdrawals.ts";

/** What we say of one payout, to be compared with what its gateway says. */
export type PayoutHere = {
  readonly withdrawalId: Id<"withdrawal">;
  /** The gateway's names for it. */
  readonly ref: string;
  readonly currency: string;
  /** Nothing for one that failed: it came back. */
  readonly sent: Minor;
};

/** Withdrawals that were given to a gateway in a time, with what is away of each. */
export const payoutsHere = async (
  db: Db,
  gateway: GatewayName,
  { from, to }: { from: Date; to: Date },
): Promise<PayoutHere[]> =>
  (await sentWithdrawals(db, gateway, from, to)).map((row) => ({
    withdrawalId: row.id,
    ref: `${row.id}/${row.payout_ref ?? ""}`,
    currency: row.currency,
    sent: row.status === "failed" ? 0n : row.amount_minor,
  }));

/** Books what a gateway kept for sending a withdrawal, once; the venue bears it. */
export const bookPayoutFee = async (
  tx: Tx,
  gateway: GatewayName,
  withdrawalId: Id<"withdrawal">,
  { fee, currency }: { fee: Minor; currency: string },
): Promise<void> => {
  if (fee <= 0n || !isCurrency(currency)) return;
  if (!(await keepPayoutFee(tx, withdrawalId, fee))) return;
  await post(tx, {
    id: await namedId("transfer", `payout fee ${withdrawalId}`),
    kind: "gateway_fee",
    legs: [
      { account: lossAccount(currency), amount: -fee },
      { account: payoutClearing(currency, gateway), amount: fee },
    ],
    memo: { withdrawalId },
  });
};
