import { openVault } from "@evx/vault";
import {
  type Email,
  type Mailer,
  type NotificationsPorts,
  type PushMessage,
  type PushSender,
  type SmsSender,
  Unacceptable,
} from "./ports.ts";

/** A mailer that keeps what it was given; `fail` makes the next calls throw as a lost mail server does. */
export const memoryMailer = (): Mailer & {
  readonly sent: (Email & { id: string })[];
  fail(times: number): void;
} => {
  const sent: (Email & { id: string })[] = [];
  let failures = 0;
  return {
    sent,
    fail: (times) => {
      failures = times;
    },
    send: async (mail) => {
      if (failures-- > 0) throw new Error("connect ECONNREFUSED");
      sent.push(mail);
    },
  };
};

/** The room's ports in a test: without push and SMS unless given. */
export const testPorts = (mailer: Mailer, more: Partial<NotificationsPorts> = {}): NotificationsPorts => ({
  mailer,
  publicUrl: "https://exchange.example",
  vault: openVault("a secret of the tests, long enough", "notifications"),
  push: null,
  sms: null,
  ...more,
});

/** A push sender that keeps what it was given; `gone` names endpoints that no longer want any. */
export const memoryPush = (): PushSender & {
  readonly sent: (PushMessage & { endpoint: string; ttl_s: number })[];
  readonly gone: Set<string>;
} => {
  const sent: (PushMessage & { endpoint: string; ttl_s: number })[] = [];
  const gone = new Set<string>();
  return {
    publicKey: "public-key",
    sent,
    gone,
    takes: (endpoint) => endpoint.startsWith("https://push.example/"),
    send: async ({ endpoint }, message, ttl_s) => {
      if (gone.has(endpoint)) throw new Unacceptable("410 Gone", true);
      sent.push({ ...message, endpoint, ttl_s });
    },
  };
};

/** An SMS gateway that keeps what it was given. */
export const memorySms = (): SmsSender & { readonly sent: { to: string; text: string }[] } => {
  const sent: { to: string; text: string }[] = [];
  return {
    sent,
    send: async ({ to, text }) => {
      sent.push({ to, text });
    },
  };
};
