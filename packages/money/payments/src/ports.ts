import type { JobContext } from "@evx/jobs";
import { refuse } from "./errors.ts";
import type { Gateway, GatewayName } from "./gateways/gateway.ts";
import type { Vault } from "./vault.ts";

/** What payments need from outside; the composition root gives it. */
export type PaymentsPorts = {
  /** The gateways that are configured. A buyer can choose among these. */
  readonly gateways: Partial<Record<GatewayName, Gateway>>;
  /** Which of them pays withdrawals. */
  readonly payoutGateway: GatewayName;
  /** Seals bank accounts. */
  readonly vault: Vault;
  /** Where the web app stands, without a slash at the end: gateways send buyers back there. */
  readonly webUrl: string;
  /** Country of a bank account that names none. */
  readonly homeCountry: string;
  /** How many days a sale's money lies before it can be withdrawn, unless an operator's rule says otherwise. */
  readonly holdDays: number;
  readonly requireKyc: boolean;
  readonly requireVerifiedEmail: boolean;
};

/** What an edge lends to work that goes outside between two transactions: a procedure's or a job's context has it. */
export type Edge = Pick<JobContext, "db" | "clock" | "log" | "transact">;

/** A gateway that must be there, because a row of ours names it. */
export const gatewayOf = (ports: PaymentsPorts, name: GatewayName): Gateway => {
  const gateway = ports.gateways[name];
  if (!gateway)
    throw new Error(`The gateway ${name} is not configured, but a payment of ours went through it.`);
  return gateway;
};

/** A gateway that a buyer asked for; refuses `payment_method_unavailable`. */
export const chosenGateway = (ports: PaymentsPorts, name: GatewayName): Gateway => {
  const gateway = ports.gateways[name];
  if (gateway) return gateway;
  const issue = { path: "method", message: "This way to pay is not offered here yet." };
  throw refuse("payment_method_unavailable", { method: name }, { issues: [issue] });
};
