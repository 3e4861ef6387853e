import { afterAll, expect, test } from "bun:test";
import { createDecipheriv, createECDH, createHmac, randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { startEmulator } from "@evx/gateways";
import { smtpMailer } from "./mailer.ts";
import { Unacceptable } from "./ports.ts";
import { webPushSender } from "./push.ts";
import { twilioSender } from "./sms.ts";

const emulator = startEmulator({
  port: 0,
  webhookUrl: [],
  secretKey: "sk_test",
  webhookSecret: "whsec_test",
  sms: { account: "AC1", token: "secret" },
});
afterAll(() => emulator.stop());

const hmac = (key: Uint8Array, ...parts: Uint8Array[]): Buffer => {
  const made = createHmac("sha256", key);
  for (const part of parts) made.update(part);
  return made.digest();
};
const info = (text: string) => Buffer.from(`${text}\0\x01`);

/** What a browser does with a push: RFC 8291 and 8188, written here once more from their text. */
const opened = (body: Buffer, pair: ReturnType<typeof createECDH>, auth: Buffer): string => {
  const salt = body.subarray(0, 16);
  const length = body[20] ?? 0;
  const sender = body.subarray(21, 21 + length);
  const sealed = body.subarray(21 + length);
  const both = Buffer.concat([Buffer.from("WebPush: info\0"), pair.getPublicKey(), sender, Buffer.from([1])]);
  const secret = hmac(hmac(auth, pair.computeSecret(sender)), both);
  const root = hmac(salt, secret);
  const key = hmac(root, info("Content-Encoding: aes128gcm")).subarray(0, 16);
  const nonce = hmac(root, info("Content-Encoding: nonce")).subarray(0, 12);
  const cipher = createDecipheriv("aes-128-gcm", key, nonce);
  cipher.setAuthTag(sealed.subarray(-16));
  const text = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  return text.subarray(0, text.lastIndexOf(2)).toString("utf8");
};

const sender = webPushSender({
  privateKey: randomBytes(32).toString("base64url"),
  contact: "mailto:support@evx.example",
  emulator: emulator.url,
});
const message = {
  id: "ntf_01hzzzzzzzzzzzzzzzzzzzzzzz",
  title: "Tín chỉ đã bán",
  body: "1 credit",
  link: "/owner",
};

test("a push arrives at the browser's service signed, and only the browser can read it", async () => {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  const auth = randomBytes(16);
  const to = { p256dh: pair.getPublicKey().toString("base64url"), auth: auth.toString("base64url") };
  await sender.send({ ...to, endpoint: `${emulator.url}/push/mine` }, message, 60);
  const kept = (await (await fetch(`${emulator.url}/push/mine`)).json()) as {
    items: { body: string; headers: Record<string, string> }[];
  };
  expect(kept.items.length).toBe(1);
  const body = Buffer.from(kept.items[0]?.body ?? "", "base64");
  expect(body.includes("credit")).toBe(false);
  expect(JSON.parse(opened(body, pair, auth))).toEqual(message);
  expect(kept.items[0]?.headers.ttl).toBe("60");
  const failing = (device: string) =>
    sender
      .send({ ...to, endpoint: `${emulator.url}/push/${device}` }, message, 60)
      .catch((error: Error) => error);
  expect(await failing("gone-1")).toMatchObject({ name: "Unacceptable", lasting: true });
  expect(await failing("busy-1")).not.toBeInstanceOf(Unacceptable);
});

test("no address but a push service's is ever called", () => {
  const taken = (endpoint: string) => sender.takes(endpoint);
  expect(taken("https://fcm.googleapis.com/fcm/send/abc")).toBe(true);
  expect(taken("https://updates.push.services.mozilla.com/wpush/v2/abc")).toBe(true);
  expect(taken("https://web.push.apple.com/abc")).toBe(true);
  for (const foreign of [
    "http://fcm.googleapis.com/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/?fcm.googleapis.com",
    "https://fcm.googleapis.com:8080/x",
    "https://user@fcm.googleapis.com/x",
    "https://169.254.169.254/latest",
    "nonsense",
  ])
    expect(taken(foreign)).toBe(false);
});

test("an SMS that may have gone out is asked for before it is sent again", async () => {
  const sms = twilioSender({ account: "AC1", token: "secret", from: "EVX", apiBase: emulator.url });
  const since = new Date();
  const once = { to: "+84901234567", text: "Mã 123456", triedSince: null };
  await sms.send(once);
  await sms.send({ ...once, triedSince: since });
  await sms.send({ ...once, text: "Another", triedSince: since });
  const list = await fetch(`${emulator.url}/2010-04-01/Accounts/AC1/Messages.json?To=%2B84901234567`, {
    headers: { authorization: `Basic ${btoa("AC1:secret")}` },
  });
  const { messages } = (await list.json()) as { messages: { body: string }[] };
  expect(messages.map(({ body }) => body)).toEqual(["Another", "Mã 123456"]);
  const failing = (to: string) => sms.send({ ...once, to }).catch((error: Error) => error);
  expect(await failing("+15005550001")).toMatchObject({ name: "Unacceptable", lasting: true });
  expect(await failing("+15005550503")).not.toBeInstanceOf(Unacceptable);
});

/** A mail server that answers each command's first word as told, and nothing at all to one it is not told of. */
const mailServer = async (
  answers: Record<string, string>,
): Promise<{ url: string; close(): void; sockets: Set<Socket> }> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.write("220 test ESMTP\r\n");
    let data = false;
    socket.on("data", (chunk) => {
      for (const line of chunk.toString().split("\r\n").filter(Boolean)) {
        if (data && line !== ".") continue;
        const word = data ? "." : (line.split(/[ :]/)[0] ?? "").toUpperCase();
        data = word === "DATA";
        const answer = answers[word] ?? (word === "DATA" ? "354 go on" : "250 ok");
        if (answer) socket.write(`${answer}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return { url: `smtp://127.0.0.1:${port}`, close: () => void server.close(), sockets };
};

const mail = { id: "ntf_1", to: "lan@example.com", subject: "x", text: "x", html: "<p>x</p>" };

test("a server that says something again and again and never comes to an end gives its lane back, too", async () => {
  const server = await mailServer({ ".": "250-still looking at it" });
  const nagging = setInterval(() => {
    for (const socket of server.sockets) socket.write("250-still looking at it\r\n");
  }, 50);
  const began = performance.now();
  const error = await smtpMailer(`${server.url}?socketTimeout=300`, "evx@example.com", 900)
    .send(mail)
    .catch((thrown: Error) => thrown);
  clearInterval(nagging);
  expect(error).toMatchObject({ message: "The mail server did not come to an end within 0.9 s." });
  expect(error).not.toBeInstanceOf(Unacceptable);
  expect(performance.now() - began).toBeLessThan(5_000);
  const open = () => [...server.sockets].filter((socket) => !socket.destroyed);
  for (let waits = 0; open().length > 0 && waits < 100; waits++) await Bun.sleep(20);
  expect(open()).toEqual([]);
  server.close();
});

test("a server that hangs at DATA gives its lane back, 4xx is tried again, 5xx is for good", async () => {
  const failing = async (answers: Record<string, string>, more = "") => {
    const server = await mailServer(answers);
    const began = performance.now();
    const error = await smtpMailer(server.url + more, "evx@example.com")
      .send(mail)
      .then(
        () => null,
        (thrown: Error) => thrown,
      );
    for (const socket of server.sockets) socket.destroy();
    server.close();
    return { error, ms: performance.now() - began };
  };
  const hung = await failing({ DATA: "" }, "?socketTimeout=300");
  expect(hung.error).not.toBeNull();
  expect(hung.error).not.toBeInstanceOf(Unacceptable);
  expect(hung.ms).toBeLessThan(5_000);
  expect((await failing({ RCPT: "451 4.3.0 try later" })).error).not.toBeInstanceOf(Unacceptable);
  expect((await failing({ RCPT: "550 5.1.1 no such user" })).error).toMatchObject({ lasting: true });
  expect((await failing({ RCPT: "554 5.7.1 your network is blocked" })).error).toMatchObject({
    lasting: false,
  });
  expect((await failing({ ".": "552 5.3.4 too big" })).error).toMatchObject({
    name: "Unacceptable",
    lasting: false,
  });
  expect((await failing({})).error).toBeNull();
});
