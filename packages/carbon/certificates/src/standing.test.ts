import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { transferCredits } from "@evx/credits";
import { givenListed, givenSold } from "@evx/credits/testing";
import { sql } from "@evx/db";
import { strictly, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { fileText, refusalCode } from "@evx/kernel/testing";
import { sequencePending } from "@evx/log";
import { verifyCertificate } from "@evx/proof";
import { monitor, type Remembered } from "@evx/proof/monitor";
import { certificateNamed } from "./certificates.ts";
import { certificatesCsv, standingText } from "./files.ts";
import { certificatesOf, publicBatch, publicCertificate, publicKeys, publicStatus } from "./index.ts";
import { ensureKey } from "./keys.ts";
import { certifyGift, certifyPurchase } from "./purchases.ts";
import { retireCredits } from "./retirements.ts";
import { revokeCertificate } from "./revocation.ts";
import { rangesOf, standingOf, statusStatement } from "./standing.ts";
import { anIssuedBatch, enterKeys, testPorts } from "./testing.ts";
import { fromInside, verifyAll } from "./verification.ts";

const t = await testDatabase();
await strictly(t);
afterAll(() => t.close());
const ports = await testPorts();
const log = () => t.transact((tx) => sequencePending(tx, ports.log));
const file = (number: string) => publicCertificate(t.db, ports, number, t.clock.now());
const trust = async () => ({
  keys: await publicKeys(t.db, ports, t.clock.now()),
  log: {
    name: ports.log.origin,
    kind: "log" as const,
    publicKey: Uint8Array.fromBase64(ports.log.key.publicKey, { alphabet: "base64url" }),
  },
});

/** Every certificate's ranges that read current, as [batch, first, last]. */
const currents = async (holders: readonly `usr_${string}`[]) => {
  const found: { batch: string; first: bigint; last: bigint; number: string }[] = [];
  for (const userId of holders)
    for (const { certificateNumber } of (await certificatesOf(t.db, ports, { userId, limit: 100 })).items) {
      const row = await certificateNamed(t.db, certificateNumber);
      for (const { serial, state } of await rangesOf(t.db, row)) {
        const [, batch = "", first = "0", last = "0"] = /-(\d+)-(\d+)-(\d+)$/.exec(serial) ?? [];
        if (state === "current")
          found.push({ batch, first: BigInt(first), last: BigInt(last), number: row.number });
      }
    }
  return found;
};

test("sold, sold on and retired: for one gram never more than one certificate reads current", async () => {
  const { owner, certificate } = await anIssuedBatch(t, ports);
  const [one, two] = [await aUser(t, { role: "buyer" }), await aUser(t, { role: "buyer" })];
  const sell = async (seller: typeof owner.id, buyer: typeof owner.id, grams: bigint) => {
    t.clock.advance(1_000);
    const sold = await t.transact(async (tx) => {
      const listingId = await givenListed(tx, seller, grams);
      return givenSold(tx, { listingId, sellerId: seller, buyerId: buyer, grams });
    });
    await t.transact((tx) => certifyPurchase(tx, ports, { ...sold, buyerId: buyer }));
  };
  await sell(owner.id, one.id, 8_000n);
  await sell(one.id, two.id, 5_000n);
  await sell(two.id, one.id, 1_000n);
  t.clock.advance(1_000);
  const retired = await t.transact((tx) =>
    retireCredits(tx, ports, two, {
      id: newId("retirement"),
      amount: 2_000n,
      beneficiaryName: "Hoa Sen",
      reason: "event",
    }),
  );
  const found = await currents([owner.id, one.id, two.id]);
  expect(found.reduce((sum, { first, last }) => sum + last - first + 1n, 0n)).toBe(20_000n);
  for (const [at, a] of found.entries())
    for (const b of found.slice(at + 1))
      expect(a.batch === b.batch && a.first <= b.last && b.first <= a.last).toBe(false);
  expect((await publicStatus(t.db, ports, retired.number, t.clock.now())).status).toBe("valid");
  const { ranges } = await publicStatus(t.db, ports, certificate.number, t.clock.now());
  expect(new Set(ranges.map(({ state }) => state))).toEqual(new Set(["current", "passed_on", "retired"]));

  // One of more runs than are listed is judged by all of them.
  const row = await certificateNamed(t.db, certificate.number);
  const signed = await statusStatement(t.db, ports, row, t.clock.now(), 1);
  const sums = [...ranges.slice(1).values()].map(({ serial, state }) => {
    const [first, last] = serial.split("-").slice(-2).map(BigInt) as [bigint, bigint];
    return { state, grams: last - first + 1n };
  });
  const sumOf = (state: string) =>
    sums.filter((one) => one.state === state).reduce((sum, { grams }) => sum + grams, 0n);
  expect(signed.unstated?.map(({ state, runs, grams }) => [state, runs, BigInt(grams)]).sort()).toEqual(
    [...new Set(sums.map(({ state }) => state))]
      .map((state) => [state, sums.filter((one) => one.state === state).length, sumOf(state)])
      .sort() as never,
  );
  const shortened = { ...(await file(certificate.number)), status: signed };
  expect((await verifyCertificate(shortened, await trust())).standing).toMatchObject({
    good: true,
    current: 12_000n,
  });
  const [whole, short] = [(await standingOf(t.db, [row]))(row), (await standingOf(t.db, [row], 1))(row)];
  expect(whole.ranges.length).toBeGreaterThan(1);
  // How many there are is of all of them, whatever is listed.
  expect(short).toEqual({ ...whole, ranges: whole.ranges.slice(0, 1) });
  expect([short.runs, short.currentRuns]).toEqual([
    whole.ranges.length,
    whole.ranges.filter(({ state }) => state === "current").length,
  ]);
  expect(short.ranges.map(({ state }) => state)).not.toContain("current");
  expect([short.status, short.current]).toEqual(["valid", 12_000n]);
  const csv = await fileText(await certificatesCsv(t.db, { q: certificate.number }));
  for (const { serial, state } of whole.ranges) expect(csv).toContain(`${serial} ${state}`);
  const run = { serial: "EVX-VN-flat-v1-2026-000001-1-2", state: "current" as const };
  expect(standingText({ ranges: [run], runs: 1 })).toBe(`${run.serial} current`);
  expect(standingText({ ranges: [run], runs: 1_235 })).toBe(`${run.serial} current; +1234 …`);
});

test("a bundle carries its place in the log and a signed status; a stranger with the keys finds it genuine", async () => {
  const { certificate, batch } = await anIssuedBatch(t, ports);
  expect((await file(certificate.number)).log).toBeNull();
  await log();
  const bundle = JSON.stringify(await file(certificate.number));
  const verdict = await verifyCertificate(bundle, await trust());
  expect(verdict.checks.filter(({ ok }) => ok !== true)).toEqual([]);
  expect(verdict.verdict).toBe("genuine");
  expect((await verifyCertificate(bundle)).verdict).toBe("unknown_signer");
  const shown = await publicBatch(t.db, batch.number);
  expect(JSON.parse(shown.log?.entry ?? "{}")).toMatchObject({
    kind: "batch_issued",
    batch: shown.number,
    grams: "20000",
  });
});

test("what deceives is refused: twins, doubles, another number, an edited or replayed status, another log", async () => {
  const { certificate, reviewer } = await anIssuedBatch(t, ports);
  await log();
  const old = await file(certificate.number);
  await t.transact((tx) =>
    revokeCertificate(tx, ports, reviewer, { id: certificate.id, reason: "Invented." }),
  );
  const revoked = await file(certificate.number);
  const known = await trust();
  const judged = async (bundle: unknown, more: object = {}) => {
    const text = typeof bundle === "string" ? bundle : JSON.stringify(bundle);
    const { verdict, checks } = await verifyCertificate(text, { ...known, ...more });
    return [verdict, ...checks.filter(({ ok }) => ok === false).map(({ name }) => name)];
  };
  expect(await judged(revoked)).toEqual(["false", "revocation"]);
  expect(
    await judged({ ...revoked, revocation: null, status: { ...revoked.status, status: "valid" } }),
  ).toEqual(["false", "revocation"]);
  // A replay is whole; it says of when it is, and a plain word is not believed.
  const replayed = await verifyCertificate(JSON.stringify(old), known);
  expect(replayed.checks.find(({ name }) => name === "revocation")?.detail).toContain(old.status.asOf);
  const plain = await verifyCertificate(JSON.stringify({ ...old, status: "valid" }), known);
  expect(plain.checks.find(({ name }) => name === "revocation")?.ok).toBeNull();
  for (const twin of [
    { kind: "retirement" },
    { certificateNumber: "EVXC-2026-AAAAA-AAAAA-A" },
    { keyId: "x" },
    { algorithm: "none" },
    { verifyUrl: "https://evil.test" },
    { retirement: { beneficiary: "Evil" } },
  ])
    expect(await judged({ ...old, ...twin })).toEqual(["false", "twins"]);
  expect(await judged(JSON.stringify(old).replace("{", '{"keyId":"x",'))).toEqual(["false", "format"]);
  expect(await judged(JSON.stringify(old).replace('"holder":', '"holder":"Evil","holder":'))).toEqual([
    "false",
    "format",
  ]);
  expect(await judged(old, { number: "EVXC-2026-AAAAA-AAAAA-A" })).toEqual(["false", "number"]);
  const late = known.keys.map((key) => ({ ...key, addedAt: new Date("2031-01-01") }));
  expect(await judged(old, { keys: late })).toEqual(["false", "dates", "revocation"]);
  const gone = known.keys.map((key) => ({ ...key, withdrawnAt: new Date("2020-01-01") }));
  expect(await judged(old, { keys: gone })).toEqual(["false", "dates", "revocation"]);
  expect(await judged(old, { log: { ...known.log, name: "other.test/log" } })).toEqual(["false", "log"]);
  expect(await judged({ ...old, log: { ...old.log, index: 0 } })).toEqual(["false", "log"]);
});

test("keys are vouched for by the one before; no role of the application can add one, voucher or not", async () => {
  const next = await testPorts();
  const both = {
    ...ports,
    keys: { current: next.keys.current, all: [next.keys.current, ports.keys.current] },
  };
  const soon = t.transact((tx) => ensureKey(tx, both));
  expect(await refusalCode(soon)).toBe("signing_key_unknown");
  await enterKeys(t, both);
  await t.transact((tx) => ensureKey(tx, both));
  const keys = await publicKeys(t.db, ports, t.clock.now());
  expect(keys.find(({ id }) => id === next.keys.current.id)?.cross?.by).toBe(ports.keys.current.id);
  await expect(
    sql`insert into verification.signing_key (id, public_key, added_at) values ('x', 'x', now())`.execute(
      t.db,
    ),
  ).rejects.toThrow(/permission denied/);
  for (const role of ["evx_serving", "evx_working"] as const) {
    const thief = await testDatabase({ role });
    try {
      const add = (key: string, voucher: string | null) =>
        sql`select verification.add_key(${key}, ${key}, now(), ${voucher && "ed25519-one"}, ${voucher})`;
      // The first key of an empty registry is the venue's own to enter: the function works.
      await add("ed25519-one", null).execute(thief.db);
      await expect(add("ed25519-two", null).execute(thief.db)).rejects.toThrow("signing_key_unknown");
      await expect(add("ed25519-two", "BBBB").execute(thief.db)).rejects.toThrow("signing_key_unknown");
      await add("ed25519-two", "BBBB").execute(thief.admin);
    } finally {
      await thief.close();
    }
  }
});

test("a withdrawn key signs nothing any more; what it signed before stands, and what it is made to sign is named", async () => {
  const own = await testDatabase();
  await strictly(own);
  try {
    const { owner, certificate } = await anIssuedBatch(own, ports);
    own.clock.advance(60_000);
    const at = own.clock.now();
    await sql`select verification.withdraw_key(${ports.keys.current.id}, ${at}, 'It was stolen.')`.execute(
      own.admin,
    );
    await expect(sql`select verification.withdraw_key('x', now(), 'y')`.execute(own.db)).rejects.toThrow(
      /permission denied/,
    );
    const give = { id: newId("retirement"), amount: 5n, beneficiaryName: "X", reason: "event" } as const;
    const retired = own.transact((tx) => retireCredits(tx, ports, owner, give));
    expect(await refusalCode(retired)).toBe("signing_key_withdrawn");
    await own.transact((tx) => sequencePending(tx, ports.log));
    const seen = async () => (await verifyAll(own.db, ports, own.clock.now(), { patience_ms: 0 })).faults;
    expect(await seen()).toEqual([]);
    const keys = await publicKeys(own.db, ports, own.clock.now());
    const stored = await publicCertificate(own.db, ports, certificate.number, at);
    const checks = async (file: object) =>
      (await verifyCertificate(JSON.stringify(file), { keys })).checks.filter(({ ok }) => ok === false);
    // Its status was signed after the key had ended, and counts for nothing; the certificate itself stands.
    expect((await checks(stored)).map(({ name }) => name)).toEqual(["revocation"]);
    expect(await checks({ ...stored, status: null })).toEqual([]);
    await sql.raw("alter table verification.withdrawn_key disable trigger all").execute(own.admin);
    await sql`delete from verification.withdrawn_key`.execute(own.admin);
    own.clock.advance(1_000);
    await own.transact((tx) => retireCredits(tx, ports, owner, give));
    await own.transact((tx) => sequencePending(tx, ports.log));
    expect((await seen())[0]).toMatch(/Certificate \S+ is signed with ed25519-\w+, withdrawn on/);
  } finally {
    await own.close();
  }
});

test("given to somebody, the receiver has the certificate of it, the giver's says so, and given back it is theirs again", async () => {
  const { owner, certificate } = await anIssuedBatch(t, ports);
  const receiver = await aUser(t, { role: "buyer" });
  const give = async (from: { id: `usr_${string}` }, to: { id: `usr_${string}` }, amount: bigint) => {
    t.clock.advance(1_000);
    const id = newId("transfer");
    await t.transact((tx) => transferCredits(tx, from, { id, toUserId: to.id, amount }));
    return t.transact((tx) => certifyGift(tx, ports, { transferId: id, toId: to.id }));
  };
  const theirs = await give(owner, receiver, 12_000n);
  const statusOf = async (number: string) => publicStatus(t.db, ports, number, t.clock.now());
  expect((await statusOf(theirs.number)).ranges.map(({ state }) => state)).toEqual(["current"]);
  expect((await statusOf(certificate.number)).ranges.map(({ state }) => state)).toEqual([
    "passed_on",
    "current",
  ]);
  await give(owner, receiver, 8_000n);
  expect((await statusOf(certificate.number)).status).toBe("superseded");
  const back = await give(receiver, owner, 20_000n);
  for (const { number } of [certificate, theirs]) expect((await statusOf(number)).status).toBe("superseded");
  expect((await statusOf(back.number)).status).toBe("valid");
  const found = await currents([owner.id, receiver.id]);
  expect(found.map(({ number, first, last }) => [number, last - first + 1n])).toEqual([
    [back.number, 20_000n],
  ]);
  await log();
  expect((await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 })).faults).toEqual([]);
});

test("a sale that is certified after its grams moved on takes nothing from whoever has them", async () => {
  const { owner } = await anIssuedBatch(t, ports);
  const [one, two] = [await aUser(t, { role: "buyer" }), await aUser(t, { role: "buyer" })];
  const sell = (seller: typeof owner.id, buyer: typeof owner.id) =>
    t.transact(async (tx) => {
      const listingId = await givenListed(tx, seller, 6_000n);
      return givenSold(tx, { listingId, sellerId: seller, buyerId: buyer, grams: 6_000n });
    });
  const first = await sell(owner.id, one.id);
  const second = await sell(one.id, two.id);
  const later = await t.transact((tx) => certifyPurchase(tx, ports, { ...second, buyerId: two.id }));
  const late = await t.transact((tx) => certifyPurchase(tx, ports, { ...first, buyerId: one.id }));
  expect((await publicStatus(t.db, ports, late.number, t.clock.now())).status).toBe("superseded");
  expect((await publicStatus(t.db, ports, later.number, t.clock.now())).status).toBe("valid");
  await log();
  expect((await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 })).faults).toEqual([]);
});

test("the database issues nothing without trips, certificate and batch, whoever asks", async () => {
  const own = await testDatabase();
  try {
    await strictly(own);
    await anIssuedBatch(own, ports);
    const mint = (kind: string) =>
      own.transact((tx) =>
        sql`select ledger.issue('tfr_mint', 'bat_mint', now(), array['gCO2e/wallet/usr_thief'], array[5000000], ${kind}::jsonb)`.execute(
          tx,
        ),
      );
    await expect(mint("{}")).rejects.toThrow(/grams of no batch/);
  } finally {
    await own.close();
  }
});

test("a monitor that remembers names a fork and a log that was cut off", async () => {
  const own = await testDatabase();
  await strictly(own);
  try {
    await anIssuedBatch(own, ports);
    await own.transact((tx) => sequencePending(tx, ports.log));
    const inside = fromInside(own.db, ports, own.clock.now());
    const watch = (remembered: Remembered | null) =>
      monitor({ url: ports.publicUrl, fetch: inside, remembered, patience_ms: 0, now: t.clock.now() });
    const { remember, faults } = await watch(null);
    expect(faults).toEqual([]);
    if (!remember) throw new Error("nothing to remember");
    expect((await watch(remember)).faults).toEqual([]);
    expect((await watch({ ...remember, root: "ab".repeat(32) })).faults[0]).toContain("the log has forked");
    expect((await watch({ ...remember, size: 1_000 })).faults[0]).toContain("its end was cut off");
    expect((await watch({ ...remember, key: "other" })).faults[0]).toContain("another than the one you know");
  } finally {
    await own.close();
  }
});
