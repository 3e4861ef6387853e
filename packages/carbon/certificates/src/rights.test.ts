/** What the database refuses to issue, whoever asks and by whatever way. */
import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { audit } from "@evx/audit";
import { issueBatch } from "@evx/credits";
import { anIssuance, givenListed } from "@evx/credits/testing";
import { sql, type Tx } from "@evx/db";
import { strictly, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { type AccountId, cancelledAccount, post, retiredAccount, wallet } from "@evx/ledger";
import { issueCertificate } from "./certificates.ts";
import { insertTree } from "./queries/trees.ts";
import { anIssuedBatch, aTree, testPorts } from "./testing.ts";

const t = await testDatabase();
await strictly(t);
afterAll(() => t.close());
const ports = await testPorts();

type Given = { tree?: bigint; certificate?: boolean; after?: (tx: Tx, batchId: string) => Promise<unknown> };

/** Issues 20 kg with what is given of tree and certificate. */
const issued = async ({ tree, certificate = true, after }: Given) => {
  const owner = await aUser(t);
  const reviewer = await aUser(t, { role: "cva" });
  return t.transact(async (tx) => {
    const issuance = anIssuance({ grams: 20_000n, ownerId: owner.id, cvaId: reviewer.id });
    const { batch } = await issueBatch(tx, issuance);
    if (tree) await insertTree(tx, { ...aTree(tree), requestId: batch.requestId, batchId: batch.id });
    if (certificate)
      await issueCertificate(tx, ports, {
        kind: "issuance",
        subjectId: batch.requestId,
        holderId: owner.id,
        lots: [{ batchId: batch.id, first_g: 1n, last_g: batch.grams }],
      });
    await after?.(tx, batch.id);
  });
};

test("no batch without a tree, without a certificate, or whose tree gives other grams", async () => {
  await expect(issued({})).rejects.toThrow(/has no trips behind it/);
  await expect(issued({ tree: 19_999n })).rejects.toThrow(/has no trips behind it that give its grams/);
  await expect(issued({ tree: 20_001n })).rejects.toThrow(/has no trips behind it that give its grams/);
  await expect(issued({ tree: 20_000n, certificate: false })).rejects.toThrow(/has no certificate/);
  await issued({ tree: 20_000n });
});

test("after the first tree that commits to its grams none is taken that does not", async () => {
  await anIssuedBatch(t, ports);
  const bare = (tx: Tx, batchId: string) =>
    sql`insert into verification.tree (batch_id, request_id, root, leaf_count, secret, leaves, at)
      values (${batchId}, 'req_bare', ${"ab".repeat(32)}, 1, sha256(''), sha256(''), now())`.execute(tx);
  await expect(issued({ after: bare })).rejects.toThrow(/has no trips behind it that give its grams/);
});

test("no retirement without its record, no grams without a batch, and no entry from outside", async () => {
  const call = (statement: string) => t.transact((tx) => sql.raw(statement).execute(tx));
  await expect(
    call(
      "select ledger.issue('tfr_mint', 'bat_mint', now(), array['gCO2e/wallet/usr_thief'], array[5], null)",
    ),
  ).rejects.toThrow(/grams of no batch/);
  const { owner } = await anIssuedBatch(t, ports);
  const legs = [
    { account: wallet(owner.id), amount: -5n },
    { account: retiredAccount(owner.id), amount: 5n },
  ];
  const gone = t.transact((tx) => post(tx, { id: newId("transfer"), kind: "retire", legs }));
  await expect(gone).rejects.toThrow(/retires grams without a retirement/);
  const thief = await aUser(t);
  const moved = (kind: "cancel" | "transfer" | "unlist", account: AccountId, by = owner) =>
    t.transact(async (tx) => {
      const id = newId("transfer");
      const legs = [
        { account: wallet(owner.id), amount: -5n },
        { account, amount: 5n },
      ];
      await post(tx, { id, kind, legs, memo: { fromId: owner.id, toId: thief.id } });
      await audit(tx, by, "credits.transfer", id);
    });
  await expect(moved("cancel", cancelledAccount())).rejects.toThrow(/cancels grams for no batch/);
  await expect(moved("transfer", wallet(thief.id), thief)).rejects.toThrow(/their owner did not give/);
  await expect(moved("unlist", wallet(thief.id))).rejects.toThrow(/to somebody else than whose they are/);
  await moved("transfer", wallet(thief.id));
  await t.transact((tx) => givenListed(tx, owner.id, 5n));
  await expect(call("select log.enter('batch_issued', 'bat_x', '{}', now())")).rejects.toThrow(
    /permission denied/,
  );
  await expect(call("select log.note_down('certificate', 'x', '{}', now())")).rejects.toThrow(
    /not noted down/,
  );
});
