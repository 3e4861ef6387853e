/** The load's own judgement: what is a yes, what is a no, and what nobody can say. */
import { afterAll, expect, test } from "bun:test";
import { wireTo } from "./wire.ts";

let turn = 0;
const server = Bun.serve({
  port: 0,
  fetch: (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/moody" && turn++ < 2)
      return Response.json({ error: { code: "database_away" } }, { status: 503 });
    if (pathname === "/broken") return Response.json({}, { status: 500 });
    if (pathname === "/no") return Response.json({ error: { code: "listing_sold" } }, { status: 409 });
    return Response.json({ key: request.headers.get("idempotency-key") });
  },
});
afterAll(() => server.stop(true));

const wire = () => wireTo(server.url.href.replace(/\/$/, ""), { lasts: () => true });

test("a call without an answer is sent again under the same key until there is one", async () => {
  const one = wire();
  expect(await one.insist({ method: "POST", path: "/moody", body: {}, key: "k1" })).toEqual({
    kind: "done",
    status: 200,
    body: { key: "k1" },
  });
  expect(one.counts).toMatchObject({ asked: 3, unknown: 2, again: 2, done: 1 });
});

test("a refusal is an answer; a 500 is a fault however it ends", async () => {
  const one = wire();
  expect(await one.insist({ method: "POST", path: "/no", body: {} })).toEqual({
    kind: "refused",
    status: 409,
    code: "listing_sold",
  });
  await one.ask({ method: "GET", path: "/broken" });
  expect(one.broken).toHaveLength(1);
});

test("who is not there leaves a call unknown", async () => {
  const nobody = wireTo("http://127.0.0.1:1", { lasts: () => true });
  expect((await nobody.ask({ method: "GET", path: "/" })).kind).toBe("unknown");
});
