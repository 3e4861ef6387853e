import { afterAll, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { tick } from "@evx/jobs/testing";
import { refuseCall, wireError } from "@evx/rpc";
import * as v from "valibot";
import { accountsJobs } from "./jobs.ts";
import * as S from "./schema.ts";
import { aUser, testAccounts } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());
const accounts = testAccounts(t);

test("the nightly tidying drops what has no further use and keeps what has", async () => {
  const person = await aUser(t, { kycStatus: "none" });
  const session = async (id: string, ends: string) => {
    await sql`insert into identity.session (id, user_id, token, created_at, updated_at, expires_at)
      values (${id}, ${person.id}, ${id}, now(), now(), now())`.execute(t.db);
    await sql`update identity.session set expires_at = now() + ${ends}::interval where id = ${id}`.execute(
      t.db,
    );
  };
  await session("ses_gone", "-31 days");
  await session("ses_ended", "-1 day");
  await session("ses_open", "1 day");
  await sql`insert into identity.revocation (subject_id, at) values ('ses_old', now() - interval '4 days'), ('ses_new', now())`.execute(
    t.db,
  );
  await sql`insert into identity.rate_limit values ('old', 1, now() - interval '2 hours'), ('new', 1, now())`.execute(
    t.db,
  );
  await tick(t, accountsJobs(accounts), "identity.prune");
  const sessions = await t.db.selectFrom("identity.session").select("id").orderBy("id").execute();
  expect(sessions.map((row) => row.id)).toEqual(["ses_ended", "ses_open"]);
  const revoked = await t.db
    .selectFrom("identity.revocation")
    .select("subject_id")
    .orderBy("subject_id")
    .execute();
  expect(revoked.map((row) => row.subject_id)).toEqual(["ses_gone", "ses_new"]);
  const limits = await t.db.selectFrom("identity.rate_limit").select("key").execute();
  expect(limits.map((row) => row.key)).toEqual(["new"]);
});

test("every sentence that a form of accounts can show is there in Vietnamese", () => {
  const bad = {
    email: "x",
    password: "short",
    fullName: "<b>",
    role: "admin",
    phone: "call me",
    code: "12",
    scopes: ["x"],
    id: "x",
    limit: "many",
    reason: "",
    name: "",
    expiresInDays: 0,
  };
  const forms = [S.Register, S.UpdateProfile, S.TwoFactorCode, S.CreateApiKey, S.Suspend, S.SearchUsers];
  for (const form of forms) {
    const issues = (v.safeParse(form as v.GenericSchema, bad).issues ?? []).map(({ message }) => ({
      path: "",
      message,
    }));
    expect(issues.length).toBeGreaterThan(0);
    const shown = wireError(refuseCall("input_invalid", {}, { issues }), { locale: "vi", requestId: "" });
    for (const { message } of shown.issues ?? []) expect(message).toMatch(/[^\p{ASCII}]/u);
  }
});
