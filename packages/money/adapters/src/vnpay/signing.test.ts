import { describe, expect, test } from "bun:test";
import { sharedData } from "@evx/kernel/testing";
import { ForgedWebhook } from "../gateway.ts";
import { answerTo } from "./ipn.ts";
import {
  canonicalFields,
  canonicalQuery,
  formText,
  isSigned,
  momentOfVnpay,
  signed,
  vnpayTime,
} from "./signing.ts";
import { vnpayGateway } from "./vnpay.ts";

const file = Bun.file(sharedData("vnpay/vnpay-vectors.json"));
const there = await file.exists();

type Vector = {
  id: string;
  secret: string;
  params?: Record<string, string>;
  field_order?: string[];
  canonical?: string;
  vnp_SecureHash: string;
  expect: "valid" | "invalid";
};
type Vectors = {
  vectors: Vector[];
  documentation_examples: { url: string }[];
  encoding_matrix: Record<string, string>;
};

describe.skipIf(!there)("published vectors", async () => {
  const read = async () => (await file.json()) as Vectors;
  test("every one is signed, or is not, as published", async () => {
    const { vectors } = await read();
    expect(vectors.length).toBeGreaterThan(5);
    for (const vector of vectors) {
      const text = vector.params ? canonicalQuery(vector.params) : (vector.canonical ?? "");
      if (vector.canonical) expect(text).toBe(vector.canonical);
      expect([vector.id, isSigned(text, vector.vnp_SecureHash, vector.secret)]).toEqual([
        vector.id,
        vector.expect === "valid",
      ]);
    }
  });
  test("the documentation's addresses are written as they stand there", async () => {
    const { documentation_examples, encoding_matrix } = await read();
    for (const { url } of documentation_examples) {
      const [, query = ""] = url.split("?");
      expect(canonicalQuery(Object.fromEntries(new URLSearchParams(query)))).toBe(
        query.replace(/&vnp_SecureHash=.*$/, ""),
      );
    }
    expect(formText(encoding_matrix.value ?? "").replace("%7E", "~")).toBe(
      (encoding_matrix.php_urlencode ?? "").replace("%7E", "~"),
    );
  });
});

const settings = {
  tmnCode: "EVX00001",
  hashSecret: "secret-of-tests",
  payUrl: "https://pay.vnpay.vn/vpcpay.html",
  apiUrl: "http://127.0.0.1:1/",
  rate: 25_400,
};
const gateway = vnpayGateway(settings);

const ipn = (more: Record<string, string> = {}, secret = settings.hashSecret) => {
  const params = {
    vnp_Amount: "31350000",
    vnp_TmnCode: "EVX00001",
    vnp_TxnRef: "pay1",
    vnp_TransactionNo: "14422574",
    vnp_PayDate: "20261128120000",
    vnp_ResponseCode: "00",
    vnp_TransactionStatus: "00",
    vnp_SecureHashType: "SHA512",
    ...more,
  };
  const hash = signed(canonicalQuery(params), secret);
  return {
    rawBody: "",
    query: new URLSearchParams({ ...params, vnp_SecureHash: hash }).toString(),
    headers: new Headers(),
  };
};
const now = new Date("2026-11-28T05:00:00Z");
const judged = (webhook: ReturnType<typeof ipn>) =>
  gateway.verifyWebhook(webhook, now).then(
    () => "good",
    (error: unknown) => (error instanceof ForgedWebhook ? "forged" : String(error)),
  );

test("an IPN names its page, its amount in dong and Vietnam's hour", async () => {
  const notice = await gateway.verifyWebhook(ipn(), now);
  expect(notice).toMatchObject({
    subject: { kind: "page", ref: "pay1" },
    claim: { ref: "pay1", amount: 313_500n, currency: "VND" },
    at: new Date("2026-11-28T05:00:00Z"),
  });
  expect((await gateway.verifyWebhook(ipn({ vnp_Amount: "31350050" }), now)).claim?.amount).toBe(-1n);
});

test("an IPN of another secret, of another merchant, changed or with a field twice is forged", async () => {
  expect(await judged(ipn())).toBe("good");
  expect(await judged(ipn({}, "another"))).toBe("forged");
  expect(await judged(ipn({ vnp_TmnCode: "OTHER001" }))).toBe("forged");
  const good = ipn();
  expect(await judged({ ...good, query: good.query.replace("31350000", "31360000") })).toBe("forged");
  expect(await judged({ ...good, query: `${good.query}&vnp_ResponseCode=00` })).toBe("forged");
  expect(await judged({ ...good, query: good.query.replace(/&vnp_SecureHash=.*/, "") })).toBe("forged");
  expect(await judged({ ...good, query: "" })).toBe("forged");
});

test("dong are charged at the rate, rounded once, and never less or more than VNPay takes", () => {
  expect(gateway.chargeFor(1234n, "USD")).toEqual({ amount: 313_436n, currency: "VND", rate: "25400" });
  expect(gateway.chargeFor(20_000n, "VND")).toEqual({ amount: 20_000n, currency: "VND" });
  expect(gateway.chargeFor(4_999n, "VND")).toBeNull();
  expect(gateway.chargeFor(1_000_000_000n, "VND")).toBeNull();
  expect(vnpayGateway({ ...settings, rate: null }).chargeFor(1234n, "USD")).toBeNull();
});

test("a fourteen-digit moment is Vietnam's clock, both ways", () => {
  expect(vnpayTime(new Date("2026-11-28T17:30:00Z"))).toBe("20261129003000");
  expect(momentOfVnpay("20261129003000")).toEqual(new Date("2026-11-28T17:30:00Z"));
  expect(momentOfVnpay("2026")).toBeNull();
  expect(momentOfVnpay("20261399999999")).toBeNull();
});

test("each verdict has VNPay's code", () => {
  const codes = (["forged", "unknown", "wrong_amount", "known", "recorded", "failed"] as const).map(
    (verdict) => answerTo(verdict).RspCode,
  );
  expect(codes).toEqual(["97", "01", "04", "02", "00", "99"]);
});

test("what is signed field by field keeps empty ones", () => {
  expect(canonicalFields(["a", "b", "c"], { a: "1", c: "3" })).toBe("1||3");
});
