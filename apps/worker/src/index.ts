import { startWorker } from "@evx/jobs/worker";
import { compose, readConfig, run, untilTold } from "@evx/runtime";

await run(async () => {
  const config = readConfig();
  const runtime = await compose(config, "worker");
  const worker = await startWorker({
    db: runtime.db,
    databaseUrl: config.DATABASE_URL,
    clock: runtime.clock,
    log: runtime.log,
    handlers: runtime.handlers,
  });
  runtime.log.info({ queues: runtime.handlers.length }, "the worker works");
  await untilTold();
  await worker.stop();
  await runtime.close();
});
