import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser, oneBank, oneBrowser, oneDocument } from "@evx/accounts/testing";
import { testPorts } from "@evx/certificates/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle, aVin } from "@evx/garage/testing";
import { day_ms, type Id } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import type { Actor } from "@evx/rpc";
import { setRule } from "@evx/rules";
import { someTrips } from "@evx/trips/testing";
import { fourEyes } from "./policy.ts";
import { requestRow } from "./queries/requests.ts";
import { reviewQueue } from "./reads.ts";
import { reviewing } from "./reviewing.testing.ts";
import { aRequest } from "./testing.ts";

setDefaultTimeout(120_000);

const t = await testDatabase({ max: 20 });
const ports = await testPorts();
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

const { aReviewer, takeUp, approve } = reviewing(t, ports);

/** Each request here is of 20 kg; two of one person may pass a single auditor, a third may not. */
await t.transact((tx) => setRule(tx, fourEyes, { value: { above_g: 40_000 }, reason: "test", setBy: null }));

const accounts = async (count: number) => Promise.all(Array.from({ length: count }, () => aUser(t)));
const idsOf = (people: readonly { id: Id<"user"> }[]) => people.map(({ id }) => id);

/** How many of these requests one auditor gets through alone, asked in turn. */
const issuedAlone = async (
  reviewer: Awaited<ReturnType<typeof aReviewer>>,
  ids: readonly Id<"request">[],
) => {
  let issued = 0;
  for (const id of ids) if ((await approve(reviewer, id)).certificate) issued++;
  return issued;
};

describe("four eyes count people", () => {
  test.each([
    ["document", oneDocument],
    ["bank account", oneBank],
    ["browser", oneBrowser],
  ] as const)("ten accounts of one %s get no further with one auditor than one account", async (_, share) => {
    const owners = await accounts(10);
    await share(t, ...idsOf(owners));
    const requests: Id<"request">[] = [];
    for (const owner of owners) requests.push((await aRequest(t, { owner })).request.id);
    const reviewer = await aReviewer();
    expect(await issuedAlone(reviewer, requests)).toBe(2);
    const waiting = await requestRow(t.db, requests[2] as Id<"request">);
    expect(waiting).toMatchObject({ status: "in_review", approvals_needed: 2 });
    // The second auditor looks at what the first saw; ten strangers of the same size pass.
    expect((await approve(await aReviewer(), requests[2] as Id<"request">)).certificate).not.toBeNull();
    const strangers: Id<"request">[] = [];
    for (const owner of await accounts(4)) strangers.push((await aRequest(t, { owner })).request.id);
    expect(await issuedAlone(reviewer, strangers)).toBe(4);
  });

  test("also where two accounts share something only over a third, which asks for nothing", async () => {
    const [one, front, two] = (await accounts(3)) as [Owner, Owner, Owner];
    await oneDocument(t, one.id, front.id);
    await oneBank(t, front.id, two.id);
    const requests: Id<"request">[] = [];
    for (const owner of [one, two, one]) requests.push((await aRequest(t, { owner })).request.id);
    expect(await issuedAlone(await aReviewer(), requests)).toBe(2);
  });

  test("also decided at once, whoever's lock comes first", async () => {
    const owners = await accounts(6);
    await oneDocument(t, ...idsOf(owners));
    const requests: Id<"request">[] = [];
    for (const owner of owners) requests.push((await aRequest(t, { owner })).request.id);
    const reviewer = await aReviewer();
    const answers = await Promise.all(requests.map((id) => approve(reviewer, id)));
    expect(answers.filter(({ certificate }) => certificate !== null)).toHaveLength(2);
  });

  test("driving of several years adds up by when it is decided, until twelve months are over", async () => {
    const owners = await accounts(4);
    await oneDocument(t, ...idsOf(owners));
    const requests: Id<"request">[] = [];
    for (const [at, from] of [
      "2024-05-01T08:00:00Z",
      "2025-05-01T09:11:00Z",
      "2026-01-05T10:22:00Z",
    ].entries()) {
      const trips = { from, distanceKm: 20 - at };
      requests.push((await aRequest(t, { owner: owners[at] as Owner, trips })).request.id);
    }
    const reviewer = await aReviewer();
    expect(await issuedAlone(reviewer, requests)).toBe(2);
    const { request } = await aRequest(t, { owner: owners[3] as Owner });
    t.clock.advance(366 * day_ms);
    expect((await approve(reviewer, request.id)).certificate).not.toBeNull();
  });

  test("a car handed from account to account adds up, also under auditors who change", async () => {
    const vin = aVin();
    const owners = await accounts(3);
    const ids: Id<"request">[] = [];
    for (const [at, owner] of owners.entries()) {
      const { id } = await aVehicle(t, owner, { vin });
      await someTrips(t, { id }, { count: 10, from: `2025-0${at + 1}-05T08:00:00Z` });
      ids.push((await aRequest(t, { owner, vehicleId: id as Id<"vehicle"> })).request.id);
      const end = new Date(`2025-0${at + 1}-28T08:00:00Z`);
      await t.admin.updateTable("vehicles.vehicle").set({ owned_to: end }).where("id", "=", id).execute();
    }
    const answers = [];
    for (const id of ids) answers.push((await approve(await aReviewer(), id)).certificate !== null);
    expect(answers).toEqual([true, true, false]);
  });

  test("two accounts of one auditor are no second pair of eyes, nor do they share an owner out", async () => {
    const [one, twin, other] = [await aReviewer(), await aReviewer(), await aReviewer()];
    await oneDocument(t, one.id, twin.id);
    const owner = await aUser(t);
    const requests: Id<"request">[] = [];
    for (let n = 0; n < 3; n++) requests.push((await aRequest(t, { owner })).request.id);
    const [first, second, third] = requests as [Id<"request">, Id<"request">, Id<"request">];
    expect((await approve(one, first)).certificate).not.toBeNull();
    expect((await approve(twin, second)).certificate).not.toBeNull();
    expect((await approve(one, third)).certificate).toBeNull();
    await expect(approve(twin, third)).rejects.toMatchObject({ code: "request_second_reviewer_needed" });
    expect((await approve(other, third)).certificate).not.toBeNull();
  });

  test("what two auditors approved does not count as two once they turn out to be one", async () => {
    const [one, twin, other] = [await aReviewer(), await aReviewer(), await aReviewer()];
    const owner = await aUser(t);
    const requests: Id<"request">[] = [];
    for (let n = 0; n < 3; n++) requests.push((await aRequest(t, { owner })).request.id);
    await issuedAlone(one, requests);
    const third = requests[2] as Id<"request">;
    await oneBank(t, one.id, twin.id);
    await expect(approve(twin, third)).rejects.toMatchObject({ code: "request_second_reviewer_needed" });
    expect((await approve(other, third)).certificate).not.toBeNull();
  });
});

describe("an auditor's other accounts", () => {
  test("bar them from what these asked for, by document and bank; one browser in an office does not", async () => {
    const [reviewer, colleague] = [await aReviewer(), await aReviewer()];
    const owner = await aUser(t);
    const { request } = await aRequest(t, { owner });
    await oneDocument(t, reviewer.id, owner.id);
    await oneBrowser(t, colleague.id, owner.id);
    const barred = { code: "request_interest_same_person", kind: "forbidden" };
    await expect(takeUp(reviewer, request.id)).rejects.toMatchObject(barred);
    await expect(approve(reviewer, request.id)).rejects.toMatchObject(barred);
    const queue = await reviewQueue(t.db, reviewer, { status: "open", limit: 100 });
    expect(queue.items.find(({ id }) => id === request.id)?.interest).toBe("same_person");
    expect((await approve(colleague, request.id)).certificate).not.toBeNull();
  });
});

type Owner = Actor<"ev_owner">;
