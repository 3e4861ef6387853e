import { afterAll, expect, test } from "bun:test";
import { sql, type Tx } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { ensureKey } from "./keys.ts";
import { testPorts } from "./testing.ts";

const worlds: Awaited<ReturnType<typeof testDatabase>>[] = [];
afterAll(() => Promise.all(worlds.map((t) => t.close())));

const empty = async () => {
  const t = await testDatabase();
  worlds.push(t);
  const ports = await testPorts();
  const addedAt = async (): Promise<Date | undefined> =>
    (await sql<{ at: Date }>`select added_at as at from verification.signing_key`.execute(t.db)).rows[0]?.at;
  return { t, ports, addedAt };
};

test("whoever began before the venue's first key was published begins again after it", async () => {
  const { t, ports, addedAt } = await empty();
  const begun: Date[] = [];
  let turn = 0;
  await t.transact(async (tx) => {
    begun.push(tx.at);
    if (turn++ === 0) {
      t.clock.advance(1_000);
      await t.transact((first) => ensureKey(first, ports));
    }
    await ensureKey(tx, ports);
  });
  expect(begun).toHaveLength(2);
  expect(begun[1]?.getTime()).toBeGreaterThanOrEqual((await addedAt())?.getTime() ?? Number.NaN);
});

test("two first certificates at once: neither is dated before the key", async () => {
  const { t, ports, addedAt } = await empty();
  const ended: Date[] = [];
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const early = t.transact(async (tx) => {
    begun.resolve();
    await held.promise;
    await ensureKey(tx, ports);
    ended.push(tx.at);
  });
  await begun.promise;
  t.clock.advance(1_000);
  await t.transact(async (tx: Tx) => {
    await ensureKey(tx, ports);
    held.resolve();
    // The other one waits for the key meanwhile.
    await Bun.sleep(50);
    ended.push(tx.at);
  });
  await early;
  expect(ended).toHaveLength(2);
  const added = (await addedAt())?.getTime() ?? Number.NaN;
  for (const at of ended) expect(at.getTime()).toBeGreaterThanOrEqual(added);
});
