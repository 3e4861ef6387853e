import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { issuanceNumbers } from "@evx/certificates";
import { testPorts } from "@evx/certificates/testing";
import { batchesOfRequest, walletOf } from "@evx/credits";
import { cutOff, type TestDatabase, testDatabase } from "@evx/db/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { claimedTotals } from "@evx/trips";
import { approveRequest } from "./approvals.ts";
import { requestRow } from "./queries/requests.ts";
import { aRequest } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

test("an approval whose server dies before it is sure issues nothing; its retry issues one batch and one certificate", async () => {
  const ports = await testPorts();
  const reviewer = await aUser(t, { role: "cva" });
  const { owner, request } = await aRequest(t);
  const claimed = await claimedTotals(t.db, request.id);
  await cutOff(t, (tx) => approveRequest(tx, ports, reviewer, { id: request.id }));
  expect((await requestRow(t.db, request.id))?.status).toBe("pending");
  expect(await batchesOfRequest(t.db, request.id)).toEqual([]);
  expect((await issuanceNumbers(t.db, [request.id])).size).toBe(0);
  expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 0n });
  expect(await claimedTotals(t.db, request.id)).toEqual(claimed);

  const answers = await Promise.all(
    [1, 2].map(() => t.transact((tx) => approveRequest(tx, ports, reviewer, { id: request.id }))),
  );
  expect(new Set(answers.map(({ certificate }) => certificate?.number)).size).toBe(1);
  expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 20_000n });
});
