/**
 * Every procedure, as everybody, with input that nobody should send: the answer is always a refusal with a code
 * (4xx), never a fault of ours, and never a call that hangs. Replay one with FUZZ_SEED.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { refusalOf } from "@evx/rpc";
import { objects } from "./objects.ts";
import { aLife, type Composed, compose, type Life, people, type Who } from "./world.ts";

setDefaultTimeout(300_000);

/** The same input on every machine, so that a red run is everybody's; FUZZ_SEED explores others. */
const seed = Number(Bun.env.FUZZ_SEED ?? 20_261_122);
let state = seed >>> 0;
/** mulberry32: small, and the same for the same seed. */
const chance = (): number => {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
const oneOf = <T>(all: readonly T[]): T => all[Math.floor(chance() * all.length)] as T;

const nasty: readonly unknown[] = [
  null,
  true,
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "'; drop table identity.user; --",
  "' or '1'='1",
  "%",
  "\\",
  "<script>alert(1)</script>",
  "../../etc/passwd",
  "x".repeat(5_000),
  "🚗".repeat(200),
  "-1",
  "0",
  "0.0000001",
  "1e309",
  "NaN",
  "999999999999",
  "2026-02-30",
  "9999-12-31T23:59:59Z",
  "0001-01-01T00:00:00Z",
  -1,
  0,
  1.5,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  [],
  [null],
  {},
  { __proto__: { admin: true } },
  { toString: "x" },
  btoa('["9999999999999999999999","usr_1"]'),
  btoa('["\\u0000","\\u0000"]'),
  btoa("[1e400,{}]"),
  "usr_00000000000000000000000000",
  "ord_7zzzzzzzzzzzzzzzzzzzzzzzzz",
  "lst_\u0000",
];

/** Values that pass by themselves, so that one bad field meets good ones. */
const plausible: Record<string, unknown> = {
  email: "fuzz@example.com",
  password: "a-good-password",
  fullName: "Fuzz",
  role: "buyer",
  amount: "0.1",
  creditsAmount: "0.1",
  pricePerCredit: "10.00",
  bidAmount: "10.00",
  listingType: "fixed",
  reason: "other",
  beneficiaryName: "Fuzz",
  method: "stripe",
  period: "month",
  countryCode: "VN",
  year: 2024,
  make: "VinFast",
  model: "VF 8",
  type: "in_app",
  subject: "Fuzz",
  message: "Fuzz",
  topic: "sales",
  notes: "Fuzz",
};

type Entries = Record<string, unknown>;
type Definition = { _def: { inputs: { entries?: Entries }[]; type: string } };

const t = await testDatabase({ max: 20 });
let venue: Composed;
let life: Life;
beforeAll(async () => {
  venue = await compose(t);
  life = await aLife(t, venue);
});
afterAll(() => t.close());

/** What went wrong with one call: null when it was answered or refused as it should be. */
const fault = async (procedure: string, who: Who, input: unknown): Promise<string | null> => {
  const stopped = new AbortController();
  const { api, stop } = venue.trying(life.actors[who], stopped.signal, { lasts: false });
  const call = async () => {
    let found: unknown = api;
    for (const part of procedure.split(".")) found = (found as Entries)[part];
    const answer = await (found as (input: unknown) => Promise<unknown>)(input);
    if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer)
      await Promise.race([(answer as AsyncIterable<unknown>)[Symbol.asyncIterator]().next(), Bun.sleep(20)]);
  };
  try {
    const late = Symbol("late");
    const ended = await Promise.race([call(), Bun.sleep(10_000).then(() => late)]);
    return ended === late ? "it hangs" : null;
  } catch (error) {
    if (refusalOf(error)) return null;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  } finally {
    stopped.abort();
    stop();
  }
};

const shown = (input: unknown): string => {
  try {
    return JSON.stringify(input)?.slice(0, 200) ?? String(input);
  } catch {
    return String(input);
  }
};

test(`bad input of every kind is refused by every procedure, and none fails or hangs (seed ${seed})`, async () => {
  const faults = new Map<string, string>();
  const procedures = Object.entries(venue.router._def.procedures as unknown as Record<string, Definition>);
  let calls = 0;
  for (const [procedure, { _def }] of procedures) {
    const entries = Object.keys(_def.inputs.at(-1)?.entries ?? {});
    for (const who of people) {
      const good = (): Entries => ({
        ...Object.fromEntries(
          entries.filter((name) => name in plausible).map((name) => [name, plausible[name]]),
        ),
        ...objects[procedure]?.(life, who),
      });
      const inputs: unknown[] = [oneOf(nasty), undefined];
      for (const name of entries) {
        inputs.push({ ...good(), [name]: oneOf(nasty) }, { ...good(), [name]: oneOf(nasty) });
      }
      inputs.push(Object.fromEntries(entries.map((name) => [name, oneOf(nasty)])));
      for (const input of inputs) {
        calls++;
        const found = await fault(procedure, who, input);
        if (found) faults.set(`${procedure} as ${who}: ${found.slice(0, 160)}`, shown(input));
      }
    }
  }
  expect(calls).toBeGreaterThan(5_000);
  expect([...faults].map(([what, input]) => `${what} — ${input}`)).toEqual([]);
});
