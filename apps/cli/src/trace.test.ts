import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { silentLog, until } from "@evx/jobs/testing";
import { startWorker } from "@evx/jobs/worker";
import { compose, readConfig } from "@evx/runtime";
import { knownSteps, logLines, story } from "./trace.ts";

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());

test("a request is followed from its log line through audit, jobs and notification, and another's lines are left out", async () => {
  const runtime = await compose(
    readConfig({ DATABASE_URL: t.url, LOG_LEVEL: "silent", BCRYPT_COST: "4" }),
    "trace-test",
  );
  const [admin, buyer] = [await aUser(t, { role: "admin" }), await aUser(t, { role: "buyer" })];
  const calling = (requestId: string) =>
    runtime.callAs(
      runtime.createContext({ actor: admin, headers: new Headers(), ip: "127.0.0.1", requestId }),
    );
  const { db, clock, handlers, events } = runtime;
  const worker = await startWorker({ db, databaseUrl: t.url, clock, log: silentLog, handlers, events });
  try {
    const words = { userId: buyer.id, type: "email" as const, subject: "Hello", message: "A word" };
    await calling("req-followed").notifications.send(words);
    await calling("req-other").notifications.send(words);
    const venue = {
      invoke: async (_: string, __: string, input: unknown) =>
        calling("req-operator").jobs.trace(input as { requestId: string }),
      fetch: async () => null,
      send: async () => null,
      close: async () => {},
    };
    const sent = async () => (await knownSteps(venue, "req-followed")).some(({ state }) => state === "sent");
    await until(sent);
    await until(async () =>
      (await knownSteps(venue, "req-followed")).some(({ state }) => state.startsWith("completed")),
    );
    const log = [
      "not a line of the log",
      '{"level":"info","time":"2026-01-01T00:00:00.000Z","service":"server","requestId":"req-followed","method":"POST","path":"/api/notifications/send","status":201,"ms":7,"msg":"request"}',
      '{"level":"info","time":"2026-01-01T00:00:00.000Z","service":"server","requestId":"req-other","msg":"request"}',
      'worker | {"level":"info","time":"2026-01-01T00:00:01.000Z","service":"worker","queue":"notifications.send_email","requestId":"req-followed","ms":3,"msg":"job done"}',
    ].join("\n");
    const told = story([
      ...logLines(log, "req-followed"),
      ...(await knownSteps(venue, "req-followed")),
    ]).split("\n");
    expect(told[0]).toBe(
      "2026-01-01T00:00:00.000Z  log server    request: POST /api/notifications/send  (info, 201, 7 ms)",
    );
    expect(told[1]).toContain("job done: notifications.send_email");
    expect(told.filter((line) => line.includes("notification.send ntf_"))).toHaveLength(1);
    expect(
      told.filter((line) => line.includes("job           notifications.send_email  (completed, 1 try)")),
    ).toHaveLength(1);
    expect(told.filter((line) => line.includes(`by hand to ${buyer.id}, email  (sent)`))).toHaveLength(1);
    expect(told.join("\n")).not.toContain("req-other");
    expect(await knownSteps(venue, "req-unknown")).toEqual([]);
  } finally {
    await worker.stop();
    await runtime.close();
  }
}, 30_000);
