import { every, type Handler } from "@evx/jobs";
import { erasePositions } from "./retention.ts";
import { traceOlder } from "./tracing.ts";

export const tripJobs: readonly Handler[] = [
  every("vehicles.erase_positions", "37 2 * * *", async (job) => void (await erasePositions(job))),
  every("vehicles.trace_older", "*/10 * * * *", async (job) => void (await traceOlder(job))),
];
