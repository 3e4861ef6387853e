import type { Gateway, GatewayName } from "@evx/adapters";
import type { JobContext } from "@evx/jobs";
import { refuse } from "./errors.ts";
import type { PaidBy } from "./queries/payments.ts";

/** What payments need from outside; the composition root gives it. */
export type PaymentsPorts = {
  /** The gateways that are configured. A buyer can choose among these. */
  readonly gateways: Partial<Record<GatewayName, Gateway>>;
  /** Where the web app stands, without a slash at the end: gateways send buyers back there. */
  readonly webUrl: string;
};

/** What an ctx lends to work that goes outside between two transactions: a procedure's or a job's context has it. */
export type RequestContext = Pick<JobContext, "db" | "clock" | "log" | "transact">;

/** A gateway that must be there, because a row of ours names it. */
export const gatewayOf = (ports: Pick<PaymentsPorts, "gateways">, name: PaidBy): Gateway => {
  const gateway = name === "balance" ? undefined : ports.gateways[name];
  if (!gateway)
    throw new Error(`The gateway ${name} is not configured, but a payment of ours went through it.`);
  return gateway;
};

/** A gateway that a buyer asked for; refuses `payment_method_unavailable`. */
export const chosenGateway = (ports: Pick<PaymentsPorts, "gateways">, name: GatewayName): Gateway => {
  const gateway = ports.gateways[name];
  if (gateway) return gateway;
  const issue = { path: "method", message: "This way to pay is not offered here yet." };
  throw refuse("payment_method_unavailable", { method: name }, { issues: [issue] });
};
