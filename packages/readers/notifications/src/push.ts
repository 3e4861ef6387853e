import { createECDH } from "node:crypto";
import { second_ms } from "@evx/kernel";
import webPush from "web-push";
import { type PushSender, Unacceptable } from "./ports.ts";

/** Where the push services of today's browsers are: Chrome, Firefox, Edge, Safari. */
const services = ["fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com"];

const patience_ms = 10 * second_ms;

type Settings = {
  /** 32 bytes in base64 of either alphabet: the venue's VAPID key. Any will do: `openssl rand -base64 32`. */
  readonly privateKey: string;
  /** Whom a push service writes to about pushes of ours: `mailto:` or an address of the web. */
  readonly contact: string;
  /** An emulator's origin, in development. */
  readonly emulator?: string | undefined;
};

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** The pair of keys that a private one makes. Throws when it is not 32 bytes that make a key. */
const pairOf = (privateKey: string): { publicKey: string; privateKey: string } => {
  const bytes = Buffer.from(privateKey, "base64");
  if (bytes.length !== 32) throw new RangeError("A VAPID key has 32 bytes: openssl rand -base64 32");
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(bytes);
  return { publicKey: base64url(pair.getPublicKey()), privateKey: base64url(bytes) };
};

/** Pushes to browsers through their own services: encrypted for the browser (RFC 8291), signed by the venue (RFC 8292). */
export const webPushSender = ({ privateKey, contact, emulator }: Settings): PushSender => {
  const vapidDetails = { subject: contact, ...pairOf(privateKey) };
  const takes = (endpoint: string): boolean => {
    const url = URL.parse(endpoint);
    if (!url || url.username || url.password) return false;
    if (emulator && url.origin === new URL(emulator).origin) return true;
    const { protocol, hostname, port } = url;
    return (
      protocol === "https:" &&
      port === "" &&
      services.some((one) => hostname === one || hostname.endsWith(`.${one}`))
    );
  };
  return {
    publicKey: vapidDetails.publicKey,
    takes,
    async send({ endpoint, p256dh, auth }, { id, title, body, link }, ttl_s) {
      if (!takes(endpoint)) throw new Unacceptable("The address is no push service's.", true);
      const request = webPush.generateRequestDetails(
        { endpoint, keys: { p256dh, auth } },
        JSON.stringify({ id, title, body: body.slice(0, 1_000), link }),
        // Of the same topic a service keeps the last one: a push that is sent again shows once.
        { vapidDetails, TTL: Math.max(0, Math.floor(ttl_s)), topic: id.slice(-26) },
      );
      const response = await fetch(endpoint, {
        method: "POST",
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: new Uint8Array(request.body ?? []),
        redirect: "error",
        signal: AbortSignal.timeout(patience_ms),
      });
      const said = (await response.text()).slice(0, 200);
      if (response.ok) return;
      const failure = `${response.status} ${said}`.trim();
      if (response.status === 404 || response.status === 410) throw new Unacceptable(failure, true);
      if (response.status === 400 || response.status === 413) throw new Unacceptable(failure, false);
      throw new Error(`The push service answered ${failure}`);
    },
  };
};
