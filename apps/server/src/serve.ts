import { minute_ms, second_ms } from "@evx/kernel";
import type { Runtime } from "@evx/runtime";
import { createApp } from "./app.ts";
import { createSpans } from "./spans.ts";
import { createTraffic } from "./traffic.ts";

/** How long requests that run when a server is told to end may still take; a stream or an upload takes no longer. */
const patience_ms = 25 * second_ms;

/** For so much of its drain a server serves everybody; then those who have another server are sent there. */
const served = 0.6;

/**
 * Listens with the composed product. `port` 0 takes a free one. `leave` ends it without a failed request: first it says
 * that it is not ready, so that balancers send nobody new (`DRAIN_SECONDS`); streams are told to connect again, which leads
 * them elsewhere; then nobody is let in any more and what runs is answered. The pool is closed after that, by the caller.
 */
export const serve = (runtime: Runtime, { port, hostname }: { port: number; hostname: string }) => {
  const traffic = createTraffic({ most: runtime.config.REQUESTS_AT_ONCE });
  const { OTEL_EXPORTER_OTLP_ENDPOINT: collector } = runtime.config;
  const spans = collector ? createSpans(collector, runtime.log) : null;
  const app = createApp(runtime, traffic, spans);
  const server = Bun.serve({
    port,
    hostname,
    // Long answers are streams with pings of their own; 500 MB of upload may pause for a while.
    idleTimeout: 60,
    // Every route has its own limit and says so in words; the engine's own would hang up without any.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    fetch: (request, self) => app.fetch(request, { peer: self.requestIP(request)?.address ?? "unknown" }),
  });
  // A minute that cannot be noted is missing in the record, which is what it is for.
  const noting = setInterval(() => void runtime.noteMinute().catch(() => {}), minute_ms);
  const leave = async (): Promise<void> => {
    traffic.leave();
    clearInterval(noting);
    const drain_ms = runtime.config.DRAIN_SECONDS * second_ms;
    await Bun.sleep(drain_ms * served);
    traffic.close();
    await Bun.sleep(drain_ms * (1 - served));
    runtime.live.stop();
    await Promise.race([server.stop(), Bun.sleep(patience_ms)]);
    await spans?.stop();
  };
  return Object.assign(server, { leave });
};
