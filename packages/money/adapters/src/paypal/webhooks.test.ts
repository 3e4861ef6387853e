import { describe, expect, test } from "bun:test";
import { sharedData } from "@evx/kernel/testing";
import { ForgedWebhook } from "../gateway.ts";
import { certificateAddress, certificatesIn, subjectOf, verifyWebhook } from "./webhooks.ts";

const folder = sharedData("paypal");
const there = await Bun.file(`${folder}/webhook-vector.json`).exists();

const settings = {
  clientId: "client",
  secret: "secret",
  webhookId: "96605875FF6516633",
  apiBase: "https://api-m.sandbox.paypal.com",
};
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "good",
    (error: unknown) => (error instanceof ForgedWebhook ? error.message : `threw ${error}`),
  );

describe.skipIf(!there)("a webhook that PayPal signed", async () => {
  const file = (name: string) => Bun.file(`${folder}/${name}`).text();
  const read = async () => ({
    vector: (await Bun.file(`${folder}/webhook-vector.json`).json()) as { headers: Record<string, string> },
    body: await file("webhook-body.json"),
    bundle: certificatesIn(await file("webhook-cert.pem")),
    between: [await file("DigiCertSHA2ExtendedValidationServerCA.pem")],
    roots: [await file("DigiCertHighAssuranceEVRootCA.pem")],
  });
  const at = new Date("2017-03-30T20:04:05Z");
  const verify = async (
    change: {
      body?: string;
      headers?: Record<string, string>;
      at?: Date;
      webhookId?: string;
      bare?: boolean;
    } = {},
  ) => {
    const { vector, body, bundle, between, roots } = await read();
    const asked: string[] = [];
    const result = await outcome(
      verifyWebhook(
        {
          ...settings,
          webhookId: change.webhookId ?? settings.webhookId,
          roots,
          ...(change.bare ? {} : { between }),
        },
        {
          rawBody: change.body ?? body,
          query: "",
          headers: new Headers({ ...vector.headers, ...change.headers }),
        },
        change.at ?? at,
        async (address) => {
          asked.push(address);
          return bundle;
        },
      ),
    );
    return { result, asked: asked.length };
  };

  test("is good at its own date", async () => {
    expect((await verify()).result).toBe("good");
  });
  test("is forged when a byte, the webhook's id or the signature is another", async () => {
    const { body } = await read();
    const changes: Parameters<typeof verify>[0][] = [
      { body: `${body} ` },
      { webhookId: "96605875FF6516634" },
      { headers: { "PAYPAL-TRANSMISSION-ID": "071f7d20-1584-11e7-abf0-6b62a8a99ac5" } },
      { headers: { "PAYPAL-TRANSMISSION-SIG": "AAAA" } },
    ];
    for (const change of changes)
      expect((await verify(change)).result).toBe("The signature is not the gateway's.");
  });
  test("is forged before and long after its time, and no certificate is asked for", async () => {
    for (const moment of ["2017-03-30T20:02:00Z", "2017-04-05T00:00:00Z", "2026-11-28T00:00:00Z"])
      expect(await verify({ at: new Date(moment) })).toEqual({
        result: "The signature's time is not now.",
        asked: 0,
      });
  });
  test("is forged when its chain ends nowhere", async () => {
    expect((await verify({ bare: true })).result).toBe("The certificate's chain ends nowhere.");
  });
  test("nothing is asked of an address that is not PayPal's", async () => {
    for (const address of [
      "https://api.paypal.com.evil.example/cert",
      "http://api.paypal.com/cert",
      "https://api.paypal.com:8443/cert",
      "https://evil@api.paypal.com/cert",
      "https://www.paypal.com/cert",
      "file:///etc/passwd",
      "nothing",
    ])
      expect(await verify({ headers: { "PAYPAL-CERT-URL": address } })).toMatchObject({ asked: 0 });
  });
});

test("a certificate's address is PayPal's own, or its stand-in's", () => {
  expect(certificateAddress(settings, "https://api.paypal.com/v1/notifications/certs/CERT-1")).toBe(
    "https://api.paypal.com/v1/notifications/certs/CERT-1",
  );
  const standIn = { ...settings, apiBase: "http://localhost:4100" };
  expect(() => certificateAddress(standIn, "http://localhost:4101/cert")).toThrow(ForgedWebhook);
});

test("an event says what it is about by the names that we gave; an odd one is about nothing", () => {
  expect(subjectOf("PAYMENT.CAPTURE.COMPLETED", { id: "C1", custom_id: "pay_1" })).toEqual({
    kind: "payment",
    paymentId: "pay_1",
    chargeRef: "C1",
  });
  expect(
    subjectOf("CUSTOMER.DISPUTE.CREATED", { disputed_transactions: [{ seller_transaction_id: "C1" }] }),
  ).toEqual({
    kind: "payment",
    paymentId: null,
    chargeRef: "C1",
  });
  expect(subjectOf("PAYMENT.PAYOUTS-ITEM.UNCLAIMED", { payout_item: { sender_item_id: "wdr_1" } })).toEqual({
    kind: "withdrawal",
    withdrawalId: "wdr_1",
  });
  for (const odd of [null, 7, "text", [], { custom_id: 7 }, { purchase_units: {} }])
    expect(subjectOf("CHECKOUT.ORDER.APPROVED", odd)).toEqual({ kind: "other" });
});
