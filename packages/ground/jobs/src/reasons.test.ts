import { afterAll, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { refusals } from "@evx/kernel";
import * as v from "valibot";
import { keptReason, type ReasonCode, reasonOf, reasons } from "./reasons.ts";

const t = await testDatabase();
afterAll(() => t.close());

/** What a call throws, as a job would get it. */
const thrownBy = async (call: () => unknown): Promise<unknown> => {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("It was to throw.");
};

const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
afterAll(() => silent.stop(true));
const closedPort = (() => {
  const once = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const { port } = once;
  once.stop(true);
  return port;
})();

const kinds: [ReasonCode, () => unknown][] = [
  ["contradiction", () => sql`insert into jobs.outbox (kind) values (null)`.execute(t.admin)],
  ["database_busy", () => sql`set statement_timeout = 1; select pg_sleep(1)`.execute(t.admin)],
  ["unreachable", () => fetch(`http://127.0.0.1:${closedPort}/`)],
  ["timed_out", () => fetch(`http://127.0.0.1:${silent.port}/`, { signal: AbortSignal.timeout(20) })],
  ["unreadable", () => v.parse(v.object({ orderId: v.string() }), {})],
  [
    "database_away",
    () => {
      throw new Error("A step failed", { cause: Object.assign(new Error("x"), { code: "57P01" }) });
    },
  ],
  ["storage_full", () => Promise.reject(Object.assign(new Error("x"), { code: "53100" }))],
  ["refused_outside", () => Promise.reject(new Error("The SMS gateway answered 500"))],
  ["unexpected", () => (undefined as unknown as { grams: bigint }).grams],
  ["unexpected", () => Promise.reject("a text")],
];

test("what a job threw is one of the known kinds, by what real calls throw", async () => {
  const said = await Promise.all(kinds.map(async ([, call]) => reasonOf(await thrownBy(call)).code));
  expect(said).toEqual(kinds.map(([code]) => code));
});

test("a refusal speaks for itself in both languages, also from deep inside and out of several", async () => {
  const refuse = refusals({
    lot_sold: { kind: "conflict", en: "Only {left} is left.", vi: "Chỉ còn {left}." },
  });
  const refusal = refuse("lot_sold", { left: "0.5" });
  const said = { code: "lot_sold", en: "Only 0.5 is left.", vi: "Chỉ còn 0,5." };
  expect(reasonOf(new AggregateError([new Error("first", { cause: refusal })], "Not made up for"))).toEqual(
    said,
  );
  expect(keptReason(JSON.parse(JSON.stringify(reasonOf(refusal))), refusal.message)).toEqual(said);
});

test("what pg-boss and older workers left as text alone is told by that text, and by today's words where a code is ours", () => {
  expect(keptReason(null, "job heartbeat timeout").code).toBe("worker_lost");
  expect(keptReason(null, 'duplicate key value violates unique constraint "x"').code).toBe("contradiction");
  expect(keptReason(undefined, "stripe: refused (amount_too_large)").code).toBe("refused_outside");
  expect(keptReason(null, null).code).toBe("unexpected");
  expect(keptReason({ code: "timed_out", en: "Older words.", vi: "Lời cũ." }, "x")).toEqual({
    code: "timed_out",
    ...reasons.timed_out,
  });
});
