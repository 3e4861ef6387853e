import { createHash, timingSafeEqual } from "node:crypto";
import { failedByQueue, jobsHealth, outboxBacklog, strandedAfterMs, strandedNames } from "@evx/jobs";
import { backlog } from "@evx/log";
import type { Runtime } from "@evx/runtime";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { createLabels } from "./labels.ts";

const local = /^(127\.|::1$)/;

/** How far the public log is behind what was entered. */
const logGauges = (runtime: Runtime, registry: Registry): void => {
  new Gauge({
    name: "evx_log_waiting",
    help: "Entries that are not in the public log yet.",
    registers: [registry],
    async collect() {
      this.set(Number((await backlog(runtime.db)).waiting));
    },
  });
  new Gauge({
    name: "evx_log_lag_ms",
    help: "Age of the oldest entry that is not in the public log yet.",
    registers: [registry],
    async collect() {
      const { oldest } = await backlog(runtime.db);
      this.set(oldest ? Math.max(0, runtime.clock.now().getTime() - oldest.getTime()) : 0);
    },
  });
};

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * With METRICS_TOKEN whoever bears it; without one this machine alone. A private address says nothing: behind a proxy or
 * Docker's gateway everybody has one.
 */
const mayRead = (token: string | undefined, { ip, authorization }: Reader): boolean =>
  token ? timingSafeEqual(digest(`Bearer ${token}`), digest(authorization ?? "")) : local.test(ip);

type Reader = { ip: string; authorization: string | undefined };

/** Prometheus text, for the operator only. */
export const createMetrics = (runtime: Runtime) => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "evx_http_request_ms",
    help: "Milliseconds to answer, by method, path and status.",
    labelNames: ["method", "path", "status"],
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000],
    registers: [registry],
  });
  new Gauge({
    name: "evx_outbox_waiting",
    help: "Jobs and events that no worker has taken over yet.",
    registers: [registry],
    async collect() {
      this.set(Number((await outboxBacklog(runtime.db)).waiting));
    },
  });
  new Gauge({
    name: "evx_jobs_failed",
    help: "Jobs that failed for good and wait for an operator, by queue.",
    labelNames: ["queue"],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { queue, count } of await failedByQueue(runtime.db)) this.set({ queue }, Number(count));
    },
  });
  new Gauge({
    name: "evx_outbox_unknown",
    help: "Outbox rows that no running worker has taken for a minute, by kind and name.",
    labelNames: ["kind", "name"],
    registers: [registry],
    async collect() {
      this.reset();
      const until = new Date(runtime.clock.now().getTime() - strandedAfterMs);
      for (const { kind, name, waiting } of await strandedNames(runtime.db, until))
        this.set({ kind, name }, Number(waiting));
    },
  });
  logGauges(runtime, registry);
  new Gauge({
    name: "evx_workers",
    help: "Workers that report, and those that are missed.",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      const { workers } = await jobsHealth(runtime.db, runtime.clock.now());
      this.set({ state: "working" }, workers.working);
      this.set({ state: "silent" }, workers.silent.length);
    },
  });
  const label = createLabels();
  return {
    observe: (method: string, path: string, status: number, ms: number) =>
      requests.observe(label(method, path, status), ms),
    async serve(reader: Reader): Promise<Response> {
      if (!mayRead(runtime.config.METRICS_TOKEN, reader)) return new Response("Not found", { status: 404 });
      return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
    },
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
