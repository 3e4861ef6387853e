import type { Runtime } from "@evx/runtime";

/** A worker that has not reported for this long is not working. */
const silentAfterMs = 30_000;

export type Health = {
  status: "healthy" | "degraded";
  timestamp: string;
  uptime: number;
  database: "connected" | "disconnected";
  worker: "working" | "silent";
};

/** Asks the database and looks when a worker last reported. 503 when requests cannot be served. */
export const health = async (
  runtime: Runtime,
  startedAt: Date,
): Promise<{ status: 200 | 503; body: Health }> => {
  const now = runtime.clock.now();
  const beat = await runtime.lastWorkerBeat().catch(() => "unreachable" as const);
  const database = beat === "unreachable" ? "disconnected" : "connected";
  const working = beat instanceof Date && now.getTime() - beat.getTime() < silentAfterMs;
  return {
    status: database === "connected" ? 200 : 503,
    body: {
      status: database === "connected" && working ? "healthy" : "degraded",
      timestamp: now.toISOString(),
      uptime: Math.floor((now.getTime() - startedAt.getTime()) / 1000),
      database,
      worker: working ? "working" : "silent",
    },
  };
};
