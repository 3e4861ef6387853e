import { afterAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { expectBooksBalance, givenCash } from "@evx/ledger/testing";
import { openVault } from "@evx/vault";
import { withdrawalRow } from "./queries/withdrawals.ts";
import { rotateBankAccounts } from "./rotation.ts";
import { testPorts, testSettings } from "./testing.ts";
import { type WithdrawalOrder, withdraw } from "./withdrawals.ts";

const t = await testDatabase();
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

const [first, second] = ["the first secret of all", "the second secret of all"];
const under = async (secrets: string) => testPorts({ vault: await openVault(secrets, "payments") });
const account = "Vietcombank 0071001234567";

const asked = async (count: number) => {
  const actor = await aUser(t);
  await t.transact((tx) => givenCash(tx, actor.id, "USD", 100_000n));
  const orders: WithdrawalOrder[] = Array.from({ length: count }, () => ({
    id: newId("withdrawal"),
    amount: "10.00",
    bankAccount: account,
    currency: "USD",
    holder: "Nguyễn Văn A",
    ip: "203.0.113.7",
  }));
  const ports = await under(first);
  for (const order of orders) await t.transact((tx) => withdraw(tx, ports, testSettings(), actor, order));
  return { actor, orders };
};

describe("rotating the keys of bank accounts", () => {
  test("two at once, stopped half-way and run again: every account lies under the new key alone, and is itself", async () => {
    const { actor, orders } = await asked(9);
    const operator = await aUser(t, { role: "admin" });
    const edge = { db: t.db, transact: t.transact, actor: operator };
    const both = await under(`${second},${first}`);

    const once = await rotateBankAccounts(edge, both, 2);
    expect(once).toEqual({ done: 2, left: 7 });
    // A portion that fails, as when the process is killed, changes nothing.
    const broken = {
      ...edge,
      transact: (work: Parameters<typeof t.transact>[0]) =>
        t.transact(async (tx) => {
          await work(tx);
          throw new Error("killed");
        }),
    };
    await expect(rotateBankAccounts(broken as typeof edge, both, 3)).rejects.toThrow("killed");
    const [one, two] = await Promise.all([
      rotateBankAccounts(edge, both, 4),
      rotateBankAccounts(edge, both, 4),
    ]);
    expect(one.done + two.done).toBe(7);
    expect((await rotateBankAccounts(edge, both)).left).toBe(0);

    const alone = await under(second);
    for (const order of orders) {
      const row = await withdrawalRow(t.db, order.id);
      expect(await alone.vault.openText(row?.bank_sealed ?? "", order.id)).toContain("0071001234567");
      await expect((await under(first)).vault.openText(row?.bank_sealed ?? "", order.id)).rejects.toThrow(
        "No key",
      );
      // The same input again is still known as the same, though the key is another.
      expect((await t.transact((tx) => withdraw(tx, alone, testSettings(), actor, order))).id).toBe(order.id);
      const other = { ...order, bankAccount: "Techcombank 19001234567890" };
      await expect(t.transact((tx) => withdraw(tx, alone, testSettings(), actor, other))).rejects.toThrow(
        /withdrawal/i,
      );
    }
    const traces = await t.admin
      .selectFrom("identity.audit")
      .select("after")
      .where("action", "=", "bank_account.rotate_keys")
      .execute();
    expect(traces.reduce((sum, { after }) => sum + (after as { count: number }).count, 0)).toBe(9);
  });

  test("a retry while the rotation waits names the same withdrawal", async () => {
    const { actor, orders } = await asked(1);
    const [order] = orders;
    if (!order) throw new Error("no order");
    const ports = await under(`${second},${first}`);
    const again = await t.transact((tx) => withdraw(tx, ports, testSettings(), actor, order));
    expect(again.id).toBe(order.id);
  });
});
