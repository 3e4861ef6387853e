/** What is told to those who watch, and the doors of mail programs and servers. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

let world: LiveWorld;
const reports = "a-token-of-some-length-for-reports";
const email = "watched@example.com";
let userId = "";
const token = "0123456789abcdef0123456789abcdef";

beforeAll(async () => {
  world = await startLiveWorld({ MAIL_REPORTS_TOKEN: reports });
  const answer = await fetch(`${world.url}/api/users/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: "a-password-of-some-length-7", fullName: "Lan", role: "buyer" }),
  });
  userId = ((await answer.json()) as { user: { id: string } }).user.id;
  await world.database.admin
    .insertInto("notifications.manner")
    .values({ user_id: userId as `usr_${string}`, leave_token: token, changed_at: new Date() })
    .execute();
});
afterAll(() => world.close());

const wanted = () =>
  world.database.admin
    .selectFrom("notifications.preference")
    .select(["topic", "email"])
    .where("user_id", "=", userId as `usr_${string}`)
    .execute();

describe("readiness", () => {
  test("names what was looked at: the database takes writes, the disk has room, each worker by name, the log's lag", async () => {
    const answer = await fetch(`${world.url}/health/ready`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      status: "ready",
      database: "writable",
      disk: { status: "ok" },
      workers: [{ working: true }],
      log: { status: "ok" },
    });
  });

  test("a database that takes no writes makes it not ready, and that heals by itself", async () => {
    const { admin } = world.database;
    await admin.schema.alterTable("rpc.idempotency").renameTo("idempotency_away").execute();
    await Bun.sleep(1_100);
    const answer = await fetch(`${world.url}/health/ready`);
    expect([answer.status, ((await answer.json()) as { database: string }).database]).toEqual([
      503,
      "read_only",
    ]);
    expect((await fetch(`${world.url}/health/live`)).status).toBe(200);
    await admin.schema.alterTable("rpc.idempotency_away").renameTo("idempotency").execute();
    await Bun.sleep(1_100);
    expect((await fetch(`${world.url}/health/ready`)).status).toBe(200);
  });
});

test("numbers of requests, queues, workers, messages, webhooks, books, log and pool are there to be read", async () => {
  const text = await (await fetch(`${world.url}/metrics`)).text();
  for (const line of [
    /^evx_http_request_ms_count\{/m,
    /^evx_outbox_waiting \d/m,
    /^evx_workers\{state="working"\} 1/m,
    /^evx_webhook_lag_ms 0/m,
    /^evx_ledger_faults 0/m,
    /^evx_log_lag_ms \d/m,
    /^evx_database_pool\{state="total"\} \d/m,
    /^evx_ready\{part="database"\} 1/m,
    /^evx_ready\{part="disk"\} 1/m,
  ])
    expect(text).toMatch(line);
});

describe("mail", () => {
  test("one POST without a cookie ends a topic's mails; a strange link ends nothing", async () => {
    const post = (path: string) =>
      fetch(`${world.url}/unsubscribe/${path}`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "List-Unsubscribe=One-Click",
      }).then(({ status }) => status);
    expect(await post(`${"f".repeat(32)}/sales`)).toBe(404);
    expect(await post(`${token}/everything`)).toBe(404);
    expect(await wanted()).toEqual([]);
    expect(await post(`${token}/sales`)).toBe(200);
    expect(await wanted()).toEqual([{ topic: "sales", email: false }]);
  });

  test("reports are taken from whoever bears the token alone", async () => {
    const post = (authorization: string) =>
      fetch(`${world.url}/api/mail/reports`, { method: "POST", headers: { authorization }, body: "hello" });
    expect((await post("Bearer wrong")).status).toBe(404);
    const taken = await post(`Bearer ${reports}`);
    expect([taken.status, await taken.json()]).toEqual([200, { taken: false }]);
  });
});
