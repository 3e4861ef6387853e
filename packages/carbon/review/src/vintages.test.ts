import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { certificateFile, revokeCertificate, treesOf, verifyAll } from "@evx/certificates";
import { testPorts } from "@evx/certificates/testing";
import { batchesOfRequest, walletOf } from "@evx/credits";
import { cutOff, testDatabase } from "@evx/db/testing";
import { namedId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { sequencePending } from "@evx/log";
import { verifyCertificate } from "@evx/proof";
import { setRule } from "@evx/rules";
import { candidateOf, recordCandidates } from "@evx/trips/testing";
import { approveRequest } from "./approvals.ts";
import { fourEyes } from "./policy.ts";
import { proveTrip, recompute } from "./proofs.ts";
import { requestRow } from "./queries/requests.ts";
import { reviewing } from "./reviewing.testing.ts";
import { anIssuedRequest, aRequest } from "./testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(120_000);

const t = await testDatabase({ max: 20 });
const ports = await testPorts();
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});
const { aReviewer, approve, issue, tripIds } = reviewing(t, ports);

/** Four trips an hour apart around New Year in Hanoi, 2 kg each: two before midnight there and two after. */
let cars = 0;
const overNewYear = () => ({
  trips: {
    count: 4,
    // Every car drives at minutes of its own: cars with the same trips would be twins.
    from: new Date(Date.parse("2025-12-31T15:30:00Z") + cars++ * 60_000),
    everyMinutes: 60,
  },
});
const spans = async (id: Awaited<ReturnType<typeof aRequest>>["request"]["id"]) =>
  (await batchesOfRequest(t.db, id)).map(({ vintageYear, vintageFrom, vintageTo, tripCount, grams }) => ({
    vintageYear,
    days: [vintageFrom, vintageTo],
    tripCount,
    grams,
  }));

describe("a request over New Year where the vehicle is", () => {
  test("becomes a batch for each year, under one decision and one certificate", async () => {
    const { owner, reviewer, request, certificate } = await anIssuedRequest(t, ports, overNewYear());
    expect(await spans(request.id)).toEqual([
      { vintageYear: 2025, days: ["2025-12-31", "2025-12-31"], tripCount: 2, grams: 4_000n },
      { vintageYear: 2026, days: ["2026-01-01", "2026-01-01"], tripCount: 2, grams: 4_000n },
    ]);
    expect(request).toMatchObject({ issued_g: 8_000n, zone: "Asia/Ho_Chi_Minh" });
    const file = certificateFile(certificate);
    expect(
      file.certificate.lots.map(({ vintage, vintageFrom, vintageTo }) => [vintage, vintageFrom, vintageTo]),
    ).toEqual([
      [2025, "2025-12-01", "2025-12-31"],
      [2026, "2026-01-01", "2026-01-31"],
    ]);
    expect(file.certificate.lots.map(({ serial }) => serial.split("-")[4])).toEqual(["2025", "2026"]);
    expect((await verifyCertificate(JSON.stringify(file))).ok).toBe(true);
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: BigInt(file.certificate.grams) });
    const again = await issue(reviewer, request.id);
    expect(again.batches).toMatchObject([
      { vintageFrom: "2025-12-31", serial: file.certificate.lots[0]?.serial },
      { vintageFrom: "2026-01-01", serial: file.certificate.lots[1]?.serial },
    ]);
    expect(again.batch).toEqual(again.batches[0] ?? null);
  });

  test("a batch of one trip names its year as far as it has come, not the month of that trip", async () => {
    const from = new Date(Date.parse("2026-02-03T03:00:00Z") + cars++ * 60_000);
    const alone = await anIssuedRequest(t, ports, { trips: { count: 1, from } });
    expect((await spans(alone.request.id))[0]?.days).toEqual(["2026-01-01", "2026-03-01"]);
    const [lot] = certificateFile(alone.certificate).certificate.lots;
    expect([lot?.vintageFrom, lot?.vintageTo]).toEqual(["2026-01-01", "2026-03-31"]);
    const past = new Date(Date.parse("2025-10-03T03:00:00Z") + cars++ * 60_000);
    const older = await anIssuedRequest(t, ports, { trips: { count: 1, from: past } });
    expect((await spans(older.request.id))[0]?.days).toEqual(["2025-01-01", "2025-12-31"]);
    await t.transact((tx) => sequencePending(tx, ports.log));
    const { faults } = await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 });
    // Two triggers sleep in tests of rooms, and are named for it.
    expect(faults.filter((fault) => !/^Trigger has_\w+ .* is switched off/.test(fault))).toEqual([]);
  });

  test("each trip is proved within the batch of its year, and the request computes again to the gram", async () => {
    const { owner, request } = await anIssuedRequest(t, ports, overNewYear());
    const batches = await batchesOfRequest(t.db, request.id);
    const roots = new Map((await treesOf(t.db, request.id)).map(({ batch_id, root }) => [batch_id, root]));
    const proven: string[] = [];
    for (const tripId of await tripIds(request.id, 10)) {
      const { proof } = await proveTrip(t.db, owner, { id: request.id, tripId });
      expect(proof.root).toBe(roots.get(proof.batch as never) as string);
      proven.push(proof.batch);
    }
    const [older, younger] = batches.map(({ id }) => id);
    expect(proven).toEqual([older, older, younger, younger] as never);
    expect(await t.transact((tx) => recompute(tx, null, request.id))).toMatchObject({
      matches: true,
      expected_g: 8_000n,
      found_g: 8_000n,
      proofMatches: true,
    });
  });

  test("the year is the vehicle's: in Honolulu the same drives are all of the old one, under the name they always had", async () => {
    const { request } = await anIssuedRequest(t, ports, {
      ...overNewYear(),
      vehicle: { zone: "Pacific/Honolulu" },
    });
    expect(await spans(request.id)).toEqual([
      { vintageYear: 2025, days: ["2025-12-31", "2025-12-31"], tripCount: 4, grams: 8_000n },
    ]);
    expect(request.batch_id).toBe(await namedId("batch", request.id));
  });

  test("a zone that changes after the request changes no vintage", async () => {
    const { vehicleId, request } = await aRequest(t, overNewYear());
    await t.db
      .updateTable("vehicles.vehicle")
      .set({ zone: "Pacific/Honolulu" })
      .where("id", "=", vehicleId)
      .execute();
    await approve(await aReviewer(), request.id);
    expect((await spans(request.id)).map(({ vintageYear }) => vintageYear)).toEqual([2025, 2026]);
  });

  test("plain days take whole days there: 31 December alone is of the old year alone", async () => {
    const { request } = await anIssuedRequest(t, ports, { ...overNewYear(), to: { day: "2025-12-31" } });
    expect((await spans(request.id)).map(({ vintageYear, tripCount }) => [vintageYear, tripCount])).toEqual([
      [2025, 2],
    ]);
    const { request: other } = await aRequest(t, { ...overNewYear(), from: { day: "2026-01-01" } });
    expect(other.trip_count).toBe(2n);
  });

  test("a year that saved nothing makes no batch; its trips stand in the tree of the oldest", async () => {
    const owner = await aUser(t);
    const { vehicleId } = await aRequest(t, { owner, trips: { count: 1, from: "2024-06-01T08:00:00Z" } });
    // One metre saves no whole gram.
    await recordCandidates(t, { id: vehicleId }, [
      candidateOf(Date.parse("2025-06-01T08:00:00Z"), { distanceKm: 0.001, energyKwh: null }),
      candidateOf(Date.parse("2026-01-05T08:00:00Z")),
    ]);
    const { request } = await aRequest(t, { owner, vehicleId });
    expect(request.trip_count).toBe(2n);
    await approve(await aReviewer(), request.id);
    expect((await spans(request.id)).map(({ vintageYear, tripCount }) => [vintageYear, tripCount])).toEqual([
      [2026, 2],
    ]);
    expect(await t.transact((tx) => recompute(tx, null, request.id))).toMatchObject({
      matches: true,
      proofMatches: true,
    });
  });

  test("four eyes look at the whole request, not at each of its years", async () => {
    await t.transact((tx) =>
      setRule(tx, fourEyes, { value: { above_g: 7_000 }, reason: "test", setBy: null }),
    );
    try {
      const { request } = await aRequest(t, overNewYear());
      expect(request.approvals_needed).toBe(2);
      await approve(await aReviewer(), request.id);
      expect(await spans(request.id)).toEqual([]);
      await approve(await aReviewer(), request.id);
      expect((await spans(request.id)).map(({ grams }) => grams)).toEqual([4_000n, 4_000n]);
    } finally {
      await t.transact((tx) =>
        setRule(tx, fourEyes, { value: fourEyes.initial, reason: "test", setBy: null }),
      );
    }
  });

  test("killed while it issues, it has issued nothing; tried again, both batches, once", async () => {
    const { owner, request } = await aRequest(t, overNewYear());
    const reviewer = await aReviewer();
    await cutOff(t, async (tx) => approveRequest(tx, ports, reviewer, { id: request.id }));
    expect(await spans(request.id)).toEqual([]);
    await Promise.all([1, 2, 3].map(() => approve(reviewer, request.id)));
    expect((await spans(request.id)).map(({ vintageYear }) => vintageYear)).toEqual([2025, 2026]);
    const { issued_g, buffer_g } = (await requestRow(t.db, request.id)) ?? {};
    expect((await walletOf(t.db, owner.id)).balance).toBe((issued_g ?? 0n) - (buffer_g ?? 0n));
  });

  test("revoking its certificate takes both batches back", async () => {
    const { owner, reviewer, request, certificate } = await anIssuedRequest(t, ports, overNewYear());
    await t.transact((tx) =>
      revokeCertificate(tx, ports, reviewer, { id: certificate.id, reason: "Wrong car" }),
    );
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 0n });
    const revoked = await t.db.selectFrom("credits.revoked_batch").select("batch_id").execute();
    const batches = await batchesOfRequest(t.db, request.id);
    for (const { id } of batches) expect(revoked.map(({ batch_id }) => batch_id)).toContain(id);
    expect(
      await refusalCode(
        t.transact((tx) => revokeCertificate(tx, ports, reviewer, { id: certificate.id, reason: "Again" })),
      ),
    ).toBe("certificate_already_revoked");
  });
});
