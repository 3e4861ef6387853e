/** Links in letters and codes are judged by no machine whose clock is wrong: it neither ends them nor revives them. */
import { afterAll, afterEach, expect, setDefaultTimeout, setSystemTime, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { day_ms, hour_ms } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { accountsJobs } from "./jobs.ts";
import type { Letter } from "./ports.ts";
import { aVisitor, testAccounts } from "./testing.ts";

setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());
afterEach(() => void setSystemTime());

const sent: Letter[] = [];
const letters = { send: async (letter: Letter) => void sent.push(letter) };
const password = "a-good-password";

/** The machine's clock, as it would be without anybody's hand. */
const right_ms = () => performance.timeOrigin + performance.now();
const machineAhead_ms = () => Date.now() - right_ms();

/** One server that is told how far its clock is off, and one that nobody tells. */
const told = testAccounts(t, { letters, machineAhead_ms });
const untold = testAccounts(t, { letters });

let people = 0;
const somebody = async () => {
  const email = `links${people++}@evx.test`;
  const visitor = aVisitor(t, told, { ip: `192.0.2.${people}` });
  await visitor.call((api) => api.signUp({ email, password, fullName: "Somebody", role: "cva" }));
  const tokenOf = async (page: string) => {
    await drain(t, accountsJobs(told));
    const letter = sent.findLast(({ to, link }) => to === email && link?.includes(page));
    return new URL(letter?.link ?? "http://none/").searchParams.get("token") ?? "";
  };
  return { email, visitor, tokenOf };
};

const resets = (server: typeof told, token: string) =>
  refusalCode(
    aVisitor(t, server, { ip: `198.51.100.${people}` }).call((api) =>
      api.account.resetPassword({ token, password: "a-new-password-1" }),
    ),
  );

const off = (ms: number) => setSystemTime(new Date(right_ms() + ms));

test("a reset link: a machine that is ahead does not end it, one that is behind does not revive it", async () => {
  for (const wrong_ms of [40 * day_ms, -40 * day_ms]) {
    const { email, visitor, tokenOf } = await somebody();
    await visitor.call((api) => api.account.requestPasswordReset({ email }));
    const token = await tokenOf("reset-password");
    off(wrong_ms);
    expect([wrong_ms, await resets(told, token)]).toEqual([wrong_ms, "server_clock_wrong"]);
    // Nobody tells this one: ahead it ends the link before its time.
    if (wrong_ms > 0) expect(await resets(untold, token)).toBe("link_invalid");
    setSystemTime();
    expect([wrong_ms, await resets(told, token)]).toEqual([wrong_ms, "none"]);
  }
  const { email, visitor, tokenOf } = await somebody();
  await visitor.call((api) => api.account.requestPasswordReset({ email }));
  const token = await tokenOf("reset-password");
  await t.admin
    .updateTable("identity.verification")
    .set({ expires_at: new Date(right_ms() - hour_ms) })
    .execute();
  expect(await resets(told, token)).toBe("link_invalid");
  off(-2 * hour_ms);
  expect(await resets(told, token)).toBe("server_clock_wrong");
  // And this one, behind, revives it.
  expect(await resets(untold, token)).toBe("none");
});

test("a link that confirms an address, a change of password and a second factor: refused alike, and good afterwards", async () => {
  const { visitor, tokenOf } = await somebody();
  const verifies = async () => {
    const token = await tokenOf("verify-email");
    return refusalCode(visitor.call((api) => api.account.verifyEmail({ token })));
  };
  const changes = () =>
    refusalCode(
      visitor.call((api) =>
        api.account.changePassword({ currentPassword: password, newPassword: "a-new-password-2" }),
      ),
    );
  const begins = () => refusalCode(visitor.call((api) => api.twoFactor.begin({ password })));
  for (const wrong_ms of [40 * day_ms, -40 * day_ms]) {
    off(wrong_ms);
    const codes = [await verifies(), await changes(), await begins()];
    expect([wrong_ms, ...codes]).toEqual([wrong_ms, ...Array(3).fill("server_clock_wrong")]);
    setSystemTime();
  }
  expect([await verifies(), await begins(), await changes()]).toEqual(["none", "none", "none"]);
});

test("whoever has no second factor signs in and out meanwhile, and no failure is counted", async () => {
  const { email } = await somebody();
  off(40 * day_ms);
  const visitor = aVisitor(t, told, { ip: "203.0.113.5" });
  for (let time = 0; time < 12; time++)
    expect(await refusalCode(visitor.call((api) => api.signIn({ email, password })))).toBe("none");
  expect((await visitor.call((api) => api.me())).user?.email).toBe(email);
});
