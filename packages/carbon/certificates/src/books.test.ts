import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { givenListed } from "@evx/credits/testing";
import { sql } from "@evx/db";
import { strictly, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { sequencePending } from "@evx/log";
import { fromBase64url, verifyHolding } from "@evx/proof";
import { closeDay, holdingProof, publicBook } from "./books.ts";
import { retireCredits } from "./retirements.ts";
import { anIssuedBatch, testPorts } from "./testing.ts";
import { verifyAll } from "./verification.ts";

const t = await testDatabase();
await strictly(t);
afterAll(() => t.close());
const ports = await testPorts();
const publicKey = fromBase64url(ports.log.key.publicKey);
if (!publicKey) throw new Error("no key");
const log = { name: ports.log.origin, kind: "log" as const, publicKey };
const close = async (day: string) => {
  const closed = await t.transact((tx) => closeDay(tx, day));
  await t.transact((tx) => sequencePending(tx, ports.log));
  return closed;
};

test("a book of nothing is a book; before it there is none", async () => {
  expect(await refusalCode(publicBook(t.db))).toBe("book_not_found");
  expect(await close("2026-01-31")).toBe(true);
  expect((await publicBook(t.db)).credits).toBe(0n);
});

test("everybody finds what they hold in the day's book, which gives out exactly what was issued", async () => {
  const { owner } = await anIssuedBatch(t, ports);
  const other = await anIssuedBatch(t, ports);
  await t.transact((tx) => givenListed(tx, owner.id, 5_000n));
  await t.transact((tx) =>
    retireCredits(tx, ports, owner, {
      id: newId("retirement"),
      amount: 3_000n,
      beneficiaryName: "Hoa Sen",
      reason: "event",
    }),
  );
  expect(await close("2026-02-01")).toBe(true);
  expect(await close("2026-02-01")).toBe(false);
  const { file } = await holdingProof(t.db, owner.id);
  const verdict = await verifyHolding(JSON.stringify(file), { log, holder: owner.id });
  expect(verdict.checks.map(({ ok }) => ok)).toEqual([true, true]);
  expect(verdict.grams).toEqual(
    new Map([
      ["held", 12_000n],
      ["listed", 5_000n],
      ["retired", 3_000n],
    ]),
  );
  const theirs = await holdingProof(t.db, other.owner.id);
  expect((await verifyHolding(theirs.file, { log })).grams).toEqual(new Map([["held", 20_000n]]));
  expect((await publicBook(t.db)).credits).toBe(40_000n);
  expect((await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 })).faults).toEqual([]);
});

test("nobody's file names another person, and on the way up no whole balance of anybody stands", async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => anIssuedBatch(t, ports)));
  await close("2026-02-02");
  for (const { owner } of people) {
    const text = JSON.stringify((await holdingProof(t.db, owner.id)).file);
    expect(new Set(text.match(/usr_\w+/g))).toEqual(new Set([owner.id]));
    const [first] = (await holdingProof(t.db, owner.id)).file.items[0]?.parts ?? [];
    // The neighbour's leaf is a part of what somebody holds: all of them hold 20,000 g.
    expect(first?.path[0]?.grams).not.toBe("20000");
  }
});

test("a day keeps its book; a person who held nothing has an empty proof; an unknown day is refused", async () => {
  const { owner } = await anIssuedBatch(t, ports);
  expect((await holdingProof(t.db, owner.id, "2026-02-01")).file.items).toEqual([]);
  expect(await refusalCode(holdingProof(t.db, owner.id, "2020-01-01"))).toBe("book_not_found");
  const nobody = await aUser(t);
  const { file } = await holdingProof(t.db, nobody.id);
  expect((await verifyHolding(file, { log })).ok).toBe(true);
});

test("a balance changed behind the book shows to its holder and to every monitor", async () => {
  const own = await testDatabase();
  await strictly(own);
  try {
    const { owner } = await anIssuedBatch(own, ports);
    await sql.raw("set session_replication_role = replica").execute(own.admin);
    await sql`update ledger.account set balance = balance - 500 where id = ${`gCO2e/wallet/${owner.id}`}`.execute(
      own.admin,
    );
    await own.transact((tx) => closeDay(tx, "2026-02-01"));
    await own.transact((tx) => sequencePending(tx, ports.log));
    const { file } = await holdingProof(own.db, owner.id);
    const { ok, checks } = await verifyHolding(file, { log });
    expect([ok, checks[1]?.detail]).toEqual([
      false,
      "The log's book of 2026-02-01 gives out 19500 g, and 20000 g were issued.",
    ]);
    expect((await verifyAll(own.db, ports, own.clock.now(), { patience_ms: 0 })).faults.join()).toContain(
      "gives out 19500 g to its holders, the entries before it 20000 g",
    );
  } finally {
    await own.close();
  }
});
