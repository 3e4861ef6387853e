import { startWorker } from "@evx/jobs/worker";
import { startSequencer } from "@evx/log";
import { compose, onceTheDatabaseAnswers, readConfig, run, untilTold } from "@evx/runtime";
import { waits } from "@evx/venue";

await run(async () => {
  const config = readConfig();
  const runtime = await compose(config, "worker");
  const start = () =>
    startWorker({
      db: runtime.db,
      databaseUrl: config.DATABASE_URL,
      clock: runtime.clock,
      log: runtime.log,
      handlers: runtime.handlers,
      events: runtime.events,
      waits: async (handler) => waits(await runtime.venueMode(), handler),
      ...(config.WORKER_NAME ? { name: config.WORKER_NAME } : {}),
    });
  const worker = await onceTheDatabaseAnswers(start, runtime.log);
  const { witnesses, ...ports } = runtime.ports.verification.log;
  const { db, clock, log } = runtime;
  const sequencer = startSequencer({ db, clock, log, ports, witnesses });
  runtime.log.info({ worker: worker.name, queues: runtime.handlers.length }, "the worker works");
  await untilTold();
  await sequencer.stop();
  await worker.stop();
  await runtime.close();
});
