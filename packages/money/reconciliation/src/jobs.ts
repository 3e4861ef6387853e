import { every, type Handler } from "@evx/jobs";
import { reconcileDays } from "./days.ts";
import type { ReconciliationPorts } from "./ports.ts";

/** The background work of reconciliation. */
export const reconciliationJobs = (ports: ReconciliationPorts): readonly Handler[] => [
  every("reconciliation.days", "17 * * * *", (job) => reconcileDays(job, ports)),
];
