import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { testPorts } from "@evx/certificates/testing";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { verifyIssued } from "./issued.ts";
import { recompute } from "./proofs.ts";
import { rejectRequest } from "./steps.ts";
import { anIssuedRequest, aRequest } from "./testing.ts";

setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());
const ports = await testPorts();

/** With all rights and every trigger asleep; put back afterwards by `undo`. */
const ownerOf =
  (t: TestDatabase) =>
  (...statements: string[]) =>
    t.admin.transaction().execute(async (tx) => {
      await sql.raw("set local session_replication_role = replica").execute(tx);
      for (const statement of statements) await sql.raw(statement).execute(tx);
    });

const asOwner = ownerOf(t);

/** What is told otherwise, how it is put back, and what is seen of it. */
const liesAbout = (id: string): [string, string, RegExp[]][] => {
  const trip = `id = (select id from vehicles.trip where request_id = '${id}' order by id limit 1)`;
  return [
    [
      `update vehicles.trip set distance_m = distance_m + 1000 where ${trip}`,
      `update vehicles.trip set distance_m = distance_m - 1000 where ${trip}`,
      [
        /Batch 000001: its request's trips give 20100 g, 20000 g were issued/,
        /do not give the tree that was logged/,
      ],
    ],
    [
      `update verification.request set issued_g = issued_g - 1 where id = '${id}'`,
      `update verification.request set issued_g = issued_g + 1 where id = '${id}'`,
      [/Batch 000001: its request was issued 19999 g, the batch has 20000 g/],
    ],
    [
      `update verification.request set owner_id = owner_id || 'x' where id = '${id}'`,
      `update verification.request set owner_id = left(owner_id, -1) where id = '${id}'`,
      [/Batch 000001: its request names another owner/],
    ],
    [
      `update credits.batch set trip_count = 11 where request_id = '${id}'`,
      `update credits.batch set trip_count = 10 where request_id = '${id}'`,
      [/Batch 000001: 10 trips stand behind it, it says 11 and its tree 10/],
    ],
    [
      `update vehicles.trip set request_id = 'req_other' where ${trip}`,
      `update vehicles.trip set request_id = '${id}' where request_id = 'req_other'`,
      [/Batch 000001: its request's trips give 18000 g, 20000 g were issued/],
    ],
    [
      `update credits.batch set cva_id = cva_id || 'x' where request_id = '${id}'`,
      `update credits.batch set cva_id = left(cva_id, -1) where request_id = '${id}'`,
      [/Batch 000001: by the audit trail its reviewer did not approve its request/],
    ],
    [
      `update credits.batch set request_id = request_id || 'x' where number = 1`,
      `update credits.batch set request_id = left(request_id, -1) where number = 1`,
      [
        /Batch 000001 stands on request req_\w+x, which is not there/,
        /Request req_\w+ is approved, and has no batch/,
      ],
    ],
    [
      `update verification.tree set batch_id = batch_id || 'x' where request_id = '${id}'`,
      `update verification.tree set batch_id = left(batch_id, -1) where request_id = '${id}'`,
      [/Batch 000001: it cannot be computed again/],
    ],
    [
      `update vehicles.trip set started_at = started_at - interval '1 minute' where ${trip}`,
      `update vehicles.trip set started_at = started_at + interval '1 minute' where ${trip}`,
      [/Batch 000001: its trips do not give the tree that was logged/],
    ],
    [
      `update verification.request set factors = jsonb_set(factors::jsonb, '{baseline_mg_per_km}', '130000') where id = '${id}'`,
      `update verification.request set factors = jsonb_set(factors::jsonb, '{baseline_mg_per_km}', '120000') where id = '${id}'`,
      [/Batch 000001: its request's trips give \d+ g, 20000 g were issued/],
    ],
  ];
};

/** The same of what the audit trail of its decision says, and of what its trips say. */
const liesAboutDecisions = (id: string): [string, string, RegExp[]][] => [
  [
    `update verification.request set zone = 'Pacific/Kiritimati' where id = '${id}'`,
    `update verification.request set zone = 'Asia/Ho_Chi_Minh' where id = '${id}'`,
    [/Request req_\w+: the registry says zone "Pacific\/Kiritimati", the audit trail of its decision "/],
  ],
  [
    `update verification.request set decided_at = decided_at - interval '1 year' where id = '${id}'`,
    `update verification.request set decided_at = decided_at + interval '1 year' where id = '${id}'`,
    [/Request req_\w+: the registry says decided_at "\S+", the audit trail of its decision "/],
  ],
  [
    `update verification.request set risk_score = risk_score + 1 where id = '${id}'`,
    `update verification.request set risk_score = risk_score - 1 where id = '${id}'`,
    [/Request req_\w+: the registry says risk_score \d+, the audit trail of its decision \d+/],
  ],
  [
    `update credits.batch set vehicle_class = 'bus' where request_id = '${id}'`,
    `update credits.batch set vehicle_class = 'car' where request_id = '${id}'`,
    [
      /Batch 000001: its request is of a car, it says bus/,
      /Batch 000001: the registry says vehicle_class "bus"/,
    ],
  ],
  [
    `update credits.batch set first_trip_at = first_trip_at - interval '1 day' where request_id = '${id}'`,
    `update credits.batch set first_trip_at = first_trip_at + interval '1 day' where request_id = '${id}'`,
    [
      /Batch 000001: its trips begin on \S+ and \S+, it says/,
      /Batch 000001: the registry says first_trip_at/,
    ],
  ],
  [
    `update credits.batch set last_trip_at = last_trip_at + interval '1 day' where request_id = '${id}'`,
    `update credits.batch set last_trip_at = last_trip_at - interval '1 day' where request_id = '${id}'`,
    [/Batch 000001: its trips begin on \S+ and \S+, it says/],
  ],
];

/** The same of what was said, refused, approved and computed again. */
const liesAboutTheWay = (id: string): [string, string, RegExp[]][] => [
  [
    `update verification.message set request_id = 'req_none' where request_id = '${id}' and kind = 'approved'`,
    `update verification.message set request_id = '${id}' where request_id = 'req_none'`,
    [/Request req_\w+: what was said before it was decided is not what is kept/],
  ],
  [
    `update verification.message set body = 'Looks fine.' where request_id = '${id}' and kind = 'approved'`,
    `update verification.message set body = null where request_id = '${id}' and kind = 'approved'`,
    [/Request req_\w+: what was said before it was decided is not what is kept/],
  ],
  [
    `insert into verification.trip_rejection select '${id}', id, 'other', null, started_at, 1, 1, 'usr_thief', now() from vehicles.trip limit 1`,
    `delete from verification.trip_rejection where request_id = '${id}'`,
    [/Request req_\w+: the trips that were refused are not those that are kept/],
  ],
  [
    `update verification.approval set approved_at = approved_at - interval '1 year' where request_id = '${id}'`,
    `update verification.approval set approved_at = approved_at + interval '1 year' where request_id = '${id}'`,
    [/Request req_\w+: its approvals are not those by which it was decided/],
  ],
  [
    `update verification.recomputation set request_id = 'req_none' where request_id = '${id}' and asked_by is not null`,
    `update verification.recomputation set request_id = '${id}' where request_id = 'req_none'`,
    [/Request req_\w+: by the audit trail usr_\w+ had it computed again on \S+, and nothing of it is kept/],
  ],
  [
    `update verification.recomputation set found_g = expected_g, leaves_match = true where request_id = '${id}'`,
    `update verification.recomputation set found_g = 18000, leaves_match = false where request_id = '${id}' and asked_by is null`,
    [
      /Request req_\w+: by the audit trail it gave 18000 g when it was computed again, and no such recomputation is kept/,
    ],
  ],
  [
    `update verification.recomputation set expected_g = expected_g + 1 where request_id = '${id}'`,
    `update verification.recomputation set expected_g = expected_g - 1 where request_id = '${id}'`,
    [/Request req_\w+: a recomputation on \S+ says that 20001 g were expected, 20000 g were issued/],
  ],
];

test("a decision is held by its line in the audit trail: its request, its batches, what was said, what was refused", async () => {
  const t = await testDatabase();
  const asOwner = ownerOf(t);
  try {
    const { request, reviewer } = await anIssuedRequest(t, ports);
    t.clock.advance(1_000);
    await t.transact((tx) => recompute(tx, reviewer, request.id));
    // One that fails: a trip is gone for a moment.
    const trip = `(select min(id) from vehicles.trip where request_id = '${request.id}')`;
    await asOwner(`update vehicles.trip set request_id = 'req_gone' where id = ${trip}`);
    t.clock.advance(1_000);
    await t.transact((tx) => recompute(tx, null, request.id));
    await asOwner(`update vehicles.trip set request_id = '${request.id}' where request_id = 'req_gone'`);
    expect((await verifyIssued(t.db)).faults).toEqual([]);
    for (const [lie, undo, sees] of [...liesAboutDecisions(request.id), ...liesAboutTheWay(request.id)]) {
      await asOwner(lie);
      const { faults } = await verifyIssued(t.db);
      for (const seen of sees) expect(faults.join("\n")).toMatch(seen);
      await asOwner(undo);
    }
    expect((await verifyIssued(t.db)).faults).toEqual([]);
    const refused = await aRequest(t);
    await t.transact((tx) =>
      rejectRequest(tx, reviewer, { id: refused.request.id, reason: "It is another's." }),
    );
    expect((await verifyIssued(t.db)).faults).toEqual([]);
    await asOwner(
      `update verification.request set decided_by = 'usr_thief', owner_id = 'usr_thief2' where id = '${refused.request.id}'`,
    );
    const { faults } = await verifyIssued(t.db);
    expect(faults.join("\n")).toMatch(/By the audit trail usr_thief did not reject request req_/);
    expect(faults.join("\n")).toMatch(/Request req_\w+: the registry says owner_id "usr_thief2"/);
  } finally {
    await t.close();
  }
});

test("functions that somebody dropped from the database are named, and the rest is checked all the same", async () => {
  const t = await testDatabase();
  try {
    const { request } = await anIssuedRequest(t, ports);
    const gone = ["verification.faults_of_requests()", "verification.request_facts(text, bigint)"];
    for (const one of gone) await sql.raw(`drop function ${one}`).execute(t.admin);
    await ownerOf(t)(`update verification.request set issued_g = issued_g - 1 where id = '${request.id}'`);
    const { faults } = await verifyIssued(t.db);
    expect(faults).toContain(
      "Function verification.faults_of_requests of the database is missing, so this was not checked: who approved requests.",
    );
    expect(faults).toContain(
      "Function verification.request_facts of the database is missing, so this was not checked: what was decided of requests.",
    );
    expect(faults.join("\n")).toMatch(/Batch 000001: its request was issued 19999 g/);
  } finally {
    await t.close();
  }
});

/** The same of who approved. */
const liesAboutApprovals = (id: string): [string, string, RegExp[]][] => [
  [
    `update verification.request set approvals_needed = 2 where id = '${id}'`,
    `update verification.request set approvals_needed = 1 where id = '${id}'`,
    [/Request req_\w+ was approved by 1, and needed 2/],
  ],
  [
    `update verification.approval set request_id = request_id || 'x' where request_id = '${id}'`,
    `update verification.approval set request_id = left(request_id, -1) where request_id = '${id}x'`,
    [/Request req_\w+ was approved by 0, and needed 1/],
  ],
  [
    `insert into verification.approval select request_id, 'usr_second', digest, note, approved_at from verification.approval where request_id = '${id}'`,
    `delete from verification.approval where reviewer_id = 'usr_second'`,
    [/By the audit trail usr_second did not approve request req_/],
  ],
];

test("every batch comes out of its trips and its request; what was changed is named by its batch", async () => {
  const { request } = await anIssuedRequest(t, ports);
  await anIssuedRequest(t, ports, { trips: { distanceKm: 31, minutes: 47 } });
  expect(await verifyIssued(t.db)).toEqual({ batches: 2, faults: [] });
  const lies = [...liesAbout(request.id), ...liesAboutApprovals(request.id)];
  for (const [lie, undo, sees] of lies) {
    await asOwner(lie);
    const { faults } = await verifyIssued(t.db);
    for (const seen of sees) expect(faults.join("\n")).toMatch(seen);
    await asOwner(undo);
  }
  expect((await verifyIssued(t.db)).faults).toEqual([]);
});
