import { compose, readConfig, run, untilTold } from "@evx/runtime";
import { createApp } from "./app.ts";

await run(async () => {
  const config = readConfig();
  const runtime = await compose(config, "server");
  const app = createApp(runtime);
  const server = Bun.serve({
    port: config.PORT,
    hostname: config.HOST,
    // Long answers are streams with pings of their own; 500 MB of upload may pause for a while.
    idleTimeout: 60,
    maxRequestBodySize: 600_000_000,
    fetch: (request, self) => app.fetch(request, { peer: self.requestIP(request)?.address ?? "unknown" }),
  });
  runtime.log.info({ url: server.url.href }, "the server listens");
  await untilTold();
  // Streams end now, requests under way are answered, then the pool closes.
  runtime.live.stop();
  await Promise.race([server.stop(), Bun.sleep(5_000)]);
  await runtime.close();
});
