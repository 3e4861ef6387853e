import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { saleFees } from "@evx/orders";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { ruleAt } from "@evx/rules";
import { rulesRouter } from "./rules-router.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

test("an operator reads, sets and schedules a rule; what is out of range or unknown changes nothing", async () => {
  const admin = await aUser(t, { role: "admin" });
  const rules = createCallerFactory(rulesRouter)(testContext(t, admin));
  const name = saleFees.name;
  expect(await rules.byName({ name })).toMatchObject({
    rule: { version: 0, value: { platformFeeBps: 250 } },
  });
  const later = new Date(t.clock.now().getTime() + 86_400_000);
  const set = (platformFeeBps: number, from?: Date) =>
    rules.set({
      name,
      value: { platformFeeBps, cvaFeeBps: 100 },
      reason: "trial",
      from: from?.toISOString(),
    });
  expect(await set(300, later)).toMatchObject({ rule: { version: 1 } });
  expect(await set(200)).toMatchObject({ rule: { version: 2, value: { platformFeeBps: 200 } } });
  expect((await ruleAt(t.db, saleFees, later)).value.platformFeeBps).toBe(300);
  expect(await refusalCode(set(9_999))).toBe("input_invalid");
  expect(await refusalCode(rules.byName({ name: "no.rule" }))).toBe("rule_not_found");
  expect((await rules.byName({ name })).history).toHaveLength(2);
});
