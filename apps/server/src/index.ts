import { compose, readConfig, run, untilTold } from "@evx/runtime";
import { serve } from "./serve.ts";

await run(async () => {
  const config = readConfig();
  const runtime = await compose(config, "server");
  const server = serve(runtime, { port: config.PORT, hostname: config.HOST });
  runtime.log.info({ url: server.url.href }, "the server listens");
  await untilTold();
  await server.leave();
  await runtime.close();
});
