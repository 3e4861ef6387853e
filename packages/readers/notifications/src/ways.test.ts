import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { aSession, aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { refusalCode } from "@evx/kernel/testing";
import { type Actor, createCallerFactory, type Role } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { receiveReport } from "./bounces.ts";
import { notificationsJobs } from "./jobs.ts";
import { leaveByPost } from "./leaving.ts";
import { notify } from "./notify.ts";
import { Unacceptable } from "./ports.ts";
import { notificationsRouter } from "./router.ts";
import { memoryMailer, memoryPush, memorySms, testPorts } from "./testing.ts";

let t: Awaited<ReturnType<typeof testDatabase>>;
let owner: Actor;
let mailer: ReturnType<typeof memoryMailer>;
let push: ReturnType<typeof memoryPush>;
let sms: ReturnType<typeof memorySms>;
const ports = () => testPorts(mailer, { push, sms });
const jobs = () => notificationsJobs(ports(), { currency: "USD" });
/** Somebody who is signed in in a browser. */
const somebody = async (role: Role): Promise<Actor> => {
  const person = await aUser(t, { role });
  return { ...person, sessionId: await aSession(t, person.id) };
};
const as = (actor: Actor) => createCallerFactory(notificationsRouter(ports()))(testContext(t, actor));

beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());
beforeEach(async () => {
  mailer = memoryMailer();
  [push, sms] = [memoryPush(), memorySms()];
  owner = await somebody("ev_owner");
  await drain(t, jobs());
  mailer = memoryMailer();
});

let told = 0;
const tell = (userId = owner.id) =>
  t.transact((tx) =>
    notify(tx, {
      userId,
      template: "credits_received",
      details: { grams: "1000000" },
      source: `test:${told++}`,
    }),
  );
const device = (name: string) => ({
  endpoint: `https://push.example/${name}`,
  keys: { p256dh: "B".repeat(87), auth: "a".repeat(22) },
  label: name,
});
const sentBy = async (type: "email" | "push" | "sms") =>
  (await as(owner).list({ userId: owner.id, type })).items.map(
    ({ status, subject }) => `${status}: ${subject}`,
  );

describe("push", () => {
  test("reaches every browser of the person once; one that is gone is forgotten, and no longer tried", async () => {
    await as(owner).addDevice(device(`${owner.id}/a`));
    await as(owner).addDevice(device(`${owner.id}/b`));
    await as(owner).addDevice(device(`${owner.id}/b`));
    await drain(t, jobs());
    push.sent.length = 0;
    push.gone.add(`https://push.example/${owner.id}/a`);
    await tell();
    await drain(t, jobs(), { twice: true });
    expect(push.sent.map(({ endpoint, title }) => [endpoint, title])).toEqual([
      [`https://push.example/${owner.id}/b`, "You received credits"],
    ]);
    expect((await as(owner).ways()).push.devices.map(({ label }) => label)).toEqual([`${owner.id}/b`]);
    expect((await sentBy("push"))[0]).toBe("sent: You received credits");
  });

  test("goes to no address but a push service's, and to twenty browsers at most", async () => {
    expect(await refusalCode(as(owner).addDevice({ ...device("x"), endpoint: "https://10.0.0.1/x" }))).toBe(
      "push_address_foreign",
    );
    for (let at = 0; at < 20; at++) await as(owner).addDevice(device(`${owner.id}/${at}`));
    expect(await refusalCode(as(owner).addDevice(device(`${owner.id}/21`)))).toBe("push_devices_full");
  });

  test("a browser that somebody else set up after is theirs alone", async () => {
    const other = await somebody("buyer");
    await as(owner).addDevice(device("shared"));
    await as(other).addDevice(device("shared"));
    expect((await as(owner).ways()).push.devices).toEqual([]);
    await as(owner).dropDevice({ id: (await as(other).ways()).push.devices[0]?.id ?? "" });
    expect((await as(other).ways()).push.devices.length).toBe(1);
  });
});

describe("a browser that a thief of a session set up", () => {
  const pushedTo = async () => {
    push.sent.length = 0;
    await tell();
    await drain(t, jobs());
    return push.sent.map(({ endpoint }) => endpoint.replace(/^.*\//, ""));
  };
  const labels = async () => (await as(owner).ways()).push.devices.map(({ label }) => label);

  test("is told nothing any more once that session ends, by whatever ends it; the owner's own goes on", async () => {
    const thief = { ...owner, sessionId: await aSession(t, owner.id) };
    await as(owner).addDevice(device("own"));
    await as(thief).addDevice(device("stolen"));
    await drain(t, jobs());
    expect([await pushedTo(), await labels()]).toEqual([
      ["own", "stolen"],
      ["own", "stolen"],
    ]);
    // As "sign out everywhere else", a new password, a reset, a forced sign-out and a suspension do.
    await t.db.deleteFrom("identity.session").where("id", "=", thief.sessionId).execute();
    expect([await pushedTo(), await labels()]).toEqual([["own"], ["own"]]);
  });

  test("is told nothing once the session has lasted its time, though its row is still there", async () => {
    const sessionId = await aSession(t, owner.id);
    await as({ ...owner, sessionId }).addDevice(device("over"));
    await as(owner).addDevice(device("lasts"));
    await drain(t, jobs());
    await t.db
      .updateTable("identity.session")
      .set({ expires_at: new Date(Date.now() - 1_000) })
      .where("id", "=", sessionId)
      .execute();
    expect([await pushedTo(), await labels()]).toEqual([["lasts"], ["lasts"]]);
  });

  test("is not set up with an API key, nor is a telephone", async () => {
    const { sessionId: _, ...person } = owner;
    const byKey = as({ ...person, scopes: ["*:write"] });
    expect(await refusalCode(byKey.addDevice(device("script")))).toBe("session_required");
    expect(await refusalCode(byKey.setPhone({ number: "+84901234560" }))).toBe("session_required");
  });
});

describe("SMS", () => {
  const codeIn = () => /^\d{6}/.exec(sms.sent.at(-1)?.text ?? "")?.[0] ?? "";

  test("go only to a number that sent its code back, and only for what was chosen", async () => {
    await as(owner).setPreference({ topic: "credits", sms: true, push: false });
    await as(owner).setPhone({ number: "+84 90 123 45 67" });
    await drain(t, jobs());
    await tell();
    await drain(t, jobs());
    expect(sms.sent.length).toBe(1);
    expect((await as(owner).confirmPhone({ code: codeIn() })).sms.phone).toEqual({
      number: "+84901234567",
      confirmed: true,
    });
    await tell();
    await drain(t, jobs(), { twice: true });
    expect(sms.sent.slice(1).map(({ to, text }) => [to, text.split("\n")[0]])).toEqual([
      ["+84901234567", "You received credits"],
    ]);
  });

  test("a code is guessed at five times, lives ten minutes, and is asked for five times a day", async () => {
    const wrong = (code: string) => refusalCode(as(owner).confirmPhone({ code }));
    await as(owner).setPhone({ number: "+84901234568" });
    await drain(t, jobs());
    const code = codeIn();
    const other = code === "000000" ? "000001" : "000000";
    for (let at = 0; at < 5; at++) expect(await wrong(other)).toBe("phone_code_wrong");
    expect(await wrong(code)).toBe("phone_code_wrong");
    for (let at = 0; at < 4; at++) await as(owner).setPhone({ number: "+84901234568" });
    expect(await refusalCode(as(owner).setPhone({ number: "+84901234568" }))).toBe("phone_codes_used_up");
    await drain(t, jobs());
    t.clock.advance(11 * 60_000);
    expect(await wrong(codeIn())).toBe("phone_code_wrong");
  });
});

describe("codes to telephones", () => {
  const asked = (actor: Actor, number: string) =>
    refusalCode(as(actor).setPhone({ number })).then((code) => (code === "none" ? "sent" : code));

  test("are five a day, however often the number is forgotten, and whoever asks for a number's", async () => {
    const codes: string[] = [];
    for (let at = 0; at < 7; at++) {
      codes.push(await asked(owner, `+8490123457${at}`));
      await as(owner).dropPhone();
    }
    expect(codes).toEqual([...Array(5).fill("sent"), "phone_codes_used_up", "phone_codes_used_up"]);
    const others = await Promise.all(Array.from({ length: 7 }, () => somebody("buyer")));
    const rung: string[] = [];
    for (const other of others) rung.push(await asked(other, "+84901234580"));
    expect(rung).toEqual([...Array(5).fill("sent"), "phone_codes_used_up", "phone_codes_used_up"]);
  });
});

describe("quiet hours and summaries", () => {
  test("at night the mail waits until the morning where the person is, and the app knows at once", async () => {
    const now = t.clock.now();
    const hour = now.getUTCHours();
    const time = (offset: number) => `${String((hour + offset) % 24).padStart(2, "0")}:00`;
    await as(owner).setManner({ zone: "UTC", quiet: { from: time(23), to: time(2) }, digest: "off" });
    await tell();
    await drain(t, jobs());
    expect(mailer.sent).toEqual([]);
    expect(await as(owner).unread()).toEqual({ unread: 1 });
    t.clock.advance(2 * 3_600_000);
    await drain(t, jobs());
    expect(mailer.sent.length).toBe(1);
  });

  test("a day's mails come as one, once, with every thing in it; a single one comes as itself", async () => {
    await as(owner).setManner({ zone: "Asia/Ho_Chi_Minh", quiet: null, digest: "daily" });
    await tell();
    await tell();
    await drain(t, jobs());
    await tick(t, jobs(), "notifications.digests");
    await drain(t, jobs());
    expect(mailer.sent).toEqual([]);
    t.clock.advance(24 * 3_600_000);
    await Promise.all([1, 2].map(() => tick(t, jobs(), "notifications.digests")));
    await drain(t, jobs(), { twice: true });
    expect(mailer.sent.map(({ subject }) => subject)).toEqual(["2 things happened"]);
    expect(mailer.sent[0]?.text.match(/You received credits/g)?.length).toBe(2);
    expect((await sentBy("email")).slice(0, 3).sort()).toEqual([
      "sent: 2 things happened",
      "sent: You received credits",
      "sent: You received credits",
    ]);
    await tell();
    t.clock.advance(24 * 3_600_000);
    await tick(t, jobs(), "notifications.digests");
    await drain(t, jobs());
    expect(mailer.sent.at(-1)?.subject).toBe("You received credits");
  });

  test("who no longer wants summaries gets what waits, and the sweep sends none of it before", async () => {
    await as(owner).setManner({ zone: "UTC", quiet: null, digest: "weekly" });
    await tell();
    await tell();
    t.clock.advance(30 * 60_000);
    await tick(t, jobs(), "notifications.sweep");
    await drain(t, jobs());
    expect(mailer.sent).toEqual([]);
    await as(owner).setManner({ zone: "UTC", quiet: null, digest: "off" });
    await tick(t, jobs(), "notifications.digests");
    await drain(t, jobs());
    expect(mailer.sent.length).toBe(1);
  });

  test("a time zone that is none, and a time of day that is none, are refused", async () => {
    const set = (more: object) =>
      as(owner)
        .setManner({ zone: "UTC", quiet: null, digest: "off", ...more })
        .then(() => "taken")
        .catch((error: { code?: string }) => error.code);
    expect(await set({ zone: "Mars/Olympus" })).toBe("BAD_REQUEST");
    expect(await set({ quiet: { from: "25:00", to: "07:00" } })).toBe("BAD_REQUEST");
    expect(await set({ quiet: { from: "07:00", to: "07:00" } })).toBe("BAD_REQUEST");
  });
});

describe("leaving", () => {
  const link = () => /\/unsubscribe\/([0-9a-f]{32})\/(\w+)$/.exec(mailer.sent[0]?.leave ?? "");

  test("one POST to the address in the mail ends its topic and nothing else, and the page takes it back", async () => {
    await tell();
    await drain(t, jobs());
    const [, token = "", topic = ""] = link() ?? [];
    expect(topic).toBe("credits");
    expect(await leaveByPost(testContext(t, null), { token, topic })).toBe(true);
    expect(await leaveByPost(testContext(t, null), { token, topic })).toBe(true);
    const chosen = (await as(owner).preferences()).items;
    expect(chosen.filter(({ email }) => !email).map((one) => one.topic)).toEqual(["credits", "reports"]);
    const left = await as(owner).leaving({ token, topic: "credits" });
    expect(left).toMatchObject({ topic: "credits", wanted: false });
    expect(left.address).toMatch(/^.•••@/);
    await as(owner).comeBack({ token, topic: "credits" });
    const unwanted = (await as(owner).preferences()).items.filter(({ email }) => !email);
    expect(unwanted.map((one) => one.topic)).toEqual(["reports"]);
  });

  test("a link of nobody, and mails that nobody can switch off, end nothing", async () => {
    const nobody = { token: "0".repeat(32), topic: "credits" as const };
    expect(await leaveByPost(testContext(t, null), nobody)).toBe(false);
    expect(await leaveByPost(testContext(t, null), { ...nobody, token: "x" })).toBe(false);
    expect(await refusalCode(as(owner).leave(nobody))).toBe("leave_link_unknown");
    await t.transact((tx) =>
      notify(tx, { userId: owner.id, template: "accredited", details: {}, source: "test:always" }),
    );
    await drain(t, jobs());
    expect(mailer.sent.map(({ leave }) => leave)).toEqual([undefined]);
  });
});

describe("what comes back", () => {
  const report = (id: string, to: string, status: string) =>
    `Content-Type: multipart/report; report-type=delivery-status\r\n\r\nFinal-Recipient: rfc822; ${to}\r\nAction: failed\r\nStatus: ${status}\r\nDiagnostic-Code: smtp; 550 ${status}\r\n unknown here\r\n\r\nMessage-ID: <${id}@evx>\r\n`;

  test("an address that takes no mail gets no more, its person reads why, and an operator sees and sends again", async () => {
    const admin = await aUser(t, { role: "admin" });
    await tell();
    await drain(t, jobs());
    const { id, to } = mailer.sent[0] ?? { id: "", to: "" };
    expect(await receiveReport(testContext(t, null), report(id, to, "5.1.1"))).toBe(true);
    expect((await as(owner).ways()).email.stopped).toMatchObject({ kind: "bounced" });
    await tell();
    await drain(t, jobs());
    expect(mailer.sent.length).toBe(1);
    const failed = (await as(admin).undelivered({})).items.filter(({ userId }) => userId === owner.id);
    expect(failed.map(({ reason }) => reason)).toEqual([
      "The address takes no mail: 5.1.1 smtp; 550 5.1.1 unknown here",
      "Came back: 5.1.1 smtp; 550 5.1.1 unknown here",
    ]);
    await as(owner).mailAgain();
    const ids = failed.map((one) => one.id);
    expect(await as(admin).sendAgain({ ids })).toEqual({ queued: 2 });
    await drain(t, jobs(), { twice: true });
    expect(mailer.sent.length).toBe(3);
    expect(await refusalCode(as(admin).sendAgain({ ids }))).toBe("nothing_undelivered");
  });

  test("a full mailbox, a delay, a stranger's report and a forged one stop nothing", async () => {
    await tell();
    await drain(t, jobs());
    const { id, to } = mailer.sent[0] ?? { id: "", to: "" };
    const take = (text: string) => receiveReport(testContext(t, null), text);
    expect(await take(report(id, to, "5.2.2"))).toBe(true);
    expect(await take(report(id, to, "5.1.1").replace("failed", "delayed"))).toBe(false);
    expect(await take(report("ntf_00000000000000000000000000", to, "5.1.1"))).toBe(false);
    expect(await take(report(id, "somebody@else.example", "5.1.1"))).toBe(true);
    expect(await take("hello")).toBe(false);
    expect((await as(owner).ways()).email.stopped).toBeNull();
  });

  test("a server's refusal of the address at once is known as such, with one line in the app", async () => {
    mailer.send = async () => {
      throw new Unacceptable("550 5.1.1 unknown", true);
    };
    await tell();
    await drain(t, jobs(), { twice: true });
    expect((await as(owner).ways()).email.stopped?.reason).toBe("550 5.1.1 unknown");
    const heard = (await as(owner).list({ userId: owner.id, type: "in_app" })).items;
    expect(heard.map(({ subject }) => subject)).toContain("Your email address takes no mail");
  });
});

test("a template that needs more than it is told stops before anybody reads it, and nothing is stored", async () => {
  const notice = { userId: owner.id, template: "credits_received" as const, source: "test:hole" };
  const told = (details: Record<string, string>) =>
    t
      .transact((tx) => notify(tx, { ...notice, details }))
      .then(
        () => "told",
        (error: Error) => error.message,
      );
  expect(await told({})).toContain('"credits_received" says {grams}');
  expect(await told({ grams: "much" })).toContain("is no whole number");
  expect(
    (await as(owner).list({ userId: owner.id })).items.filter(({ subject }) => /credits/.test(subject)),
  ).toEqual([]);
});

describe("the sheet of preferences", () => {
  test("nothing comes by the calendar until it is asked for by name; a channel that is switched off is off for all", async () => {
    const api = as(owner);
    const usual = await api.preferenceSheet();
    expect(usual.channels).toEqual({ email: true, push: true, sms: false });
    expect(usual.kinds.reports).toEqual({ email: false, push: false, sms: false });
    const set = await api.setPreferenceSheet({
      channels: { push: false, email: true },
      kinds: { reports: { email: true } },
      quietHours: { from: "22:00", to: "06:30", zone: "Asia/Ho_Chi_Minh" },
    });
    expect(set.channels).toEqual({ email: true, push: false, sms: false });
    expect(set.kinds.reports.email).toBe(true);
    expect(set.quietHours).toEqual({ from: "22:00", to: "06:30", zone: "Asia/Ho_Chi_Minh" });
    expect((await api.setPreferenceSheet({ channels: { email: true } })).kinds.sales.push).toBe(false);
    expect((await api.setPreferenceSheet({ quietHours: null })).quietHours).toBeNull();
  });
});
