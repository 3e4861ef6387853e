import { afterEach, beforeEach, expect, mock, test } from "bun:test";
import { api } from "./api.ts";
import { connectionLost } from "./connection.ts";
import { dataAges } from "./data-age.ts";
import { ApiError } from "./errors.ts";

type Sent = { url: string; init: RequestInit };

const realFetch = globalThis.fetch;
let sent: Sent[] = [];
let answer: (url: URL) => Response | Promise<Response> = () => Response.json([]);

beforeEach(() => {
  sent = [];
  globalThis.fetch = mock(async (url: string, init: RequestInit) => {
    if (url === "/health") return Response.json({});
    sent.push({ url, init });
    return answer(new URL(url, "http://localhost"));
  }) as unknown as typeof fetch;
});

afterEach(() => {
  globalThis.fetch = realFetch;
});

const refusal = {
  error: {
    message: "That listing has already been sold.",
    data: {
      code: "listing_sold",
      httpStatus: 409,
      requestId: "req_1",
      issues: [{ path: "listingId", message: "Sold." }],
    },
  },
};

test("reads of one moment travel as one request, and each gets its own answer", async () => {
  answer = () => Response.json([{ result: { data: { user: null } } }, refusal]);
  const [first, second] = await Promise.allSettled([api.identity.me.fetch(), api.identity.me.fetch()]);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.url).toStartWith("/trpc/identity.me,identity.me?batch=1");
  expect(first).toEqual({ status: "fulfilled", value: { user: null } });
  expect(second.status).toBe("rejected");
});

test("an answer from a copy of the books says how old it may be, until a newer one is of the moment", async () => {
  answer = () => Response.json([{ result: { data: [] } }], { headers: { "x-data-age-ms": "1200" } });
  await api.identity.me.fetch();
  expect([...dataAges()]).toEqual([["identity.me", 1_200]]);
  answer = () => Response.json([{ result: { data: [] } }]);
  await api.identity.me.fetch();
  expect(dataAges().size).toBe(0);
});

test("a refusal arrives with its code, sentence, issues and request", async () => {
  answer = () => Response.json(refusal, { status: 409 });
  const error = await api.identity.signIn
    .call({ email: "a@b.c", password: "x" })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    code: "listing_sold",
    message: "That listing has already been sold.",
    issues: [{ path: "listingId", message: "Sold." }],
    requestId: "req_1",
  });
});

test("being turned away at the door is told in the server's words too", async () => {
  const message = "Too many requests. Wait 20 s and try again; nothing was lost.";
  answer = () => Response.json({ error: { code: "rate_limited", message } }, { status: 429 });
  const error = await api.identity.me.fetch().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "rate_limited", message });
});

test("a write travels alone, in the reader's language, under a key of its own", async () => {
  answer = () => Response.json({ result: { data: { user: null } } });
  await Promise.all([
    api.identity.signIn.call({ email: "a@b.c", password: "x" }),
    api.identity.signIn.call({ email: "a@b.c", password: "x" }),
  ]);
  expect(sent).toHaveLength(2);
  const headers = sent.map(({ init }) => init.headers as Record<string, string>);
  expect(headers[0]?.["accept-language"]).toBe("en");
  expect(headers[0]?.["idempotency-key"]).not.toBe(headers[1]?.["idempotency-key"]);
});

test("a long batch is split instead of making an address that proxies cut off", async () => {
  answer = (url) => Response.json(url.pathname.split(",").map(() => ({ result: { data: {} } })));
  const long = "x".repeat(400);
  const ask = api.identity.me.fetch as (input: unknown) => Promise<unknown>;
  await Promise.all(Array.from({ length: 10 }, () => ask({ long })));
  expect(sent.length).toBeGreaterThan(1);
  for (const { url } of sent) expect(url.length).toBeLessThanOrEqual(2000);
});

test("an unreachable server is said, and healed by the next answer", async () => {
  answer = () => Promise.reject(new TypeError("fetch failed"));
  const error = await api.identity.me.fetch().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "network", message: "" });
  expect(connectionLost()).toBe(true);
  answer = () => Response.json([{ result: { data: { user: null } } }]);
  await api.identity.me.fetch();
  expect(connectionLost()).toBe(false);
});
