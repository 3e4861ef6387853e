import type { PaymentsPorts } from "@evx/payments";

/** What reconciliation needs from outside: the gateways that are configured. */
export type ReconciliationPorts = Pick<PaymentsPorts, "gateways">;
