import { afterAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "./emulator.ts";

const folder = await mkdtemp(join(tmpdir(), "evx-mails-"));
const emulator = startEmulator({
  port: 0,
  webhookUrl: [],
  secretKey: "sk_test",
  webhookSecret: "whsec_test",
  sms: { account: "AC1", token: "secret" },
  mailFolder: folder,
});
afterAll(async () => {
  await emulator.stop();
  await rm(folder, { recursive: true });
});

const messages = `${emulator.url}/2010-04-01/Accounts/AC1/Messages.json`;
const authorization = `Basic ${btoa("AC1:secret")}`;

test("an SMS is sent and found again by its number; without the token nothing is", async () => {
  const body = new URLSearchParams({ To: "+84901234567", From: "EVX", Body: "Xin chào" });
  expect((await fetch(messages, { method: "POST", body })).status).toBe(401);
  expect((await fetch(messages, { method: "POST", body, headers: { authorization } })).status).toBe(201);
  const bad = new URLSearchParams({ To: "+15005550001", From: "EVX", Body: "x" });
  const refused = await fetch(messages, { method: "POST", body: bad, headers: { authorization } });
  expect([refused.status, ((await refused.json()) as { code: number }).code]).toEqual([400, 21211]);
  const list = await fetch(`${messages}?To=%2B84901234567`, { headers: { authorization } });
  expect(((await list.json()) as { messages: { body: string }[] }).messages.map(({ body }) => body)).toEqual([
    "Xin chào",
  ]);
});

test("a push that is not encrypted and signed is refused", async () => {
  const push = (headers: Record<string, string>, device = "a") =>
    fetch(`${emulator.url}/push/${device}`, { method: "POST", body: "x", headers }).then(
      ({ status }) => status,
    );
  const signed = { authorization: "vapid t=a.b.c, k=abc", ttl: "60" };
  expect(await push({})).toBe(401);
  expect(await push(signed)).toBe(400);
  expect(await push({ ...signed, "content-encoding": "aes128gcm" })).toBe(201);
  expect(await push({ ...signed, "content-encoding": "aes128gcm" }, "gone-1")).toBe(410);
});

test("mails are listed by subject and shown as their readers see them, without running anything", async () => {
  await writeFile(
    join(folder, "ntf_1.eml"),
    'From: a@b\r\nTo: lan@example.com\r\nSubject: =?UTF-8?Q?T=C3=ADn_ch=E1=BB=89?=\r\nContent-Type: multipart/alternative; boundary="--_x"\r\n\r\n----_x\r\nContent-Type: text/plain\r\n\r\nhi\r\n----_x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Xin ch=C3=A0o</p>\r\n----_x--\r\n',
  );
  expect(await (await fetch(`${emulator.url}/messages`)).text()).toContain("Tín chỉ");
  const mail = await fetch(`${emulator.url}/messages/mail/ntf_1.eml`);
  expect(await mail.text()).toContain("<p>Xin chào</p>");
  expect(mail.headers.get("content-security-policy")).toContain("sandbox");
  expect((await fetch(`${emulator.url}/messages/mail/..%2Fgateways.sqlite`)).status).toBe(404);
});
