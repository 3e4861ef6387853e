import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import type { CertificatePorts } from "@evx/certificates";
import { publicCertificate } from "@evx/certificates";
import { testPorts } from "@evx/certificates/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { vehicleById } from "@evx/garage";
import { aVehicle } from "@evx/garage/testing";
import { newId } from "@evx/kernel";
import { fileText } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { someTrips } from "@evx/trips/testing";
import { submitRequest } from "./requests.ts";
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

const as = (actor: Actor | null, locale: "en" | "vi" = "en") =>
  createCallerFactory(wire(ports))(testContext(t, actor, { locale }));

const code = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return "done";
  } catch (error) {
    const cause = error instanceof Error && error.cause;
    return cause instanceof Error && "code" in cause ? String(cause.code) : String(error);
  }
};

describe("the wire", () => {
  test("a request answers as api.md says: kilograms as a number, credits with six places", async () => {
    const owner = await aUser(t);
    const vehicle = await aVehicle(t, owner);
    await someTrips(t, vehicle, { count: 5 });
    const asked = { id: newId("request"), vehicleId: vehicle.id };
    await t.transact((tx) => submitRequest(tx, owner, asked));
    const { request } = await as(owner).requests.byId({ id: asked.id });
    expect(request).toMatchObject({
      vehicleId: vehicle.id,
      status: "pending",
      co2SavedKg: 10,
      creditsRequested: "0.010000",
      tripCount: 5,
    });
  });

  test("from the queue to the certificate and back over the wire", async () => {
    const { owner, request } = await aRequest(t);
    const reviewer = await aUser(t, { role: "cva" });
    const queue = await as(reviewer).review.queue({ status: "pending" });
    expect(queue.items.map(({ id }) => id)).toContain(request.id);
    expect(queue.items[0]).toMatchObject({ riskScore: expect.any(Number), riskReasons: expect.any(Array) });
    const detail = await as(reviewer).review.byId({ id: request.id });
    expect(detail).toMatchObject({
      request: { id: request.id },
      trips: { length: 10 },
      methods: [{ method: "flat-v1", co2SavedKg: 20 }, { method: "metered-v1" }],
    });
    const [first] = detail.trips;
    await as(reviewer).review.refuseTrips({
      id: request.id,
      trips: [{ tripId: first?.id ?? "", reason: "other" }],
    });
    const own = await as(owner).requests.trips({ id: request.id });
    expect(own.items.map(({ rejection }) => rejection)).toEqual(Array.from({ length: 10 }, () => null));
    await as(reviewer).review.keepTrips({ id: request.id, tripIds: [first?.id ?? ""] });
    await as(reviewer).review.ask({ id: request.id, question: "Whose car is it?" });
    expect(await as(owner).requests.byId({ id: request.id })).toMatchObject({
      request: { status: "needs_info" },
    });
    await as(owner).requests.answer({ id: request.id, answer: "Mine." });
    const { certificate } = await as(reviewer).review.approve({ id: request.id, notes: "Clear." });
    expect(certificate).toMatchObject({ creditsAmount: "0.020000", status: "valid" });
    const issued = await as(reviewer).review.issue({ requestId: request.id });
    expect(issued).toMatchObject({
      request: { status: "approved" },
      batch: { credits: "0.020000", serial: certificate?.serials[0] },
    });
    const { items } = await as(owner).certificates.list({ userId: owner.id });
    expect(items).toEqual([
      expect.objectContaining({
        id: certificate?.id,
        pdfUrl: `https://evx.test/api/public/certificates/${certificate?.certificateNumber}/pdf`,
      }),
    ]);
    const open = await as(null).certificates.public({
      number: ` ${certificate?.certificateNumber.toLowerCase()} `,
    });
    expect(open).toMatchObject({
      certificateNumber: certificate?.certificateNumber,
      keyId: ports.keys.current.id,
      retirement: null,
    });
    const retired = await as(owner).certificates.retire({
      amount: "0.005",
      beneficiaryName: "An",
      reason: "personal",
    });
    expect(retired.certificate).toMatchObject({
      kind: "retirement",
      creditsAmount: "0.005000",
      beneficiaryName: "An",
    });
  });

  test("a rejection tells the owner each trip's reason in their language", async () => {
    const { owner, request } = await aRequest(t);
    const reviewer = await aUser(t, { role: "cva" });
    const { trips } = await as(reviewer).review.byId({ id: request.id });
    const tripId = trips[0]?.id ?? "";
    const rejected = await as(reviewer).review.reject({
      id: request.id,
      reason: "See the trips.",
      trips: [{ tripId, reason: "speed_implausible" }],
    });
    expect(rejected.request).toMatchObject({ status: "rejected", decisionNote: "See the trips." });
    expect((await as(owner).requests.trips({ id: request.id })).items).toEqual([]);
    const { refused } = await as(owner, "vi").requests.byId({ id: request.id });
    expect(refused).toMatchObject([
      { tripId, reason: "speed_implausible", message: "Quãng đường không phù hợp với thời gian đi." },
    ]);
    const { request: next } = await as(owner).requests.resubmit({ id: request.id });
    expect(next).toMatchObject({ tripCount: 1, resubmitsId: request.id });
  });

  test("files come as PDF in either language, and as CSV", async () => {
    const { owner, reviewer, request, certificate } = await anIssuedRequest(t, ports);
    for (const locale of ["en", "vi"] as const) {
      const paper = await as(null).certificates.pdf({ number: certificate.number, locale });
      expect((await fileText(paper)).slice(0, 5)).toBe("%PDF-");
      expect(paper).toMatchObject({ contentType: "application/pdf", fileName: `${certificate.number}.pdf` });
    }
    for (const person of [owner, reviewer, await aUser(t, { role: "admin" })]) {
      const report = await as(person, "vi").review.report({ id: request.id });
      expect((await fileText(report)).slice(0, 5)).toBe("%PDF-");
    }
    expect(await fileText(await as(null).certificates.csv({}))).toContain(certificate.number);
    const { items } = await as(null).certificates.search({ q: certificate.number });
    expect(items).toHaveLength(1);
    expect((await as(null).certificates.keys()).items.map(({ id }) => id)).toContain(ports.keys.current.id);
  });

  test("a certificate never shows a VIN, a position, an e-mail address or an account's id", async () => {
    const { owner, vehicleId, certificate, request } = await anIssuedRequest(t, ports);
    const vehicle = await vehicleById(t.db, vehicleId);
    const answer = JSON.stringify(await publicCertificate(t.db, ports, certificate.number, t.clock.now()));
    for (const secret of [
      vehicle?.vin ?? "?",
      owner.id,
      vehicleId,
      request.id,
      "@test.evx",
      '"lat',
      '"lon',
      "_e6",
    ]) {
      expect(answer.includes(secret) ? secret : "").toBe("");
    }
  });

  test("a reviewer's own pages: trips, marks, statistics, interests, revocation", async () => {
    const { reviewer, certificate } = await anIssuedRequest(t, ports);
    const { request } = await aRequest(t);
    const me = as(reviewer);
    await me.review.claim({ id: request.id });
    const { items } = await me.review.trips({ id: request.id, limit: "3", flagged: "false" });
    expect(items).toHaveLength(3);
    await me.review.refuseTrips({
      id: request.id,
      trips: items.map(({ id }) => ({ tripId: id, reason: "other" })),
    });
    await me.review.keepTrips({ id: request.id, tripIds: [items[0]?.id ?? ""] });
    expect((await me.review.release({ id: request.id })).request).toMatchObject({ status: "pending" });
    expect((await me.review.recompute({ id: request.id })).matches).toBe(true);
    expect(await me.review.statistics()).toMatchObject({ approved: 1, creditsIssued: "0.020000" });
    const owner = await aUser(t);
    expect(
      (await me.review.declareInterest({ subjectId: owner.id, reason: "My neighbour." })).items,
    ).toHaveLength(1);
    const admin = as(await aUser(t, { role: "admin" }));
    expect((await admin.review.interests()).items.length).toBeGreaterThan(0);
    await admin.review.clearInterest({ reviewerId: reviewer.id, subjectId: owner.id });
    expect((await me.review.interests()).items).toEqual([]);
    const revoked = await me.certificates.revoke({ id: certificate.id, reason: "Found to be wrong." });
    expect(revoked.certificate.status).toBe("revoked");
    expect((await me.certificates.issued({ status: "revoked" })).items).toHaveLength(1);
  });
});

describe("who may do what", () => {
  test("a visitor, owners, buyers and unaccredited reviewers are kept out of review", async () => {
    const { request } = await aRequest(t);
    const id = request.id;
    const outsiders: [Actor | null, string][] = [
      [null, "sign_in_required"],
      [await aUser(t), "role_required"],
      [await aUser(t, { role: "buyer" }), "role_required"],
      [await aUser(t, { role: "cva", accredited: false }), "accreditation_required"],
    ];
    for (const [person, refusal] of outsiders) {
      const { review } = as(person);
      for (const call of [
        review.queue({}),
        review.byId({ id }),
        review.trips({ id }),
        review.claim({ id }),
        review.approve({ id }),
        review.reject({ id, reason: "None" }),
        review.issue({ requestId: id }),
        review.recompute({ id }),
      ]) {
        expect(await code(call)).toBe(refusal);
      }
    }
  });

  test("an operator looks at everything and decides nothing", async () => {
    const { request } = await aRequest(t);
    const admin = as(await aUser(t, { role: "admin" }));
    expect((await admin.review.byId({ id: request.id })).request.id).toBe(request.id);
    expect(await code(admin.review.approve({ id: request.id }))).toBe("role_required");
    expect(await code(admin.review.claim({ id: request.id }))).toBe("role_required");
  });

  test("another's requests, reports and certificates are hidden; reviewers see certificates", async () => {
    const { owner, request } = await anIssuedRequest(t, ports);
    const [stranger, reviewer] = [await aUser(t), await aUser(t, { role: "cva" })];
    expect(await code(as(stranger).requests.byId({ id: request.id }))).toBe("request_not_found");
    expect(await code(as(stranger).review.report({ id: request.id }))).toBe("request_not_found");
    expect(await code(as(stranger).certificates.list({ userId: owner.id }))).toBe("not_found");
    expect((await as(reviewer).certificates.list({ userId: owner.id })).items).toHaveLength(1);
  });

  test("malformed input is named by its field and changes nothing", async () => {
    const owner = await aUser(t);
    expect(
      await code(
        as(owner).certificates.retire({ amount: "0.0000001", beneficiaryName: "x", reason: "event" }),
      ),
    ).toBe("input_invalid");
    expect(
      await code(as(owner).certificates.retire({ amount: "0", beneficiaryName: "x", reason: "event" })),
    ).toBe("input_invalid");
    expect(
      await code(as(owner).certificates.retire({ amount: "1", beneficiaryName: " ", reason: "event" })),
    ).toBe("input_invalid");
    expect(
      await code(as(owner).certificates.retire({ amount: "1", beneficiaryName: "x", reason: "event" })),
    ).toBe("credits_insufficient");
  });
});
