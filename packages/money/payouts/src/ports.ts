import type { GatewayName } from "@evx/adapters";
import type { PaymentsPorts } from "@evx/payments";
import type { Vault } from "@evx/vault";

/** What payouts need from outside; the composition root gives it. */
export type PayoutsPorts = Pick<PaymentsPorts, "gateways"> & {
  /** Seals bank accounts. */
  readonly vault: Vault;
};

/** The conditions under which money leaves, as the environment sets them. */
export type PayoutsSettings = {
  /** Which of the gateways pays withdrawals to banks. */
  readonly gateway: GatewayName;
  /** Whether PayPal is set up, so that an account there can be named instead of one at a bank. */
  readonly paypal: boolean;
  /** Country of a bank account that names none. */
  readonly homeCountry: string;
  /** How many days a sale's money lies before it can be withdrawn, unless an operator's rule says otherwise. */
  readonly holdDays: number;
  readonly requireKyc: boolean;
  readonly requireVerifiedEmail: boolean;
};
