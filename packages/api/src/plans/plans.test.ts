/**
 * Every procedure, asked by everybody who may, and a whole life with its jobs, on a large database: no statement reads a
 * large table from end to end, and none is sent once for each row of a list.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { inputs, lasting, objects } from "../authorization/objects.ts";
import { aLife, type Composed, compose, type Life, people } from "../authorization/world.ts";
import { grow, sizes, small } from "./grown.testing.ts";
import { type Recorded, type Recorder, recording } from "./recorded.testing.ts";

setDefaultTimeout(600_000);

const rows = 4_000;
const each = 24;
/** From so many on, reading a table to its end is what the index is for. */
const large = 2_000;

const t = await testDatabase({ max: 20 });
let venue: Composed;
let life: Life;
let recorder: Recorder;
let uncopied: string[] = [];
let tables: Map<string, number>;

beforeAll(async () => {
  const before = await compose(t);
  life = await aLife(t, before);
  uncopied = await grow(t, { each, rows });
  tables = await sizes(t);
  recorder = await recording(t);
  venue = await compose(recorder);
});
afterAll(async () => {
  await recorder.end();
  await t.close();
});

/** Inputs of calls that need one and speak of no object. */
const more: Readonly<Record<string, (life: Life) => Record<string, unknown>>> = {
  "credits.registry.batch": () => ({ number: "000001" }),
  "credits.transfer": ({ actors }) => ({ toUserId: actors.auditor.id, amount: "0.001" }),
  "credits.statement": ({ actors }) => ({ userId: actors.owner.id, year: 2026 }),
  "identity.login": () => ({ email: "nobody@evx.test", password: "a-good-password" }),
  "identity.signIn": () => ({ email: "nobody@evx.test", password: "a-good-password" }),
  "identity.register": () => ({
    email: "new@evx.test",
    password: "a-good-password",
    fullName: "New",
    role: "buyer",
  }),
  "identity.users.search": () => ({ q: "test" }),
  "identity.users.sessions": ({ actors }) => ({ id: actors.owner.id }),
  "identity.users.keys": ({ actors }) => ({ id: actors.owner.id }),
  "identity.users.suspend": ({ actors }) => ({ id: actors.cva.id, reason: "Because." }),
  "identity.users.accredit": ({ actors }) => ({ id: actors.cva.id, accredited: true }),
  "marketplace.listings.create": () => ({
    creditsAmount: "0.01",
    pricePerCredit: "2.00",
    listingType: "fixed",
  }),
  "marketplace.listings.search": () => ({ type: "fixed", sort: "price", minCredits: "0.001" }),
  "marketplace.listings.similar": ({ ids }) => ({ id: ids.listing }),
  "marketplace.listings.seller": ({ actors }) => ({ id: actors.owner.id }),
  "marketplace.listings.keepWatch": ({ ids }) => ({ id: ids.listing, on: true }),
  "marketplace.listings.isWatched": ({ ids }) => ({ id: ids.listing }),
  "marketplace.bids.place": ({ ids }) => ({ listingId: ids.listing, bidAmount: "3.00" }),
  "marketplace.orders.place": ({ ids }) => ({ listingId: ids.listing, creditsAmount: "0.01" }),
  "marketplace.orders.quote": () => ({ creditsAmount: "0.05" }),
  "marketplace.wanted.place": () => ({ creditsAmount: "0.5", maxPrice: "2.00" }),
  "marketplace.searches.save": () => ({ name: "All", filter: {} }),
  "notifications.send": ({ actors }) => ({
    userId: actors.owner.id,
    type: "in_app",
    subject: "Hello",
    message: "You.",
  }),
  "payments.withdraw": () => ({ amount: "0.10", bankAccount: "0071001234567" }),
  "pricing.predict": () => ({ creditsAmount: "0.5" }),
  "pricing.fair": ({ ids }) => ({ listingIds: [ids.listing], ids: [ids.listing] }),
  "verification.certificates.root": () => ({ number: "000001" }),
  "verification.certificates.batch": () => ({ number: "000001" }),
  "verification.certificates.leaves": () => ({ number: "000001" }),
  "verification.certificates.status": ({ ids }) => ({ number: ids.number }),
  "verification.certificates.retire": () => ({ amount: "0.001", beneficiaryName: "Us", reason: "event" }),
  "verification.certificates.bookProof": ({ actors }) => ({ userId: actors.owner.id }),
  "verification.certificates.snapshot": () => ({ day: "2026-02-28" }),
  "verification.review.ask": ({ ids }) => ({ id: ids.request, question: "Why?" }),
  "verification.review.reject": ({ ids }) => ({ id: ids.request, reason: "No." }),
  "rules.preview": () => ({ name: "marketplace.sale_fees", value: { platformFeeBps: 1, cvaFeeBps: 1 } }),
  "rules.callOff": () => ({ name: "marketplace.wanted", version: 1, reason: "Because." }),
  "rules.rollBack": () => ({ name: "marketplace.wanted", version: 0, reason: "Because." }),
  "verification.review.approve": ({ ids }) => ({ id: ids.request }),
};

const ask = async (procedure: string, who: (typeof people)[number]): Promise<Recorded[]> => {
  recorder.taken();
  const stopped = new AbortController();
  const { api, stop } = venue.trying(life.actors[who], stopped.signal, { lasts: lasting.has(procedure) });
  const input = objects[procedure]?.(life, who) ?? more[procedure]?.(life) ?? inputs[procedure] ?? {};
  try {
    let call: unknown = api;
    for (const part of procedure.split(".")) call = (call as Record<string, unknown>)[part];
    const answer = await (call as (input?: unknown) => Promise<unknown>)(input);
    if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer)
      await Promise.race([(answer as AsyncIterable<unknown>)[Symbol.asyncIterator]().next(), Bun.sleep(50)]);
  } catch {
    // A refusal read what it had to; what is wrong with answers is others' concern.
  } finally {
    stopped.abort();
    stop();
  }
  return recorder.taken();
};

/** What was asked of each statement's tables, a line for each that is read whole. */
const wholesale = (from: string, recorded: readonly Recorded[]): string[] =>
  recorded.flatMap(({ text, scanned }) =>
    scanned
      .filter((table) => (tables.get(table) ?? 0) >= large)
      .map((table) => `${from}: ${table}: ${text.slice(0, 200)}`),
  );

const loops = (from: string, recorded: readonly Recorded[]): string[] => {
  const counts = new Map<string, number>();
  for (const { text } of recorded) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= each - 5)
    .map(([text, count]) => `${from}: ${count} times: ${text.slice(0, 200)}`);
};

/** Statements that read all by what they are asked, and why that is right. By the procedure, or by words of the statement. */
const everything = /\.(rebuild|rebuildDays|rotate|verifyAll|verifyIssued|verify)$/;

const asksForAll: readonly { readonly procedure?: RegExp; readonly words?: RegExp; readonly why: string }[] =
  [
    {
      procedure: /^(jobs|payments)\.(trace|queues|bookFile)$/,
      why: "an operator's rare look; an index would cost every write",
    },
    { procedure: /File$|Csv$|^verification\.certificates\.cadTrust$/, why: "a download of all" },
    { words: /from jobs\.outbox|from "jobs"\."outbox"/, why: "rows stay for milliseconds" },
    {
      words: /^select \(select count\(\*\)|count\(\*\) filter|sum\("balance"\) as "balance"/,
      why: "a count or sum of all",
    },
    {
      words: /^select lower\(public\.unaccent\(/,
      why: "a function without a table, which PostgreSQL does not fold in",
    },
    {
      words: /limit \$\d\) as "(running|waiting|standing|undecided)"$/,
      why: "counted to a thousand and no further",
    },
    { words: /with span as materialized/, why: "the strip shows all batches" },
    { words: /group by "l"\."price_minor"|group by "max_minor"/, why: "the book's depth: all that is open" },
    {
      words: /where "l"\."open"$|from "marketplace"\."order" where "status" = \$1$/,
      why: "a sum of all that is open or sold",
    },
  ];

/** Waiting to be looked at on a database whose rows are spread as a venue's are; this list only shrinks. */
const notYet: readonly RegExp[] = [
  /local_month_total/,
  /^reports\.savings .*local_day_total/,
  // By its primary key, two dozen at a time: of a few thousand rows a plan may read them all just as well.
  /ledger\.block_move: .*where "transfer_id" in/,
  /^verification\.certificates\.search .*verification\.certificate:/,
  /^verification\.review\.queue .*verification\.request:/,
];

const isAskedForAll = (procedure: string, text: string): boolean =>
  asksForAll.some(({ procedure: of, words }) => (of ? of.test(procedure) : (words?.test(text) ?? false)));

const once = (lines: readonly string[]): string[] => [
  ...new Map(lines.map((line) => [line.split(": ").slice(1).join(": "), line])).values(),
];

test("the database is large: whatever a life leaves was copied, under the constraints of its tables", () => {
  expect(uncopied).toEqual([]);
  const grown = [...tables].filter(([name, count]) => count >= large && !small.has(name));
  expect(grown.length).toBeGreaterThan(40);
});

test("no procedure reads a large table from end to end, and none asks once for each row of a list", async () => {
  const found: string[] = [];
  const looped: string[] = [];
  const silent: string[] = [];
  let asked = 0;
  const procedures = Object.keys(venue.router._def.procedures).sort();
  for (const procedure of procedures) {
    // Asked for everything, they answer everything, which takes its time.
    if (everything.test(procedure)) continue;
    let spoke = 0;
    for (const who of people) {
      const recorded = await ask(procedure, who);
      spoke += recorded.length;
      const judged = recorded.filter(({ text }) => !isAskedForAll(procedure, text));
      found.push(...wholesale(`${procedure} by ${who}`, judged));
      if (!asksForAll.some(({ procedure: of }) => of?.test(procedure)))
        looped.push(...loops(`${procedure} by ${who}`, judged));
    }
    asked += spoke;
    if (spoke === 0) silent.push(procedure);
  }
  const open = once(found).filter((line) => !notYet.some((known) => known.test(line)));
  expect(open).toEqual([]);
  expect(once(looped)).toEqual([]);
  expect(asked).toBeGreaterThan(2_500);
  // Refused before anything is read: they need an input of their own.
  expect(silent.length).toBeLessThan(procedures.length / 4);
});
