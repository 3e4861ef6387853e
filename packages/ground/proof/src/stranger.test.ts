/** What a stranger found: entries, files and answers that went unnoticed. Each is named, and its honest twin is not. */
import { describe, expect, test } from "bun:test";
import { checkBatch, verifyBatch } from "./batch.ts";
import { base64url } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { verifyHolding } from "./holding.ts";
import {
  crossText,
  generateSigningKey,
  readFragment,
  readSigningKeys,
  utf8,
  verifyCertificate,
} from "./index.ts";
import { cosign, type NoteKey, noteKeyText, readCheckpoint, readNoteKey } from "./log/index.ts";
import {
  at,
  batch,
  certificate,
  type Entry,
  key,
  keyEntry,
  keyRow,
  registryOf,
  standing,
  watched,
} from "./monitor.testing.ts";
import { monitor } from "./monitor.ts";
import { pinnedBy, trustIn } from "./registry.ts";
import { type StatusDocument, signStatus } from "./status.ts";
import { makeVectors } from "./vectors.testing.ts";
import * as world from "./vectors-world.testing.ts";

const { registry } = await makeVectors();
const trust = trustIn(registry);
if (!trust) throw new Error("no trust");
const found = async (file: unknown) => {
  const { checks, verdict } = await verifyCertificate(JSON.stringify(file), trust);
  return [
    verdict,
    ...checks.filter(({ ok }) => ok === false).map(({ name, detail }) => `${name}: ${detail}`),
  ];
};
const later = "2026-03-02T00:00:00.000Z";

describe("entries", () => {
  test("one tree of trips is issued once", async () => {
    const tree = { root: "77".repeat(32), size: 1, sum: "100" };
    expect(await watched([keyEntry, batch(1), batch(2)])).toEqual([]);
    expect(await watched([keyEntry, { ...batch(1), tree }, { ...batch(2), tree }])).toContain(
      "Entry 3: Batch 000002 is of the trips of batch 000001: they are counted twice.",
    );
  });

  test("a batch has as many trips as its tree, and sets no more aside than it has", async () => {
    const honest = { ...batch(1), trips: 1, bufferGrams: "100" };
    expect(await watched([keyEntry, honest])).toEqual([]);
    expect((await watched([keyEntry, { ...honest, trips: 500 }]))[0]).toContain("500 trips, its tree has 1");
    expect((await watched([keyEntry, { ...honest, bufferGrams: "101" }]))[0]).toContain("sets 101 g aside");
  });

  test("a certificate names its grams, as those before it did", async () => {
    const paper = { ...certificate("EVXC-2", []), ranges: undefined, grams: "9000000" };
    expect(await watched([keyEntry, batch(1), paper])).toEqual([]);
    expect(await watched([keyEntry, batch(1), certificate("EVXC-1", ["000001-1-10"]), paper])).toContain(
      "Entry 4: Certificate EVXC-2 does not say of which grams it is, after others that do.",
    );
  });

  test("nobody is parted from a certificate's grams but as another is made", async () => {
    const honest = [keyEntry, batch(1), certificate("EVXC-1", ["000001-1-10"])];
    const late = { ...certificate("EVXC-2", ["000001-1-10"]), at: later };
    const given = { ...standing("EVXC-1", "EVXC-2", ["000001-1-10"]), at: later };
    expect(await watched([...honest, standing("EVXC-1", null, ["000001-1-10"])])).toEqual([]);
    const taken = [...honest, { ...standing("EVXC-1", null, ["000001-1-10"]), at: later }, late];
    expect((await watched(taken))[0]).toContain(
      `Certificate EVXC-1 gives way on ${later}, when it was not made`,
    );
    const early = [...honest, late, { ...given, at }];
    expect((await watched(early))[0]).toContain("when EVXC-2 was not made");
  });

  const revoked: Entry = { kind: "revoked", what: "batch", batch: "000001", reason: "00", owed: "100" };
  const retired = (more: object): Entry => ({
    kind: "retired",
    id: "ret_1",
    number: "EVXC-R",
    grams: "40",
    ranges: ["000001-1-40"],
    part: 1,
    reason: "compliance",
    beneficiary: "00",
    ...more,
  });

  test("grams of a revoked batch stand for nobody's duty", async () => {
    const judged = async (more: object) =>
      (await watched([keyEntry, batch(1), revoked, retired(more)])).filter((fault) => fault.includes("duty"));
    expect(await judged({})).toEqual([]);
    expect(await judged({ at: later, reason: "event" })).toEqual([]);
    expect(await judged({ at: later })).toEqual([
      "Entry 4: Retirement ret_1 for a duty is of batch 000001, which was revoked before.",
    ]);
  });

  test("no more of others is cancelled for a batch than is owed for it, and no more is owed than it had", async () => {
    const cancelled = (grams: number): Entry => ({
      kind: "cancelled",
      id: "tfr_1",
      for: "000001",
      grams: String(grams),
      ranges: [`000002-1-${grams}`],
      part: 1,
      from: "owner",
    });
    const judged = async (grams: number, owed = "100") =>
      (await watched([keyEntry, batch(1), batch(2, "900"), { ...revoked, owed }, cancelled(grams)])).filter(
        (fault) => fault.includes("owed"),
      );
    expect(await judged(100)).toEqual([]);
    expect(await judged(101)).toEqual([
      "For batch 000001 101 g of others were cancelled, and 100 g are owed for it.",
    ]);
    expect(await judged(100, "900")).toEqual(["Entry 4: Batch 000001 has 100 g, and 900 g are owed for it."]);
  });

  test("a key that was withdrawn vouches for no other", async () => {
    const { current: next } = await readSigningKeys(generateSigningKey());
    const entry = async (moment: string): Promise<Entry> => ({
      kind: "key",
      id: next.id,
      publicKey: next.publicKey,
      cross: { by: key.id, signature: await key.sign(utf8(crossText(next))) },
      at: moment,
    });
    const withdrawn = { kind: "key_withdrawn", id: key.id, at: later };
    const judged = async (entries: Entry[]) =>
      (await watched([keyEntry, batch(1), ...entries])).filter((fault) => fault.includes("vouched"));
    expect(await judged([await entry(at), withdrawn])).toEqual([]);
    expect(await judged([withdrawn, await entry("2026-03-03T00:00:00.000Z")])).toEqual([
      `Entry 4: Key ${next.id} is vouched for by one that was withdrawn before, on ${later}.`,
    ]);
  });
});

describe("a registry", () => {
  const look = (more: object, wellKnown = {}) =>
    monitor({
      url: "https://evx.test",
      fetch: registryOf([keyEntry, batch(1)], () => 2, { wellKnown }),
      patience_ms: 0,
      ...more,
    });

  test("that was begun anew under its log's key is named by the keys that somebody kept", async () => {
    const { remember } = await look({});
    const log = readNoteKey(remember?.key ?? "");
    if (!log) throw new Error("no key");
    const known = (more: object) => look({ pinned: pinnedBy({ log, keys: [{ ...keyRow, ...more }] }) });
    expect((await known({})).faults).toEqual([]);
    for (const more of [{ id: "ed25519-0123456789abcdef" }, { addedAt: later }])
      expect((await known(more)).faults.join()).toContain("which you know, is not in the log as you know it");
    expect((await known({ withdrawnAt: later })).faults.join()).toContain("and the log has taken that back");
  });

  test("whose witness signs in days to come is named", async () => {
    const { current: witness } = await readSigningKeys(generateSigningKey());
    const publicKey = Uint8Array.from(Buffer.from(witness.publicKey, "base64url"));
    const name: NoteKey = { name: "w.test", kind: "witness", publicKey };
    const signed = async (ahead_s: number) => {
      const wellKnown = {
        witnesses: [{ name: name.name, key: noteKeyText(name) }],
        policy: { witnessesWanted: 1 },
      };
      const honest = registryOf([keyEntry, batch(1)], () => 2, { wellKnown });
      const fetch = async (address: string) => {
        const bytes = await honest(address);
        if (!bytes || !address.endsWith("/log/checkpoint")) return bytes;
        const note = new TextDecoder().decode(bytes);
        const text = readCheckpoint(note)?.text ?? "";
        return utf8(note + (await cosign(name.name, witness, text, ((Date.now() / 1000) | 0) + ahead_s)));
      };
      return (await look({ fetch })).faults;
    };
    expect(await signed(60)).toEqual([]);
    expect((await signed(40 * 86_400)).join()).toContain("A witness signed at ");
  });

  test("whose facts have a key twice, or a window or number that is none, is taken for nobody", () => {
    const [own] = trust.keys ?? [];
    const facts = Object(registry) as Record<string, unknown>;
    const of = (more: object) => trustIn({ ...facts, ...more });
    expect(of({})).not.toBeNull();
    for (const keys of [
      [own, own],
      [{ ...own, addedAt: "always" }],
      [{ ...own, withdrawnAt: 7 }],
      [{ ...own, withdrawnAt: "never" }],
    ])
      expect(of({ keys })).toBeNull();
    for (const witnessesWanted of [-1, 0.5, "none"]) expect(of({ policy: { witnessesWanted } })).toBeNull();
  });
});

describe("a certificate's file", () => {
  const logged = async (change: Record<string, unknown>, document = world.good) => {
    const own = { ...(await world.signed(document)) };
    const entry = { ...JSON.parse(world.logOf(2).entry), ...change };
    return { ...own, log: { ...world.logOf(2), entry: canonical(entry) }, status: world.status };
  };
  const detail = async (file: unknown) => (await found(file)).find((line) => line.startsWith("log:"));

  test("says the grams, kind, key and moment that were logged with its hash", async () => {
    expect(await found(world.bundle)).toEqual(["genuine"]);
    const grams = Number(world.good.grams);
    expect(await detail(await logged({ ranges: [`000001-1-${grams + 1}`] }))).toContain(
      "other grams than it says",
    );
    expect(await detail(await logged({ ranges: ["000002-1-5"] }))).toContain("other grams than it says");
    expect(await detail(await logged({ ranges: ["000001-1-5"] }))).toContain("fewer grams than it says");
    expect(await detail(await logged({ ranges: "all" }))).toContain("other grams than it says");
    for (const change of [{ grams: "1" }, { certificate: "retirement" }, { key: "ed25519-0" }, { at: later }])
      expect(await detail(await logged(change))).toContain("The log has it with another ");
  });

  test("says beside what was signed nothing else under the same names", async () => {
    expect(await found({ ...world.bundle, holder: world.good.holder })).toEqual(["genuine"]);
    for (const twin of [
      { holder: "Eve" },
      { grams: "9000000" },
      { lots: [] },
      { issuer: "Another" },
      { publicKey: "AAAA" },
    ])
      expect((await found({ ...world.bundle, ...twin }))[1]).toContain("twins: ");
  });

  const { signature: _, ...said } = world.status;
  const stated = async (change: Partial<StatusDocument>) => ({
    ...world.bundle,
    status: await signStatus(world.keys.certificates, { ...said, ...change }),
  });
  const [range] = said.ranges;
  const serial = range?.serial ?? "";

  test("has a status that tells of its own grams, each once, and does not contradict itself", async () => {
    expect(await found(await stated({}))).toEqual(["genuine"]);
    for (const [change, sentence] of [
      [{ revocation: { revokedAt: at, reason: "Invented" } }, "tells of a revocation"],
      [{ ranges: [] }, "tells of 0 g"],
      [{ ranges: [...said.ranges, ...said.ranges] }, "tells twice of the same grams"],
      [{ ranges: [{ serial: serial.replace("000001", "000002"), state: "current" }] }, "none of its grams"],
      [{ ranges: [{ serial, state: "passed_on" }] }, "says valid, and that 0 g"],
      [{ status: "superseded" }, "says superseded, and that"],
      [{ asOf: "2026-02-01T00:00:00.000Z" }, "older than the certificate"],
    ] satisfies [Partial<StatusDocument>, string][])
      expect((await found(await stated(change))).join()).toContain(sentence);
  });

  test("that was passed on or retired as a whole does not stand", async () => {
    const standingOf = async (change: Partial<StatusDocument>) =>
      (await verifyCertificate(JSON.stringify(await stated(change)), trust)).standing;
    expect(await standingOf({})).toEqual({
      good: true,
      status: "valid",
      asOf: at,
      current: BigInt(world.good.grams),
    });
    const gone = { ranges: [{ serial, state: "passed_on" as const }], status: "superseded" as const };
    expect(await standingOf(gone)).toMatchObject({ good: false, status: "superseded", current: 0n });
  });

  test("is of a kind that there is", async () => {
    const kind = JSON.parse('"gold"');
    expect((await found(await world.signed({ ...world.good, kind })))[1]).toContain("format: ");
  });

  test("in a QR code is read as strictly as in a file", async () => {
    const packed = async (text: string) => {
      const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
      return `#1.${base64url(new Uint8Array(await new Response(stream).arrayBuffer()))}`;
    };
    const text = canonical([world.good as never, world.bundle.signature, world.bundle.publicKey]);
    expect((await readFragment(await packed(text)))?.signature).toBe(world.bundle.signature);
    expect(
      await readFragment(await packed(text.replace('"holder":', '"holder":"Eve","holder":'))),
    ).toBeNull();
  });
});

describe("answers", () => {
  test("a balance of nothing is proven to nobody", async () => {
    const empty = await verifyHolding(JSON.stringify({ ...world.holding, items: [] }), trust);
    expect([empty.grams.size, empty.checks[0]]).toEqual([
      0,
      { name: "holding", ok: null, detail: "The file shows nothing of usr_binh." },
    ]);
  });

  test("about another batch than was asked for is none", async () => {
    const answers = (number: string) => async (address: string) =>
      utf8(
        JSON.stringify(
          address.endsWith("/leaves") ? { items: world.items } : { number, log: world.logOf(1) },
        ),
      );
    const asked = { url: "https://evx.test", number: "000001" };
    expect((await checkBatch({ ...asked, fetch: answers("000001") }, trust)).ok).toBe(true);
    const other = await checkBatch({ ...asked, number: "000003", fetch: answers("000001") }, trust);
    expect([other.ok, other.checks[0]?.detail]).toEqual([
      false,
      "000003 was asked for, and the answer is about 000001.",
    ]);
  });

  test("with one trip twice is named", async () => {
    const [one] = world.items;
    const twice = await verifyBatch(
      { number: "000001", log: world.logOf(1) },
      { items: [...world.items, one] },
      trust,
    );
    expect(twice.checks[0]?.detail).toBe("Batch 000001 counts 1 of its trips more than once.");
  });
});
