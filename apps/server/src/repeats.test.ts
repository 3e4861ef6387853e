/** Whoever repeats what is refused is answered more slowly; nobody else is. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { createRepeats } from "./repeats.ts";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

setDefaultTimeout(60_000);

let world: LiveWorld;
beforeAll(async () => {
  world = await startLiveWorld({ TRUSTED_PROXIES: "127.0.0.1,::1" });
});
afterAll(() => world.close());

const took = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const many = Array(500).fill("identity.me").join(",");
const from = (ip: string) => ({ headers: { "x-forwarded-for": ip } });
const refused = async (ip: string) => {
  const answer = await fetch(`${world.url}/trpc/${many}?batch=1`, from(ip));
  expect([answer.status, (await answer.text()).includes('"batch_too_large"')]).toEqual([400, true]);
};

/** How often four senders are answered who ask again as soon as they were, in a second. */
const storm = async (ip: string): Promise<number> => {
  const end = performance.now() + 1_000;
  let answered = 0;
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (performance.now() < end) {
        await refused(ip);
        answered++;
      }
    }),
  );
  return answered;
};

test("batches of 500 that come again at once are answered a few times a second; what is no refusal comes at once", async () => {
  // The attack, before it is known as one: sixty are refused as fast as they come.
  for (let at = 0; at < 60; at++) await refused("203.0.113.9");
  // Four senders, each held for a quarter of a second.
  expect(await storm("203.0.113.9")).toBeLessThanOrEqual(20);
  const held = await took(() => refused("203.0.113.9"));
  expect(held).toBeGreaterThan(240);
  const other = Math.min(...(await Promise.all([1, 2, 3].map(() => took(() => refused("203.0.113.10"))))));
  expect(other).toBeLessThan(held);
  const page = async () =>
    expect((await fetch(`${world.url}/trpc/identity.me`, from("203.0.113.9"))).status).toBe(200);
  expect(Math.min(await took(page), await took(page), await took(page))).toBeLessThan(200);
});

test("a customer's networks of IPv6 are held back together, and no more wait than a server can hold", async () => {
  const repeats = createRepeats();
  for (let at = 0; at < 60; at++) await repeats.pause(`2001:db8:7:${at.toString(16)}::1`);
  expect(await took(() => repeats.pause("2001:db8:7:ffff::1"))).toBeGreaterThan(240);
  expect(await took(() => repeats.pause("2001:db8:8::1"))).toBeLessThan(200);
  const waiting = Array.from({ length: 2_000 }, () => repeats.pause("2001:db8:7::1"));
  expect(await took(() => repeats.pause("2001:db8:7::1"))).toBeLessThan(200);
  await Promise.all(waiting);
  expect(await took(() => repeats.pause("2001:db8:7::1"))).toBeGreaterThan(240);
});
