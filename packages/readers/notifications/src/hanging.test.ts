/** A mail server that hangs for some keeps nobody else waiting: with a real worker, whose lanes are what is tested. */
import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { transact } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { silentLog, until } from "@evx/jobs/testing";
import { startWorker } from "@evx/jobs/worker";
import { systemClock } from "@evx/kernel";
import { notificationsJobs } from "./jobs.ts";
import { notify } from "./notify.ts";
import type { Mailer } from "./ports.ts";
import { testPorts } from "./testing.ts";

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());

test("mails that hang at every further try leave the lanes of new ones free", async () => {
  const [slow, quick] = ["slow@test.evx", "quick@test.evx"];
  const hung = await aUser(t, { role: "buyer", email: slow });
  const well = await aUser(t, { role: "buyer", email: quick });
  const release = Promise.withResolvers<void>();
  const tries = new Map<string, number>();
  const sent: string[] = [];
  let hanging = 0;
  const mailer: Mailer = {
    send: async ({ id, to }) => {
      const tried = (tries.get(id) ?? 0) + 1;
      tries.set(id, tried);
      if (to !== slow) return void sent.push(to);
      if (tried === 1) throw new Error("Timeout");
      hanging++;
      await release.promise;
    },
  };
  const tell = (userId: typeof hung.id, count: number) =>
    transact(t.db, systemClock, async (tx) => {
      for (let n = 0; n < count; n++)
        await notify(tx, {
          userId,
          template: "credits_received",
          details: { grams: "1000000" },
          source: `${n}`,
        });
    });
  const handlers = notificationsJobs(testPorts(mailer), { currency: "USD" }).filter(
    ({ trigger }) => "job" in trigger,
  );
  const worker = await startWorker({
    ...{ db: t.db, databaseUrl: t.url, clock: systemClock, log: silentLog },
    handlers,
  });
  try {
    await tell(hung.id, 60);
    // All lanes that take further tries are full, and the others had time to fill as well.
    await until(() => tries.size === 60 && hanging >= 4);
    await Bun.sleep(1_500);
    await tell(well.id, 3);
    await until(() => sent.length === 3);
    expect(sent).toEqual([quick, quick, quick]);
    expect(hanging).toBe(4);
  } finally {
    release.resolve();
    await worker.stop();
  }
}, 40_000);
