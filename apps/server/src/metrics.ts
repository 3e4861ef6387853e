import { createHash, timingSafeEqual } from "node:crypto";
import type { Runtime } from "@evx/runtime";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { venueGauges } from "./gauges.ts";
import { createLabels } from "./labels.ts";
import type { Readiness } from "./readiness.ts";

const local = /^(127\.|::1$)/;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * With METRICS_TOKEN whoever bears it; without one this machine alone. A private address says nothing: behind a proxy or
 * Docker's gateway everybody has one.
 */
const mayRead = (token: string | undefined, { ip, authorization }: Reader): boolean =>
  token ? timingSafeEqual(digest(`Bearer ${token}`), digest(authorization ?? "")) : local.test(ip);

type Reader = { ip: string; authorization: string | undefined };

/** Prometheus text, for the operator only. */
export const createMetrics = (runtime: Runtime, ready: () => Promise<Readiness>) => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "evx_http_request_ms",
    help: "Milliseconds to answer, by method, path and status.",
    labelNames: ["method", "path", "status"],
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000],
    registers: [registry],
  });
  const readUp = venueGauges(runtime, registry);
  const up = new Gauge({
    name: "evx_ready",
    help: "1 where this server can do what it is asked, by part: database, disk.",
    labelNames: ["part"],
    registers: [registry],
  });
  const label = createLabels();
  return {
    /** Counts a request; answers by which name it is counted. */
    observe: (method: string, path: string, status: number, ms: number): string => {
      const named = label(method, path, status);
      requests.observe(named, ms);
      return `${named.method} ${named.path}`;
    },
    async serve(reader: Reader): Promise<Response> {
      if (!mayRead(runtime.config.METRICS_TOKEN, reader)) return new Response("Not found", { status: 404 });
      const { database, disk } = await ready();
      up.set({ part: "database" }, database === "writable" ? 1 : 0);
      up.set({ part: "disk" }, disk.status === "full" ? 0 : 1);
      await readUp();
      return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
    },
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
