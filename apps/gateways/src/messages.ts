/** The other end of what the venue sends to people: an SMS gateway, a push service, and the mails that lie in files. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Clock, newId } from "@evx/kernel";
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { frame, preferred, styleHash } from "./frame.ts";
import type { Store, Thing } from "./store.ts";

type Sms = Thing & { to: string; from: string; body: string; status: string };
type Push = Thing & { device: string; body: string; headers: Record<string, string> };

export type MessageOptions = {
  store: Store;
  clock: Clock;
  sms?: { account: string; token: string } | undefined;
  mailFolder?: string | undefined;
};

const seconds = (clock: Clock): number => Math.floor(clock.now().getTime() / 1000);

/** Numbers that Twilio's own tests refuse or block, and one of ours that takes a code late. */
const fates: Record<string, { code: number; message: string }> = {
  "+15005550001": { code: 21211, message: "The 'To' number +15005550001 is not a valid phone number." },
  "+15005550009": { code: 21614, message: "'To' number is not a valid mobile number" },
  "+15005550004": { code: 21610, message: "Attempt to send to unsubscribed recipient" },
};

const smsOut = ({ id, to, from, body, status, created }: Sms) => ({
  sid: id,
  to,
  from,
  body,
  status,
  date_created: new Date(created * 1000).toUTCString(),
  date_sent: new Date(created * 1000).toUTCString(),
});

/** Twilio's Messages: as much as sends one and finds it again. */
const smsWire = ({ store, clock, sms }: MessageOptions): Hono => {
  const app = new Hono();
  const path = "/2010-04-01/Accounts/:account/Messages.json" as const;
  app.use(path, async (context, next) => {
    const wanted = sms ? `Basic ${btoa(`${sms.account}:${sms.token}`)}` : null;
    if (context.req.header("authorization") !== wanted)
      return context.json({ code: 20003, message: "Authenticate", status: 401 }, 401);
    return next();
  });
  app.post(path, async (context) => {
    const form = await context.req.parseBody();
    const [to, from, body] = [String(form.To ?? ""), String(form.From ?? ""), String(form.Body ?? "")];
    const fate = fates[to];
    if (fate || !body)
      return context.json(fate ?? { code: 21602, message: "Message body is required." }, 400);
    if (to === "+15005550503") return context.json({ code: 20503, message: "Service unavailable" }, 503);
    const row: Sms = {
      id: `SM${newId("event").slice(4)}`,
      object: "sms",
      created: seconds(clock),
      to,
      from,
      body,
      status: "delivered",
    };
    store.put(row);
    return context.json(smsOut(row), 201);
  });
  app.get(path, (context) => {
    const to = context.req.query("To");
    const rows = store.list<Sms>("sms").filter((row) => !to || row.to === to);
    return context.json({ messages: rows.slice(0, Number(context.req.query("PageSize") ?? 50)).map(smsOut) });
  });
  return app;
};

/**
 * A push service (RFC 8030): takes what is encrypted and signed, and shows how it came. Devices called `gone…` are no more,
 * `busy…` have too much to do.
 */
const pushWire = ({ store, clock }: MessageOptions): Hono =>
  new Hono()
    .post("/push/:device", async (context) => {
      const device = context.req.param("device");
      if (device.startsWith("gone")) return context.text("Gone", 410);
      if (device.startsWith("busy")) return context.text("Too many", 429, { "retry-after": "5" });
      const names = ["authorization", "content-encoding", "ttl", "topic", "urgency"];
      const headers = Object.fromEntries(names.map((name) => [name, context.req.header(name) ?? ""]));
      if (!/^vapid t=[\w.-]+, ?k=[\w-]+$/.test(headers.authorization ?? ""))
        return context.text("No VAPID", 401);
      if (headers["content-encoding"] !== "aes128gcm" || !/^\d+$/.test(headers.ttl ?? ""))
        return context.text("Not encrypted, or without a TTL", 400);
      const body = Buffer.from(await context.req.arrayBuffer()).toString("base64");
      const row: Push = {
        id: newId("event"),
        object: "push",
        created: seconds(clock),
        device,
        body,
        headers,
      };
      store.put(row);
      return context.body(null, 201);
    })
    .get("/push/:device", (context) =>
      context.json({
        items: store.list<Push>("push").filter((row) => row.device === context.req.param("device")),
      }),
    );

const words = {
  en: {
    title: "Messages of this machine",
    what: "What the venue sent to people instead of a mail server and an SMS gateway. Newest first.",
    mails: "E-mails",
    sms: "SMS",
    none: "None yet.",
    home: "Back",
  },
  vi: {
    title: "Tin nhắn trên máy này",
    what: "Những gì sàn đã gửi cho mọi người, thay cho máy chủ thư và cổng SMS. Mới nhất ở trên.",
    mails: "Email",
    sms: "SMS",
    none: "Chưa có.",
    home: "Quay lại",
  },
};

const header = (text: string, name: string): string => {
  const raw = new RegExp(`^${name}: (.*(?:\\r?\\n[ \\t].*)*)`, "im").exec(text)?.[1] ?? "";
  return raw
    .replace(/\r?\n[ \t]+/g, " ")
    .replace(/\?= =\?/g, "?==?")
    .replace(/=\?utf-8\?([qb])\?(.*?)\?=/gi, (_, way: string, body: string) =>
      way.toLowerCase() === "b"
        ? Buffer.from(body, "base64").toString("utf8")
        : Buffer.from(unquoted(body.replaceAll("_", " ")), "latin1").toString("utf8"),
    );
};

const unquoted = (text: string): string =>
  text
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** The HTML part of a mail as nodemailer wrote it. */
const htmlPart = (text: string): string => {
  const [, rest = ""] = text.split(/^Content-Type: text\/html.*$/im);
  const end = rest.search(/\r?\n----_/);
  const [head = "", ...body] = rest.slice(0, end < 0 ? undefined : end).split(/\r?\n\r?\n/);
  const content = body.join("\n\n");
  return /quoted-printable/i.test(head)
    ? Buffer.from(unquoted(content), "latin1").toString("utf8")
    : /base64/i.test(head)
      ? Buffer.from(content, "base64").toString("utf8")
      : content;
};

/** Mails under the newest hundred files, as people would see them in a list. */
const mailsIn = (folder: string): { name: string; subject: string; to: string; at: number }[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".eml"))
        .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
        .sort((a, b) => b.at - a.at)
        .slice(0, 100)
        .map(({ name, at }) => {
          const text = readFileSync(join(folder, name), "utf8");
          return { name, at, subject: header(text, "Subject"), to: header(text, "To") };
        })
    : [];

const show = (context: Context, title: string, body: ReturnType<typeof html>) =>
  context.html(frame(preferred(context.req.header("accept-language")), title, body), 200, {
    "content-security-policy": `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; frame-ancestors 'none'`,
  });

/** A list to look at: what was mailed and sent by SMS, each mail as its reader sees it. */
const outbox = ({ store, mailFolder }: MessageOptions): Hono =>
  new Hono()
    .get("/messages", (context) => {
      const say = words[preferred(context.req.header("accept-language"))];
      const mails = mailFolder ? mailsIn(mailFolder) : [];
      const rows = store.list<Sms>("sms").slice(0, 50);
      const none = html`<p class="what">${say.none}</p>`;
      const body = html`<h1>${say.title}</h1><p class="what">${say.what}</p>
<div class="tests"><p>${say.mails}</p>${mails.length ? html`<ul>${mails.map((mail) => html`<li><a href="/messages/mail/${encodeURIComponent(mail.name)}">${mail.subject}</a><span>${mail.to}</span></li>`)}</ul>` : none}</div>
<div class="tests"><p>${say.sms}</p>${rows.length ? html`<ul>${rows.map((row) => html`<li><span>${row.body}</span><code>${row.to}</code></li>`)}</ul>` : none}</div>
<a class="go" href="/">${say.home}</a>`;
      return show(context, say.title, body);
    })
    .get("/messages/mail/:name", (context) => {
      const name = context.req.param("name");
      const known = mailFolder ? mailsIn(mailFolder).some((mail) => mail.name === name) : false;
      if (!known || !mailFolder) return context.notFound();
      // A mail has styles of its own and nothing else.
      return context.html(htmlPart(readFileSync(join(mailFolder, name), "utf8")), 200, {
        "content-security-policy":
          "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-top-navigation-by-user-activation",
      });
    });

export const messages = (options: MessageOptions): Hono =>
  new Hono().route("/", smsWire(options)).route("/", pushWire(options)).route("/", outbox(options));
