import type { JobsHealth } from "@evx/jobs";
import type { Runtime } from "@evx/runtime";

export type Health = {
  status: "healthy" | "degraded";
  timestamp: string;
  uptime: number;
  database: "connected" | "disconnected";
  /** `working`: all that are known report; `partly`: some do; `silent`: none does. */
  worker: "working" | "partly" | "silent";
  workers: { known: number; working: number };
  /** Jobs that failed for good and wait for an operator, and outbox rows that no running worker knows. */
  jobs: { failed: number; unknown: number };
};

const nobody: JobsHealth = { workers: { known: 0, working: 0, silent: [] }, failed: 0, unknown: 0 };

/**
 * Asks the database, and whether the work that runs behind is being done. 503 when requests cannot be served; a silent
 * worker, a job that failed for good or one that nobody knows make it `degraded` with 200, since requests are answered.
 */
export const health = async (
  runtime: Runtime,
  startedAt: Date,
): Promise<{ status: 200 | 503; body: Health }> => {
  const now = runtime.clock.now();
  const found = await runtime.jobsHealth().catch(() => null);
  const { workers, failed, unknown } = found ?? nobody;
  const worker = workers.working === 0 ? "silent" : workers.working < workers.known ? "partly" : "working";
  const whole = found !== null && worker === "working" && failed === 0 && unknown === 0;
  return {
    status: found ? 200 : 503,
    body: {
      status: whole ? "healthy" : "degraded",
      timestamp: now.toISOString(),
      uptime: Math.floor((now.getTime() - startedAt.getTime()) / 1000),
      database: found ? "connected" : "disconnected",
      worker,
      workers: { known: workers.known, working: workers.working },
      jobs: { failed, unknown },
    },
  };
};
