import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { counted } from "@evx/reports/testing";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { notificationsJobs } from "./jobs.ts";
import { notificationsRouter } from "./router.ts";
import { memoryMailer, testPorts } from "./testing.ts";

let t: Awaited<ReturnType<typeof testDatabase>>;
const mailer = memoryMailer();
const jobs = notificationsJobs(testPorts(mailer), { currency: "USD" });
const as = (actor: Actor) =>
  createCallerFactory(notificationsRouter(testPorts(mailer)))(testContext(t, actor));

beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

/** The hourly round at a moment, and all that follows of it. */
const roundAt = async (at: string): Promise<string[]> => {
  const before = mailer.sent.length;
  t.clock.set(new Date(at));
  await tick(t, jobs, "notifications.tell_months");
  await drain(t, jobs);
  return mailer.sent.slice(before).map(({ subject }) => subject);
};

test("who asked for it hears once of their month, on the first from eight where they are, and nobody else does", async () => {
  const owner = await aUser(t, { role: "ev_owner" });
  await aUser(t, { role: "ev_owner" });
  await drain(t, jobs);
  await as(owner).setManner({ zone: "Asia/Ho_Chi_Minh", quiet: null, digest: "off" });
  // The last minute of October in Hanoi, and the first of November.
  const [sold_g, net_minor] = [100_000n, 965n];
  await counted(t, owner.id, "2026-10-31T16:59:00Z", { sold_g, net_minor });
  await counted(t, owner.id, "2026-10-31T17:00:00Z", { sold_g, net_minor });
  expect(await roundAt("2026-11-01T02:00:00Z")).toEqual([]);
  await as(owner).setPreference({ topic: "reports", email: true });
  expect(await roundAt("2026-11-01T00:30:00Z")).toEqual([]);
  expect(await roundAt("2026-11-01T01:07:00Z")).toEqual(["Your 10/2026"]);
  expect(mailer.sent.at(-1)?.text).toContain("you sold 0.1, and $9.65 came to your balance");
  expect(mailer.sent.at(-1)?.text).toContain("/owner/reports?from=2026-10-01&to=2026-10-31");
  expect(await roundAt("2026-11-01T02:07:00Z")).toEqual([]);
  expect(await roundAt("2026-11-20T02:07:00Z")).toEqual([]);
  // A worker that was away on the first makes up for it until the third.
  expect(await roundAt("2026-12-03T09:07:00Z")).toEqual(["Your 11/2026"]);
});
