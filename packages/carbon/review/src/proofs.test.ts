import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import type { CertificatePorts } from "@evx/certificates";
import { certificateFile, certificateNamed, treesOf } from "@evx/certificates";
import { testPorts } from "@evx/certificates/testing";
import { parseSerial } from "@evx/credits";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { tick } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import { verifyCertificate, verifyInclusion } from "@evx/proof";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { tripsOfRequest } from "@evx/trips";
import { tripJobs } from "@evx/trips/jobs";
import { reviewJobs } from "./jobs.ts";
import { proveTrip, recompute } from "./proofs.ts";
import { requestRow } from "./queries/requests.ts";
import { wire } from "./reviewing.testing.ts";
import { anIssuedRequest, aRequest } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

let t: TestDatabase;
let ports: CertificatePorts;
beforeAll(async () => {
  t = await testDatabase();
  ports = await testPorts();
});
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

const tripsOf = async (id: Id<"request">) =>
  (await tripsOfRequest(t.db, id, { limit: 100 }, "en")).items.map((trip) => trip.id);

/** Changes a verified trip behind every guard, as somebody with the owner's rights to the database could. */
const tamper = (tripId: Id<"trip">, change: string) =>
  t.admin.transaction().execute(async (tx) => {
    await sql`alter table vehicles.trip disable trigger user`.execute(tx);
    await sql`update vehicles.trip set ${sql.raw(change)} where id = ${tripId}`.execute(tx);
    await sql`alter table vehicles.trip enable trigger user`.execute(tx);
  });

const alarms = async (requestId: string) =>
  (
    await t.db
      .selectFrom("jobs.outbox")
      .where("name", "=", "verification.recompute_failed")
      .select("payload")
      .execute()
  )
    .map(
      ({ payload }) =>
        payload as { requestId: string; expected: string; found: string; proofMatches: boolean },
    )
    .filter((payload) => payload.requestId === requestId);

const again = (id: Id<"request">) => t.transact((tx) => recompute(tx, null, id));

describe("inclusion", () => {
  test("every trip of an issued batch is proven against the root on the certificate, without an account", async () => {
    const { owner, request, certificate } = await anIssuedRequest(t, ports);
    const file = certificateFile(await certificateNamed(t.db, certificate.number));
    const number = parseSerial(file.certificate.lots[0]?.serial ?? "")?.number;
    const stranger = createCallerFactory(wire(ports))(testContext(t, null));
    expect(await stranger.certificates.root({ number: String(number) })).toEqual({
      batch: String(number).padStart(6, "0"),
      root: file.certificate.lots[0]?.root ?? null,
      trips: 10,
      certificateNumber: certificate.number,
    });
    await expect(stranger.certificates.root({ number: "999999" })).rejects.toMatchObject({
      cause: { code: "batch_not_found" },
    });
    for (const tripId of await tripsOf(request.id)) {
      const { proof, certificateNumber } = await proveTrip(t.db, owner, { id: request.id, tripId });
      expect(certificateNumber).toBe(certificate.number);
      expect(
        await verifyInclusion(JSON.parse(JSON.stringify(proof)), file.certificate.lots[0]?.root ?? ""),
      ).toBe(true);
      expect(await verifyCertificate(file, { inclusion: proof })).toMatchObject({ ok: true });
    }
  });

  test("a proof against another certificate, and a changed proof, fail", async () => {
    const { owner, request, certificate } = await anIssuedRequest(t, ports);
    const other = await anIssuedRequest(t, ports);
    const [tripId] = (await tripsOf(request.id)) as [Id<"trip">];
    const { proof } = await proveTrip(t.db, owner, { id: request.id, tripId });
    const file = certificateFile(await certificateNamed(t.db, certificate.number));
    const otherFile = certificateFile(await certificateNamed(t.db, other.certificate.number));
    expect((await verifyCertificate(file, { inclusion: proof })).ok).toBe(true);
    expect((await verifyCertificate(otherFile, { inclusion: proof })).ok).toBe(false);
    expect(
      (
        await verifyCertificate(otherFile, {
          inclusion: { ...proof, root: otherFile.certificate.lots[0]?.root },
        })
      ).ok,
    ).toBe(false);
    expect(
      (await verifyCertificate(file, { inclusion: { ...proof, trip: { ...proof.trip, distance_m: 1 } } })).ok,
    ).toBe(false);
    expect((await verifyCertificate(file, { inclusion: { hello: 1 } })).ok).toBe(false);
  });

  test("is for the owner alone, and only for trips of a batch", async () => {
    const { request } = await anIssuedRequest(t, ports);
    const [tripId] = (await tripsOf(request.id)) as [Id<"trip">];
    const none = { code: "proof_not_available" };
    await expect(proveTrip(t.db, await aUser(t), { id: request.id, tripId })).rejects.toMatchObject(none);
    const pending = await aRequest(t);
    const [free] = (await tripsOf(pending.request.id)) as [Id<"trip">];
    await expect(
      proveTrip(t.db, pending.owner, { id: pending.request.id, tripId: free }),
    ).rejects.toMatchObject(none);
    await expect(
      proveTrip(t.db, pending.owner, { id: pending.request.id, tripId: newId("trip") }),
    ).rejects.toMatchObject(none);
  });

  test("positions, tracks and notes are erased when their time is over, and every proof still verifies", async () => {
    const { owner, request, certificate } = await anIssuedRequest(t, ports, {
      trips: { count: 5, notes: "To my mother's" },
    });
    const reviewed = await aRequest(t, { trips: { count: 2, notes: "Still judged" } });
    const [first] = await tripsOf(request.id);
    await sql`update vehicles.trip set start_lat_e6 = 21028511, start_lon_e6 = 105804817, end_lat_e6 = 20856600,
      end_lon_e6 = 106682200 where request_id = any (${[request.id, reviewed.request.id]}::text[])`.execute(
      t.admin,
    );
    await sql`insert into vehicles.track (car_id, month, trip_id, points)
      select car_id, month, id, '[0, 21028511, 105804817, null]' from vehicles.trip where id = ${first}`.execute(
      t.admin,
    );
    const kept = (id: Id<"request">) =>
      sql<{ placed: number; noted: number; tracked: number }>`
        select count(start_lat_e6)::int as placed, count(notes)::int as noted,
          (select count(*)::int from vehicles.track k where k.trip_id = any (array_agg(t.id))) as tracked
        from vehicles.trip t where request_id = ${id}`
        .execute(t.admin)
        .then(({ rows }) => rows[0]);
    const jobs = tripJobs;
    const erase = () => tick(t, jobs, "vehicles.erase_positions");
    const today = t.clock.now();
    try {
      t.clock.set(new Date("2027-12-31T00:00:00Z"));
      await erase();
      expect(await kept(request.id)).toEqual({ placed: 5, noted: 5, tracked: 1 });
      t.clock.set(new Date("2028-02-01T00:00:00Z"));
      await erase();
      await erase();
    } finally {
      t.clock.set(today);
    }
    expect(await kept(request.id)).toEqual({ placed: 0, noted: 0, tracked: 0 });
    // A request under review keeps what its reviewer judges by.
    expect(await kept(reviewed.request.id)).toEqual({ placed: 2, noted: 2, tracked: 0 });
    const file = certificateFile(await certificateNamed(t.db, certificate.number));
    for (const tripId of await tripsOf(request.id)) {
      const { proof } = await proveTrip(t.db, owner, { id: request.id, tripId });
      expect((await verifyCertificate(file, { inclusion: proof })).ok).toBe(true);
    }
    expect(await again(request.id)).toMatchObject({ matches: true, proofMatches: true });
  });

  test("a trip that was changed behind the guards has no proof any more, and raises the alarm", async () => {
    const { owner, request } = await anIssuedRequest(t, ports);
    const [tripId] = (await tripsOf(request.id)) as [Id<"trip">];
    const caller = createCallerFactory(wire(ports))(testContext(t, owner));
    const asked = { id: request.id, tripId };
    expect((await caller.requests.proof(asked)).proof.leaves).toBe(10);
    await tamper(tripId, "ended_at = ended_at + interval '1 second'");
    await expect(caller.requests.proof(asked)).rejects.toMatchObject({
      cause: { code: "proof_trip_changed" },
    });
    expect(await alarms(request.id)).toMatchObject([{ proofMatches: false }]);
  });

  test("the stored tree cannot be changed", async () => {
    const { request } = await anIssuedRequest(t, ports);
    const [tree] = await treesOf(t.db, request.id);
    expect(tree?.leaf_count).toBe(10n);
    const change = t.admin
      .updateTable("verification.tree")
      .set({ root: "0".repeat(64) })
      .execute();
    await expect(change).rejects.toThrow("append-only");
  });
});

describe("recomputing", () => {
  test("gives the same gram and the same root, before and after the issue, and keeps the outcome", async () => {
    const { request } = await aRequest(t);
    expect(await again(request.id)).toMatchObject({ matches: true, found_g: 20_000n, proofMatches: null });
    const issued = await anIssuedRequest(t, ports);
    t.clock.advance(1_000);
    expect(await again(issued.request.id)).toMatchObject({
      matches: true,
      expected_g: 20_000n,
      proofMatches: true,
    });
    const kept = await t.db
      .selectFrom("verification.recomputation")
      .where("request_id", "=", issued.request.id)
      .selectAll()
      .execute();
    expect(kept).toMatchObject([{ expected_g: 20_000n, found_g: 20_000n, leaves_match: true }]);
  });

  test("the untampered batch passes; with one metre more on one trip it fails and raises the alarm", async () => {
    const { request } = await anIssuedRequest(t, ports);
    expect((await again(request.id)).matches).toBe(true);
    expect(await alarms(request.id)).toEqual([]);
    const [tripId] = (await tripsOf(request.id)) as [Id<"trip">];
    await tamper(tripId, "distance_m = distance_m + 1000");
    t.clock.advance(1_000);
    expect(await again(request.id)).toMatchObject({
      matches: false,
      expected_g: 20_000n,
      found_g: 20_100n,
      proofMatches: false,
    });
    expect(await alarms(request.id)).toMatchObject([
      { expected: "20000", found: "20100", proofMatches: false },
    ]);
  });

  test("a request whose trips were changed cannot be approved: nothing is issued, the alarm stays", async () => {
    const { owner, request } = await aRequest(t);
    const reviewer = await aUser(t, { role: "cva" });
    const [tripId] = (await tripsOf(request.id)) as [Id<"trip">];
    await tamper(tripId, "distance_m = distance_m + 1000");
    const caller = createCallerFactory(wire(ports))(testContext(t, reviewer));
    await expect(caller.review.approve({ id: request.id })).rejects.toMatchObject({
      cause: { code: "request_not_reproduced" },
    });
    expect(await requestRow(t.db, request.id)).toMatchObject({ status: "pending", batch_id: null });
    expect(await alarms(request.id)).toHaveLength(1);
    expect(owner.id).toBe(request.owner_id);
  });

  test("every hour the batches that waited longest are computed again", async () => {
    const before = await t.db.selectFrom("verification.recomputation").select("request_id").execute();
    t.clock.advance(3_600_000);
    await tick(t, reviewJobs, "verification.recompute");
    const after = await t.db.selectFrom("verification.recomputation").select("request_id").execute();
    expect(after.length).toBeGreaterThan(before.length);
    const issued = await t.db
      .selectFrom("verification.request")
      .where("status", "=", "approved")
      .select("id")
      .execute();
    expect(new Set(after.map((row) => row.request_id)).size).toBeGreaterThanOrEqual(issued.length);
  });
});
