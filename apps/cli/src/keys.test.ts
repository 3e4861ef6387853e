import { afterAll, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { generateSigningKey } from "@evx/proof";
import { addKeys, withdrawKey } from "./keys.ts";

const t = await testDatabase();
afterAll(() => t.close());

test("a key is withdrawn by the database's owner alone, once, with a reason, and the log says so", async () => {
  await sql`select verification.add_key('ed25519-one', 'AAAA', '2026-03-01Z', null, null)`.execute(t.db);
  const wanted = { id: "ed25519-one", reason: "It was stolen." };
  const env = t.adminUrl;
  await expect(withdrawKey(wanted, undefined)).rejects.toThrow(/DATABASE_ADMIN_URL is not set/);
  await expect(withdrawKey({ ...wanted, reason: " " }, env)).rejects.toThrow(/Say why/);
  await expect(withdrawKey({ ...wanted, id: "ed25519-two" }, env)).rejects.toThrow(/There is no key/);
  await expect(withdrawKey(wanted, env)).rejects.toThrow(/the last in use: enter the next one first/);
  await sql`select verification.add_key('ed25519-next', 'BBBB', '2026-03-02Z', 'ed25519-one', 'CCCC')`.execute(
    t.admin,
  );
  expect(await withdrawKey(wanted, env)).toMatchObject({ id: "ed25519-one", current: false });
  await expect(withdrawKey(wanted, env)).rejects.toThrow(/The first word stands/);
  const entered = await t.admin
    .selectFrom("log.pending")
    .select("body")
    .where("kind", "=", "key_withdrawn")
    .executeTakeFirstOrThrow();
  expect(JSON.parse(entered.body.toString())).toMatchObject({ id: "ed25519-one", kind: "key_withdrawn" });
});

test("keys are added by the database's owner alone, each vouched for by the one before", async () => {
  const own = await testDatabase();
  try {
    const [first, second] = [generateSigningKey(), generateSigningKey()];
    await expect(addKeys({ signingKey: first })).rejects.toThrow(/DATABASE_ADMIN_URL is not set/);
    await expect(addKeys({ adminUrl: own.adminUrl })).rejects.toThrow(/SIGNING_KEY is not set/);
    const before = await addKeys({ adminUrl: own.adminUrl, signingKey: first });
    const after = await addKeys({ adminUrl: own.adminUrl, signingKey: `${second},${first}` });
    const keys = await own.db
      .selectFrom("verification.signing_key")
      .select(["id", "signed_by"])
      .orderBy("added_at")
      .execute();
    expect(keys).toEqual([
      { id: before.id, signed_by: null },
      { id: after.id, signed_by: before.id },
    ]);
    // Nothing is vouched for by a key that was withdrawn: the one before it does it.
    await withdrawKey({ id: after.id, reason: "It was stolen." }, own.adminUrl);
    const third = generateSigningKey();
    await expect(addKeys({ adminUrl: own.adminUrl, signingKey: `${third},${second}` })).rejects.toMatchObject(
      { code: "signing_key_withdrawn" },
    );
    const last = await addKeys({ adminUrl: own.adminUrl, signingKey: `${third},${second},${first}` });
    expect(
      await own.db
        .selectFrom("verification.signing_key")
        .select("signed_by")
        .where("id", "=", last.id)
        .execute(),
    ).toEqual([{ signed_by: before.id }]);
  } finally {
    await own.close();
  }
});
