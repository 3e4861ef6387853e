import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { anAuction } from "@evx/auctions/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { day_ms } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { aListing } from "@evx/listings/testing";
import { saleFees } from "@evx/orders";
import { anOrder } from "@evx/orders/testing";
import { createCallerFactory, refusalOf } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { ruleAt } from "@evx/rules";
import { rulesRouter } from "./rules-router.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const asAdmin = async () =>
  createCallerFactory(rulesRouter)(
    testContext(t, await aUser(t, { role: "admin", fullName: "Mai Operator" })),
  );
const later = () => new Date(t.clock.now().getTime() + day_ms);
const { name } = saleFees;
const fees = (platformFeeBps: number) => ({ platformFeeBps, cvaFeeBps: 100 });

test("an operator reads, sets and schedules a rule; what is out of range or unknown changes nothing", async () => {
  const rules = await asAdmin();
  expect(await rules.byName({ name })).toMatchObject({
    rule: { version: 0, value: { platformFeeBps: 250 } },
  });
  const at = later();
  const set = (bps: number, from?: Date) =>
    rules.set({ name, value: fees(bps), reason: "trial", from: from?.toISOString() });
  expect(await set(300, at)).toMatchObject({ rule: { version: 1 } });
  expect(await set(200)).toMatchObject({ rule: { version: 2, value: { platformFeeBps: 200 } } });
  expect((await ruleAt(t.db, saleFees, at)).value.platformFeeBps).toBe(300);
  expect(await refusalCode(set(9_999))).toBe("input_invalid");
  expect(await refusalCode(set(200, new Date(t.clock.now().getTime() + 4_000 * day_ms)))).toBe(
    "rule_too_far",
  );
  expect(await refusalCode(rules.byName({ name: "no.rule" }))).toBe("rule_not_found");
  const { history } = await rules.byName({ name });
  expect(history.map((one) => [one.version, one.setByName, one.reason])).toEqual([
    [2, "Mai Operator", "trial"],
    [1, "Mai Operator", "trial"],
  ]);
});

test("what is out of range is named with its bound", async () => {
  const rules = await asAdmin();
  const error = await rules
    .set({ name, value: fees(99_999), reason: "typo" })
    .catch((thrown: unknown) => thrown);
  expect(refusalOf(error)?.issues).toMatchObject([{ path: "value.platformFeeBps" }]);
});

describe("a rule that is rolled back", () => {
  test("holds an earlier version's values as a new version, and says why it cannot", async () => {
    const rules = await asAdmin();
    const back = (version: number, seen?: number) =>
      rules.rollBack({ name, version, reason: "The trial is over", ...(seen ? { seen } : {}) });
    expect(await refusalCode(back(9))).toBe("rule_version_not_found");
    expect(await refusalCode(back(2))).toBe("rule_same");
    expect(await refusalCode(back(0, 1))).toBe("rule_moved");
    expect(await back(0, 2)).toMatchObject({ rule: { version: 3, value: { platformFeeBps: 250 } } });
    expect((await rules.byName({ name })).history[0]).toMatchObject({
      version: 3,
      reason: "The trial is over",
    });
  });

  test("is refused where the old values are out of today's range", async () => {
    const rules = await asAdmin();
    // As an earlier release allowed it.
    await t.db
      .insertInto("rules.rule")
      .values({
        name,
        version: 4,
        value: JSON.stringify(fees(9_000)),
        reason: "long ago",
        set_by: null,
        effective_at: new Date(0),
      })
      .execute();
    const back = rules.rollBack({ name, version: 4, reason: "again" });
    expect(await refusalCode(back)).toBe("rule_version_unfit");
    expect((await rules.byName({ name })).history).toHaveLength(4);
  });
});

test("a preview counts what stands, says what keeps its rule, and what is scheduled for after it", async () => {
  const rules = await asAdmin();
  await anAuction(t);
  await anAuction(t);
  const { id } = await aListing(t, { creditsAmount: 1_000_000n });
  await anOrder(t, id);
  t.clock.set(
    (await rules.byName({ name })).history.find(({ version }) => version === 3)?.from ?? new Date(),
  );
  const preview = await rules.preview({ name, value: fees(400) });
  expect(preview).toMatchObject({ same: false, ahead: [{ version: 1 }] });
  expect(preview.standing).toEqual([
    { kind: "auctions", count: 2, keeps: true },
    { kind: "orders", count: 1, keeps: true },
    { kind: "wanted", count: 0, keeps: false },
  ]);
  expect(await rules.preview({ name, value: fees(250) })).toMatchObject({ same: true });
  expect(await refusalCode(rules.preview({ name, value: fees(-1) }))).toBe("input_invalid");
  expect((await rules.byName({ name })).history).toHaveLength(4);
});
