/** What a thief of a session could leave behind: each way asks for a proof first, is told by letter, and is ended by one call. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aSession, aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { drain } from "@evx/jobs/testing";
import { refusalCode } from "@evx/kernel/testing";
import { givenBatch } from "@evx/listings/testing";
import { memoryMailer, memorySms, testPorts } from "@evx/notifications/testing";
import type { Actor } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { testCars } from "@evx/telematics/testing";
import { compose } from "./authorization/world.ts";
import { type Caller, createAppRouter, createCaller, type Ports } from "./index.ts";
import { appHandlers } from "./jobs.ts";

setDefaultTimeout(60_000);

const t = await testDatabase({ max: 20 });
const [mailer, sms] = [memoryMailer(), memorySms()];
let vin = "";
let ports: Ports;
let call: ReturnType<typeof createCaller>;
beforeAll(async () => {
  const cars = testCars();
  const provider = {
    ...cars.provider,
    exchange: async () =>
      ({ accessToken: "a", refreshToken: "r", expiresAt: "2099-01-01T00:00:00.000Z" }) as never,
    disconnect: async () => {},
    cars: async () => [{ id: "car-1", vin }] as never,
  };
  const venue = await compose(t);
  ports = {
    ...venue.ports,
    vehicles: { cars: { ...cars, provider } },
    notifications: testPorts(mailer, { sms }),
  };
  call = createCaller(createAppRouter(ports));
});
afterAll(() => t.close());

const as = (actor: Actor): Caller => call(testContext(t, actor));
const bankAccount = {
  bankName: "VCB",
  accountName: "SOMEBODY",
  accountNumber: "0071001234567",
  country: "VN",
} as never;

type Home = { vehicleId: Parameters<typeof aVehicle>[1]["id"] & string; actor: Actor };

/** How each is set up and ended. What a new kind of this is called is added here, in `lastingOf` and on the account's page. */
const ways: Record<
  string,
  {
    set: (api: Caller, home: Home) => Promise<unknown>;
    end: (api: Caller, one: { id: string; vehicleId: string | null }) => Promise<unknown>;
    letter: RegExp;
    /** A company's scripts set it up too. */
    byKey?: true;
  }
> = {
  phone: {
    set: async (api, { actor }) => {
      await api.notifications.setPhone({ number: "+84901234567" });
      await drain(t, appHandlers(ports));
      await as(actor).notifications.confirmPhone({ code: sms.sent.at(-1)?.text.slice(0, 6) ?? "" });
    },
    end: (api) => api.notifications.dropPhone(),
    letter: /^SMS about your account go to \+84••••567/,
  },
  payout_plan: {
    set: (api) => api.payments.setPlan({ every: "week", minimum: "20", bankAccount }),
    end: (api) => api.payments.endPlan(),
    letter: /^Your balance will go to your bank/,
  },
  auto_sale: {
    set: (api) => api.marketplace.wanted.setAutoSale({ on: true }),
    end: (api) => api.marketplace.wanted.setAutoSale({ on: false }),
    letter: /^Your new credits will be sold/,
  },
  car_token: {
    set: (api, { vehicleId }) => api.vehicles.createPushToken({ id: vehicleId as never, label: "Box" }),
    end: (api, { id, vehicleId }) =>
      api.vehicles.revokePushToken({ id: vehicleId as never, tokenId: id as never }),
    letter: /^A device may send trips/,
    byKey: true,
  },
  connection: {
    set: async (api, { vehicleId }) => {
      const { url } = await api.connections.start({ id: vehicleId as never });
      const state = new URL(url).searchParams.get("state") ?? "";
      return api.connections.finish({ code: "good", state });
    },
    end: (api, { id }) => api.connections.end({ id: id as never }),
    letter: /is read through its maker/,
  },
  driver: {
    set: async (api, { vehicleId }) => {
      const thief = await aUser(t);
      const email = `${thief.id}@test.evx`;
      const { driver } = await api.fleet.inviteDriver({ id: vehicleId as never, email });
      await as(thief).driving.join({ driverId: driver.id });
    },
    end: (api, { id }) => api.driving.end({ driverId: id as never }),
    letter: /^A driver accepted/,
    byKey: true,
  },
};

const anOwner = async () => {
  const owner = await aUser(t);
  const vehicle = await aVehicle(t, owner);
  vin = vehicle.vin;
  const sessionId = await aSession(t, owner.id);
  const actor: Actor = { ...owner, sessionId };
  const aged = () =>
    sql`update identity.session set created_at = clock_timestamp() - interval '11 minutes' where id = ${sessionId}`.execute(
      t.db,
    );
  return { actor, aged, home: { vehicleId: vehicle.id as never, actor }, email: `${owner.id}@test.evx` };
};
const lasting = async (actor: Actor) => (await as(actor).identity.lasting()).items;

describe("what outlives the session that set it up", () => {
  for (const [kind, { set, end, letter, byKey }] of Object.entries(ways)) {
    test(`${kind}: takes a proof of the last ten minutes, is told by letter and ended by one call`, async () => {
      const { actor, aged, home } = await anOwner();
      await aged();
      expect(await refusalCode(set(as(actor), home))).toBe("proof_required");
      const key: Actor = { ...home.actor, scopes: ["*:write"] };
      delete (key as { sessionId?: string }).sessionId;
      if (!byKey) expect(await refusalCode(set(as(key), home))).toBe("session_required");
      expect(await lasting(actor)).toEqual([]);
      await sql`update identity.session set proven_at = clock_timestamp() where id = ${actor.sessionId}`.execute(
        t.db,
      );
      await set(as(actor), home);
      const [one, ...more] = await lasting(actor);
      expect([one?.kind, more]).toEqual([kind as never, []]);
      await drain(t, appHandlers(ports));
      expect(mailer.sent.filter(({ subject }) => letter.test(subject)).length).toBe(1);
      await end(as(actor), { id: one?.id ?? "", vehicleId: one?.vehicleId ?? null });
      expect(await lasting(actor)).toEqual([]);
      if (byKey) expect(await refusalCode(set(as(key), home))).toBe("none");
    });
  }

  test("no kind is listed that is not tried here", async () => {
    const source = await Bun.file(`${import.meta.dir}/lasting.ts`).text();
    const kinds = JSON.parse(/const kinds = (\[[^\]]*\])/.exec(source)?.[1]?.replace(/,\s*\]/, "]") ?? "[]");
    expect(Object.keys(ways).sort()).toEqual([...kinds].sort());
  });

  test("an account that no money of the person's went to takes the same", async () => {
    const { actor, aged } = await anOwner();
    const withdraw = () => refusalCode(as(actor).payments.withdraw({ amount: "5.00", bankAccount }));
    // Beyond the proof there is no money to be sent.
    expect(await withdraw()).toBe("withdrawal_exceeds_balance");
    await aged();
    expect(await withdraw()).toBe("proof_required");
  });
});

test("a car is handed over with a fresh proof and no key, and its owner is told by letter", async () => {
  const { actor, aged, home } = await anOwner();
  const handOver = (who: Actor) =>
    as(who).vehicles.handOver({ id: home.vehicleId as never, at: t.clock.now().toISOString() });
  await aged();
  expect(await refusalCode(handOver(actor))).toBe("proof_required");
  const { sessionId: _, ...person } = actor;
  expect(await refusalCode(handOver({ ...person, scopes: ["*:write"] }))).toBe("session_required");
  await sql`update identity.session set proven_at = clock_timestamp() where id = ${actor.sessionId}`.execute(
    t.db,
  );
  await drain(t, appHandlers(ports));
  mailer.sent.length = 0;
  await handOver(actor);
  await drain(t, appHandlers(ports));
  expect(mailer.sent.map(({ subject }) => subject)).toEqual([expect.stringContaining("was handed over")]);
});

test("what an operator lets stand for others takes the same: an auditor's accreditation, a checked token", async () => {
  const operator = await aUser(t, { role: "admin" });
  const auditor = await aUser(t, { role: "cva" });
  const sessionId = await aSession(t, operator.id);
  const { actor, home } = await anOwner();
  const { id: tokenId } = await as(actor).vehicles.createPushToken({ id: home.vehicleId, label: "Box" });
  const facts = { body: "BoA", number: "VVB-1", assurance: "limited" } as const;
  const gives = [
    (who: Actor) =>
      as(who).verification.certificates.enterAccreditation({ id: auditor.id as never, ...facts }),
    (who: Actor) => as(who).vehicles.vetPushToken({ tokenId: tokenId as never, reason: "Seen at the works" }),
  ];
  const tried = (who: Actor) => Promise.all(gives.map((give) => refusalCode(give(who))));
  await sql`update identity.session set created_at = clock_timestamp() - interval '11 minutes' where id = ${sessionId}`.execute(
    t.db,
  );
  expect(await tried({ ...operator, sessionId })).toEqual(["proof_required", "proof_required"]);
  expect(await tried({ ...operator, scopes: ["*:write"] })).toEqual(["session_required", "session_required"]);
  await sql`update identity.session set proven_at = clock_timestamp() where id = ${sessionId}`.execute(t.db);
  expect(await tried({ ...operator, sessionId })).toEqual(["none", "none"]);
});

test("whoever gives credits away is told by letter, whatever mails they switched off", async () => {
  const { actor } = await anOwner();
  const thief = await aUser(t);
  await givenBatch(t, actor.id, 2_000_000n);
  await as(actor).notifications.setPreferenceSheet({ channels: { email: false } });
  await as(actor).credits.transfer({ toUserId: thief.id, amount: "1" });
  mailer.sent.length = 0;
  await drain(t, appHandlers(ports));
  expect(mailer.sent.filter(({ to }) => to === `${actor.id}@test.evx`).map(({ subject }) => subject)).toEqual(
    ["You gave 1 credits away"],
  );
});

test("a number that gets no more SMS is told so itself, whether it was replaced or dropped", async () => {
  const { actor } = await anOwner();
  await ways.phone?.set(as(actor), { actor } as Home);
  sms.sent.length = 0;
  await as(actor).notifications.setPhone({ number: "+84907654321" });
  await drain(t, appHandlers(ports));
  const told = sms.sent.filter(({ text }) => /no more SMS/.test(text));
  expect(told.map(({ to }) => to)).toEqual(["+84901234567"]);
  await as(actor).notifications.confirmPhone({
    code: sms.sent.find(({ to }) => to === "+84907654321")?.text.slice(0, 6) ?? "",
  });
  await as(actor).notifications.dropPhone();
  await drain(t, appHandlers(ports));
  expect(sms.sent.at(-1)).toMatchObject({ to: "+84907654321", text: expect.stringContaining("no more SMS") });
});

test("whoever reads the database does not learn the code that was sent to a telephone", async () => {
  const { actor } = await anOwner();
  await as(actor).notifications.setPhone({ number: "+84905550001" });
  await drain(t, appHandlers(ports));
  const code = sms.sent.at(-1)?.text.slice(0, 6) ?? "";
  const { rows } = await sql<{ code_digest: string }>`
    select code_digest from notifications.phone where user_id = ${actor.id}`.execute(t.db);
  // All that the reader can compute without the vault's key, for each of the million codes as for this one.
  const guesses = [code, `${actor.id}\n${code}`, `phone code\n${actor.id}\n${code}`].map((text) =>
    new Bun.CryptoHasher("sha256").update(text).digest("hex"),
  );
  expect(rows[0]?.code_digest).toMatch(/^[0-9a-f]{64}$/);
  expect(guesses).not.toContain(rows[0]?.code_digest as string);
  await as(actor).notifications.confirmPhone({ code });
});
