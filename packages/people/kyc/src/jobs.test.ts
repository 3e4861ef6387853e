import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { tick } from "@evx/jobs/testing";
import { day_ms } from "@evx/kernel";
import { refuseCall, wireError } from "@evx/rpc";
import * as v from "valibot";
import { kycJobs } from "./jobs.ts";
import * as S from "./schema.ts";
import { asPerson, testKyc } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

test("the nightly tidying drops pictures that nobody handed in for a day, and keeps later ones", async () => {
  const person = await aUser(t, { kycStatus: "none" });
  const pdf = `%PDF-1.7\n${" ".repeat(100)}\n%%EOF\n`;
  const upload = () =>
    asPerson(t, testKyc(t), person).kyc.upload({
      content: new Blob([pdf]).stream() as ReadableStream<Uint8Array>,
    });
  await upload();
  t.clock.advance(day_ms + 1);
  const recent = await upload();
  await tick(t, kycJobs, "identity.prune_documents");
  const left = await t.db.selectFrom("identity.document").select("id").execute();
  expect(left.map((row) => row.id)).toEqual([recent.document.id]);
});

test("every sentence that a form of proof of identity can show is there in Vietnamese", () => {
  const bad = {
    documentNumber: "!",
    documentIds: [],
    legalName: "",
    countryCode: "Vietnam",
    id: "x",
    decision: "rejected",
    reason: "",
  };
  for (const form of [S.SubmitKyc, S.DecideKyc]) {
    const issues = (v.safeParse(form, bad).issues ?? []).map(({ message }) => ({ path: "", message }));
    expect(issues.length).toBeGreaterThan(0);
    const shown = wireError(refuseCall("input_invalid", {}, { issues }), { locale: "vi", requestId: "" });
    for (const { message } of shown.issues ?? []) expect(message).toMatch(/[^\p{ASCII}]/u);
  }
});
