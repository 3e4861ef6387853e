/**
 * docs/events.md is written from the declarations, the sources and the handlers, so that it cannot go stale:
 * `WRITE_EVENTS=1 bun test src/events.test.ts` writes it anew.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { aUser } from "@evx/accounts/testing";
import { databaseNow } from "@evx/auctions/testing";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { type Event, eventsIn, type Handler, listenersOf } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { capturePayment } from "@evx/payments/testing";
import { someTrips } from "@evx/trips/testing";
import { Glob } from "bun";
import * as v from "valibot";
import { type Composed, compose } from "./authorization/world.ts";
import { appEvents } from "./events.ts";
import { appHandlers } from "./jobs.ts";
import { unheard } from "./unheard.ts";

const root = join(import.meta.dir, "../../..");
const file = join(root, "docs/events.md");

let t: Awaited<ReturnType<typeof testDatabase>>;
let venue: Composed;
let handlers: Handler[];
beforeAll(async () => {
  t = await testDatabase();
  venue = await compose(t);
  handlers = appHandlers(venue.ports);
});
afterAll(() => t.close());

const sources = [...new Glob("packages/*/*/src/**/*.ts").scanSync({ cwd: root })]
  .filter((path) => !/node_modules|\.test\.ts$|testing/.test(path))
  .sort();

/** Under which name each room exports an event: what to look for in a search for references. */
const constants = async (): Promise<Map<string, string>> => {
  const names = new Map<string, string>();
  for (const path of sources.filter((one) => one.endsWith("/events.ts"))) {
    const module: Record<string, unknown> = await import(join(root, path));
    for (const [constant, value] of Object.entries(module))
      for (const event of eventsIn({ value })) names.set(event.name, constant);
  }
  return names;
};

/** The files that emit each event: `emit(tx, constant, …)`, however it is broken into lines. */
const emitters = (names: ReadonlyMap<string, string>): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const path of sources) {
    const text = readFileSync(join(root, path), "utf8");
    for (const [event, constant] of names) {
      const inEmit = new RegExp(`emit\\(\\s*\\w+,\\s*(?:[^;]{0,160}?[^\\w.])?(?:\\w+\\.)?${constant}\\b`);
      if (inEmit.test(text)) found.set(event, [...(found.get(event) ?? []), path]);
    }
  }
  return found;
};

const payloadOf = ({ schema }: Event): string =>
  "entries" in schema && typeof schema.entries === "object" && schema.entries
    ? Object.keys(schema.entries).join(", ")
    : "";

const written = (names: ReadonlyMap<string, string>): string => {
  const emitted = emitters(names);
  const rows = [...appEvents]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((event) => {
      const by = event.emittedBy
        ? [`SQL \`${event.emittedBy}\``]
        : (emitted.get(event.name) ?? []).map((path) => `\`${path}\``);
      const heard = listenersOf(handlers, event).sort();
      const listeners =
        heard.length > 0 ? heard.map((queue) => `\`${queue}\``).join(", ") : `nobody: ${unheard[event.name]}`;
      return `| \`${event.name}\` (\`${names.get(event.name)}\`) | ${payloadOf(event)} | ${by.join(", ")} | ${listeners} |`;
    });
  return `# Events

What rooms tell each other, with what it carries, who emits it, and which queues listen. Written by
\`WRITE_EVENTS=1 bun test src/events.test.ts\` in packages/api from the declarations, the sources and the handlers; the
test fails when this page is stale. In brackets: the constant to search for.

| event | payload | emitted by | listeners |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
};

test("docs/events.md is what the declarations, the sources and the handlers say", async () => {
  const text = written(await constants());
  if (Bun.env.WRITE_EVENTS) await Bun.write(file, text);
  expect(await Bun.file(file).text()).toBe(text);
});

test("every event has somebody who emits it, and a listener or a reason; no reason is given for one that is heard", async () => {
  const emitted = emitters(await constants());
  const silent = appEvents.filter(({ name, emittedBy }) => !emittedBy && !emitted.has(name));
  expect(silent.map(({ name }) => name)).toEqual([]);
  const deaf = appEvents.filter((event) => listenersOf(handlers, event).length === 0).map(({ name }) => name);
  expect(deaf.sort()).toEqual(Object.keys(unheard).sort());
});

test("every listener listens to an event that is declared", () => {
  const known = new Set(appEvents.map(({ name }) => name));
  const strangers = handlers.filter(({ trigger }) => "event" in trigger && !known.has(trigger.event));
  expect(strangers.map(({ queue }) => queue)).toEqual([]);
});

test("an event that SQL writes is written by the function it names, and no other SQL writes one", async () => {
  const { rows } = await sql<{ name: string; event: string }>`
    select n.nspname || '.' || p.proname as name, m[1] as event
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
      regexp_matches(p.prosrc, 'jobs\\.emit\\(''([a-z_.]+)''', 'g') m`.execute(t.admin);
  const declared = appEvents.flatMap(({ name, emittedBy }) =>
    emittedBy ? [{ name: emittedBy, event: name }] : [],
  );
  const order = (all: { name: string; event: string }[]) =>
    all.map(({ name, event }) => `${name} ${event}`).sort();
  expect(order(rows)).toEqual(order(declared));
  expect(rows.length).toBeGreaterThan(0);
});

test("what SQL writes has the shape that is declared, down to the last entry", async () => {
  const { doing } = venue;
  const [owner, auditor] = [
    await aUser(t, { role: "ev_owner" }),
    await aUser(t, { role: "cva", accredited: true }),
  ];
  const [one, two] = [await aUser(t, { role: "buyer" }), await aUser(t, { role: "buyer" })];
  const { id: vehicleId } = await aVehicle(t, owner);
  await someTrips(t, { id: vehicleId }, { count: 2, distanceKm: 40 });
  const { request } = await doing(owner).verification.requests.submit({ vehicleId });
  if (!request) throw new Error("It was queued");
  await doing(auditor).verification.review.approve({ id: request.id });
  // Auctions end by the database's clock.
  t.clock.set(await databaseNow(t));
  const selling = { creditsAmount: "0.001000", pricePerCredit: "10000.00" };
  const [fixed, auction, order] = [newId("listing"), newId("listing"), newId("order")];
  await doing(owner).marketplace.listings.create({ id: fixed, ...selling, listingType: "fixed" });
  await doing(owner).marketplace.listings.create({
    id: auction,
    ...selling,
    listingType: "auction",
    auctionEndTime: new Date(t.clock.now().getTime() + 86_400_000).toISOString(),
  });
  await drain(t, handlers);
  await doing(one).marketplace.bids.place({ listingId: auction, id: newId("bid"), bidAmount: "10000.00" });
  await doing(two).marketplace.bids.place({ listingId: auction, id: newId("bid"), bidAmount: "20000.00" });
  await doing(one).marketplace.orders.place({ id: order, listingId: fixed, creditsAmount: "0.001000" });
  const { payment_id } = await t.db
    .selectFrom("marketplace.order")
    .select("payment_id")
    .where("id", "=", order)
    .executeTakeFirstOrThrow();
  await capturePayment(t, payment_id as Id<"payment">);
  await doing(owner).marketplace.listings.create({ ...selling, listingType: "fixed" });
  const { quote } = await doing(two).marketplace.orders.quote({ creditsAmount: "0.001000" });
  const swept = await doing(two).marketplace.orders.place({ quoteId: quote.id });
  await capturePayment(t, swept.order.paymentId as Id<"payment">);

  const bySql = appEvents.filter(({ emittedBy }) => emittedBy);
  const seen = new Set<string>();
  const listening: Handler[] = bySql.map((event) => ({
    queue: `test.${event.name}`,
    trigger: { event: event.name },
    concurrency: 1,
    run: async (_, payload) => {
      const entries = "entries" in event.schema ? (event.schema.entries as v.ObjectEntries) : {};
      expect(v.parse(v.strictObject(entries), payload)).toEqual(payload as Record<string, unknown>);
      expect(Object.keys(payload as object).sort()).toEqual(Object.keys(entries).sort());
      seen.add(event.name);
    },
  }));
  await drain(t, [...handlers, ...listening]);
  expect([...seen].sort()).toEqual(bySql.map(({ name }) => name).sort());
}, 60_000);
