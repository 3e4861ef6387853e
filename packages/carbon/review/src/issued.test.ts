import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { testPorts } from "@evx/certificates/testing";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { verifyIssued } from "./issued.ts";
import { anIssuedRequest } from "./testing.ts";

setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());
const ports = await testPorts();

/** With all rights and every trigger asleep; put back afterwards by `undo`. */
const asOwner = (...statements: string[]) =>
  t.admin.transaction().execute(async (tx) => {
    await sql.raw("set local session_replication_role = replica").execute(tx);
    for (const statement of statements) await sql.raw(statement).execute(tx);
  });

test("every batch comes out of its trips and its request; what was changed is named by its batch", async () => {
  const { request } = await anIssuedRequest(t, ports);
  await anIssuedRequest(t, ports);
  expect(await verifyIssued(t.db)).toEqual({ batches: 2, faults: [] });
  const trip = `id = (select id from vehicles.trip where request_id = '${request.id}' order by id limit 1)`;
  const lies: [string, string, RegExp[]][] = [
    [
      `update vehicles.trip set distance_m = distance_m + 1000 where ${trip}`,
      `update vehicles.trip set distance_m = distance_m - 1000 where ${trip}`,
      [
        /Batch 000001: its request's trips give 20100 g, 20000 g were issued/,
        /do not give the tree that was logged/,
      ],
    ],
    [
      `update verification.request set issued_g = issued_g - 1 where id = '${request.id}'`,
      `update verification.request set issued_g = issued_g + 1 where id = '${request.id}'`,
      [/Batch 000001: its request was issued 19999 g, the batch has 20000 g/],
    ],
    [
      `update verification.request set owner_id = owner_id || 'x' where id = '${request.id}'`,
      `update verification.request set owner_id = left(owner_id, -1) where id = '${request.id}'`,
      [/Batch 000001: its request names another owner/],
    ],
    [
      `update credits.batch set trip_count = 11 where request_id = '${request.id}'`,
      `update credits.batch set trip_count = 10 where request_id = '${request.id}'`,
      [/Batch 000001: 10 trips stand behind it, it says 11 and its tree 10/],
    ],
  ];
  for (const [lie, undo, sees] of lies) {
    await asOwner(lie);
    const { faults } = await verifyIssued(t.db);
    for (const seen of sees) expect(faults.join("\n")).toMatch(seen);
    await asOwner(undo);
  }
  expect((await verifyIssued(t.db)).faults).toEqual([]);
});
