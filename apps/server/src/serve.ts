import type { Runtime } from "@evx/runtime";
import { createApp } from "./app.ts";

/** Listens with the composed product. `port` 0 takes a free one. */
export const serve = (runtime: Runtime, { port, hostname }: { port: number; hostname: string }) => {
  const app = createApp(runtime);
  return Bun.serve({
    port,
    hostname,
    // Long answers are streams with pings of their own; 500 MB of upload may pause for a while.
    idleTimeout: 60,
    // Every route has its own limit and says so in words; the engine's own would hang up without any.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    fetch: (request, self) => app.fetch(request, { peer: self.requestIP(request)?.address ?? "unknown" }),
  });
};
