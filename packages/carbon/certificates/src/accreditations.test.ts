/** However an accreditation and an issue overlap, the log's entry and the registry's row say the same. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { strictly, testDatabase } from "@evx/db/testing";
import { sequencePending } from "@evx/log";
import { enterAccreditation } from "./accreditations.ts";
import { anIssuedBatch, testPorts } from "./testing.ts";
import { verifyAll } from "./verification.ts";

setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());
await strictly(t);
const ports = await testPorts();
const operator = await aUser(t, { role: "admin" });
const facts = { body: "VICAS", number: "VICAS 7", assurance: "reasonable" } as const;

const faults = async () => {
  await t.transact((tx) => sequencePending(tx, ports.log));
  return (await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 })).faults;
};

const loggedAccreditation = async () => {
  const { rows } = await sql<{ body: string }>`select convert_from(body, 'UTF8') as body from log.entry
    where kind = 'batch_issued' order by place desc limit 1`.execute(t.admin);
  return JSON.parse(rows[0]?.body ?? "null").accreditation;
};

/** Whether somebody waits for a turn that another one has. */
const waitsForTurn = async (): Promise<boolean> => {
  const { rows } =
    await sql`select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`.execute(
      t.admin,
    );
  return rows.length > 0;
};

test("one that began before a batch was issued and was entered after it is dated after it", async () => {
  const { id } = await aUser(t, { role: "cva" });
  await t.transact(async (tx) => {
    t.clock.advance(1_000);
    await anIssuedBatch(t, ports, { cvaId: id });
    await enterAccreditation(tx, operator, { id, ...facts });
  });
  expect(await faults()).toEqual([]);
  expect(await loggedAccreditation()).toBeNull();
});

test("a batch that is issued while one is being entered waits for it, and names it", async () => {
  const { id } = await aUser(t, { role: "cva" });
  let [issuing, settled]: [Promise<unknown>, boolean] = [Promise.resolve(), false];
  await t.transact(async (tx) => {
    await enterAccreditation(tx, operator, { id, ...facts });
    t.clock.advance(1_000);
    issuing = anIssuedBatch(t, ports, { cvaId: id }).finally(() => {
      settled = true;
    });
    while (!settled && !(await waitsForTurn())) await Bun.sleep(20);
  });
  await issuing;
  expect(await faults()).toEqual([]);
  expect(await loggedAccreditation()).toMatchObject(facts);
});
