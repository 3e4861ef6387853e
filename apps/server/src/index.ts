import { compose, readConfig, run, untilTold } from "@evx/runtime";
import { serve } from "./serve.ts";

await run(async () => {
  const config = readConfig();
  const runtime = await compose(config, "server");
  const server = serve(runtime, { port: config.PORT, hostname: config.HOST });
  runtime.log.info({ url: server.url.href }, "the server listens");
  await untilTold();
  // Streams end now, requests under way are answered, then the pool closes.
  runtime.live.stop();
  await Promise.race([server.stop(), Bun.sleep(5_000)]);
  await runtime.close();
});
