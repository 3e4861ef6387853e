import type { GatewayName } from "@evx/adapters";
import type { Db, Tx } from "@evx/db";
import { type Id, isCurrency, type Minor, namedId } from "@evx/kernel";
import { clearing, lossAccount, post } from "@evx/ledger";
import {
  disputesOfPayments,
  keepFee,
  type PaidPage,
  pagesCaptured,
  pagesOfCharges,
  refundsOfPages,
} from "./queries/compared.ts";

/** What we say of one charge, in what its gateway charged: to be compared with what the gateway says. */
export type ChargeHere = {
  readonly paymentId: Id<"payment">;
  readonly page: number;
  readonly charge: string;
  /** The page's own name, to ask how it stands. */
  readonly ref: string | null;
  readonly currency: string;
  readonly received: Minor;
  readonly refunded: Minor;
  /** What a bank has in hand or took. */
  readonly disputed: Minor;
  readonly disputeFee: Minor;
};

const here = async (db: Db, pages: readonly PaidPage[]): Promise<ChargeHere[]> => {
  const payments = [...new Set(pages.map((page) => page.payment_id))];
  if (payments.length === 0) return [];
  const refunds = await refundsOfPages(db, payments);
  const disputes = await disputesOfPayments(db, payments);
  return pages.map((page) => {
    const ofPage = refunds.filter((row) => row.payment_id === page.payment_id && row.attempt === page.number);
    const isSale = page.number === page.paid_page;
    const dispute = isSale ? disputes.find((row) => row.payment_id === page.payment_id) : undefined;
    return {
      paymentId: page.payment_id,
      page: page.number,
      charge: page.charge_ref ?? "",
      ref: page.ref,
      currency: page.received_currency ?? page.charged_currency ?? page.currency,
      received: page.received_minor ?? page.charged_minor ?? page.amount_minor,
      refunded: ofPage.reduce((sum, row) => sum + (row.charged_minor ?? row.amount_minor), 0n),
      disputed: dispute && dispute.status !== "won" ? dispute.amount_minor : 0n,
      disputeFee: dispute?.fee_minor ?? 0n,
    };
  });
};

/** What we say of charges that a gateway names; those that we do not know are left out. */
export const chargesHere = async (
  db: Db,
  gateway: GatewayName,
  charges: readonly string[],
): Promise<ChargeHere[]> =>
  charges.length === 0 ? [] : here(db, await pagesOfCharges(db, gateway, charges));

/** What we captured in a time. */
export const capturedHere = async (
  db: Db,
  gateway: GatewayName,
  { from, to }: { from: Date; to: Date },
): Promise<ChargeHere[]> => here(db, await pagesCaptured(db, gateway, from, to));

/** Books what a gateway kept of a charge, once; the venue bears it. */
export const bookGatewayFee = async (
  tx: Tx,
  gateway: GatewayName,
  charge: Pick<ChargeHere, "paymentId" | "page">,
  { fee, currency }: { fee: Minor; currency: string },
): Promise<void> => {
  if (fee <= 0n || !isCurrency(currency)) return;
  if (!(await keepFee(tx, { paymentId: charge.paymentId, number: charge.page }, fee))) return;
  await post(tx, {
    id: await namedId("transfer", `gateway fee ${charge.paymentId} ${charge.page}`),
    kind: "gateway_fee",
    legs: [
      { account: lossAccount(currency), amount: -fee },
      { account: clearing(currency, gateway), amount: fee },
    ],
    memo: { paymentId: charge.paymentId },
  });
};
