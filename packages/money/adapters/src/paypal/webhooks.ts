import { createVerify, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { day_ms } from "@evx/kernel";
import * as v from "valibot";
import { ForgedWebhook, type Notice, type RawWebhook, type Subject } from "../gateway.ts";
import type { PaypalSettings } from "./calls.ts";

/** Hosts that publish PayPal's certificates. */
const HOSTS = new Set([
  "api.paypal.com",
  "api-m.paypal.com",
  "api.sandbox.paypal.com",
  "api-m.sandbox.paypal.com",
]);
const SIGNER = /(^|\n)CN=messageverificationcerts\.(sandbox\.)?paypal\.com($|\n)/;

/** PayPal delivers again for three days and signs once. Each event counts once, so that a late one does no harm. */
const LATE_MS = 4 * day_ms;
const EARLY_MS = 60_000;
const MOST_CERTIFICATE_BYTES = 100_000;

const forged = (why: string): never => {
  throw new ForgedWebhook(why);
};

/** Whether the settings name PayPal itself; anything else stands in for it on this machine. */
const isPaypal = (settings: PaypalSettings) => HOSTS.has(new URL(settings.apiBase).hostname);

/** A certificate's address that may be asked: PayPal's, over TLS, at the usual port; or the stand-in's own. */
export const certificateAddress = (settings: PaypalSettings, address: string): string => {
  const url = URL.parse(address);
  if (!url) return forged("The certificate's address is none.");
  const good = isPaypal(settings)
    ? url.protocol === "https:" && HOSTS.has(url.hostname) && url.port === "" && url.username === ""
    : url.origin === new URL(settings.apiBase).origin;
  return good ? url.href : forged("The certificate's address is not the gateway's.");
};

export const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map(
    (text) => new X509Certificate(text),
  );

const isNow = (certificate: X509Certificate, at: Date): boolean =>
  new Date(certificate.validFrom) <= at && at <= new Date(certificate.validTo);

const issued = (by: X509Certificate, whom: X509Certificate): boolean =>
  by.ca && whom.checkIssued(by) && whom.verify(by.publicKey);

/**
 * Checks that a certificate is PayPal's for signing messages, that each link of its chain up to a known root was issued
 * by the next, and that all are valid at a moment. A stand-in's is its own root. Throws `ForgedWebhook`.
 */
const checkChain = (settings: PaypalSettings, bundle: readonly X509Certificate[], at: Date): void => {
  const [leaf, ...rest] = bundle;
  if (!leaf) throw new ForgedWebhook("There is no certificate.");
  if (!isNow(leaf, at)) forged("The certificate is out of its time.");
  if (!isPaypal(settings)) return;
  if (!SIGNER.test(leaf.subject)) forged("The certificate is another's.");
  const between = [...rest, ...(settings.between ?? []).flatMap(certificatesIn)];
  const roots = (settings.roots ?? rootCertificates).flatMap(certificatesIn);
  let last: X509Certificate = leaf;
  for (let step = 0; step <= between.length; step++) {
    const root = roots.find((one) => isNow(one, at) && issued(one, last));
    if (root) return;
    const next = between.find((one) => one !== last && isNow(one, at) && issued(one, last));
    if (!next) break;
    last = next;
  }
  forged("The certificate's chain ends nowhere.");
};

const known = new Map<string, readonly X509Certificate[]>();

const fetchBundle = async (address: string): Promise<readonly X509Certificate[]> => {
  const cached = known.get(address);
  if (cached) return cached;
  const response = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(10_000) });
  const pem = await response.text();
  if (!response.ok || pem.length > MOST_CERTIFICATE_BYTES)
    throw new Error(`The certificate could not be read: ${response.status}`);
  const bundle = certificatesIn(pem);
  if (known.size > 50) known.clear();
  if (bundle.length > 0) known.set(address, bundle);
  return bundle;
};

const text = v.optional(v.string());
const Event = v.object({
  id: v.string(),
  event_type: v.optional(v.string(), "unknown"),
  create_time: text,
  resource: v.optional(v.unknown()),
});
const Resource = v.object({
  id: text,
  custom_id: text,
  sender_batch_id: text,
  payout_item: v.optional(v.object({ sender_item_id: text })),
  purchase_units: v.optional(v.array(v.object({ custom_id: text }))),
  disputed_transactions: v.optional(v.array(v.object({ seller_transaction_id: text }))),
  links: v.optional(v.array(v.object({ rel: text, href: text }))),
});

/** What an event is about, by the names that we gave; whatever is odd is about nothing of ours. */
export const subjectOf = (type: string, value: unknown): Subject => {
  const parsed = v.safeParse(Resource, value);
  if (!parsed.success) return { kind: "other" };
  const resource = parsed.output;
  const payment = (paymentId?: string, chargeRef?: string): Subject =>
    paymentId || chargeRef
      ? { kind: "payment", paymentId: paymentId ?? null, chargeRef: chargeRef ?? null }
      : { kind: "other" };
  if (type.startsWith("CHECKOUT.ORDER.")) return payment(resource.purchase_units?.[0]?.custom_id);
  if (type === "PAYMENT.CAPTURE.REFUNDED" || type === "PAYMENT.CAPTURE.REVERSED") {
    if (resource.custom_id?.startsWith("rfd_")) return { kind: "refund", refundId: resource.custom_id };
    const up = resource.links
      ?.find(({ rel }) => rel === "up")
      ?.href?.split("/")
      .at(-1);
    return payment(undefined, up ?? resource.id);
  }
  if (type.startsWith("PAYMENT.CAPTURE.")) return payment(resource.custom_id, resource.id);
  if (type.startsWith("CUSTOMER.DISPUTE."))
    return payment(undefined, resource.disputed_transactions?.[0]?.seller_transaction_id);
  if (type.startsWith("PAYMENT.PAYOUTS-ITEM.") && resource.payout_item?.sender_item_id)
    return { kind: "withdrawal", withdrawalId: resource.payout_item.sender_item_id };
  return { kind: "other" };
};

/** A signed event, however odd: it is kept under its own name, or under that of its transmission. */
const noticeOf = (rawBody: string, transmissionId: string, at: Date): Notice => {
  let body: unknown = null;
  try {
    body = JSON.parse(rawBody);
  } catch {
    body = null;
  }
  const event = v.safeParse(Event, body);
  if (!event.success) return { id: transmissionId, type: "unknown", at, subject: { kind: "other" } };
  const { id, event_type, create_time, resource } = event.output;
  const created = new Date(create_time ?? at);
  const happened = Number.isNaN(created.getTime()) ? at : created;
  return { id, type: event_type, at: happened, subject: subjectOf(event_type, resource) };
};

/**
 * Checks a webhook by PayPal's certificate over `id|time|webhookId|CRC32 of the raw bytes`; throws `ForgedWebhook`.
 * Nothing is asked of an address that is not PayPal's.
 */
export const verifyWebhook = async (
  settings: PaypalSettings,
  { rawBody, headers }: RawWebhook,
  at: Date,
  bundleAt: (address: string) => Promise<readonly X509Certificate[]> = fetchBundle,
): Promise<Notice> => {
  const header = (name: string) => headers.get(`paypal-${name}`) ?? forged(`paypal-${name} is missing.`);
  const [id, time] = [header("transmission-id"), header("transmission-time")];
  if (header("auth-algo") !== "SHA256withRSA") forged("The signature is of an unknown kind.");
  const sent = new Date(time);
  const late = at.getTime() - sent.getTime();
  if (!(late <= LATE_MS && late >= -EARLY_MS)) forged("The signature's time is not now.");
  const signature = Buffer.from(header("transmission-sig"), "base64");
  const bundle = await bundleAt(certificateAddress(settings, header("cert-url")));
  checkChain(settings, bundle, at);
  const message = `${id}|${time}|${settings.webhookId}|${Bun.hash.crc32(new TextEncoder().encode(rawBody))}`;
  const key = bundle[0]?.publicKey;
  if (key?.asymmetricKeyType !== "rsa" || !createVerify("SHA256").update(message).verify(key, signature))
    forged("The signature is not the gateway's.");
  return noticeOf(rawBody, id, sent);
};
