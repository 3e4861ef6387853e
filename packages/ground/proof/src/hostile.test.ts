/** Entries and answers that a hostile operator would make, one a test: each is named, and its honest twin is not. */
import { describe, expect, test } from "bun:test";
import { base64url, generateSigningKey, keyId, readSigningKeys, utf8 } from "./index.ts";
import { cosign, type NoteKey, noteKeyText, readCheckpoint } from "./log/index.ts";
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
import { type Fetch, monitor } from "./monitor.ts";

const { current: witness } = await readSigningKeys(generateSigningKey());

describe("a batch and its certificate", () => {
  const named = (n: number, hash: string, grams = "100"): Entry => ({
    ...batch(n, grams),
    certificate: hash,
  });
  const [one, two] = ["11".repeat(32), "22".repeat(32)];

  test("of two years have one certificate between them", async () => {
    const paper = certificate("EVXC-1", ["000001-1-100", "000002-1-100"], "issuance", one);
    expect(await watched([keyEntry, named(1, one), named(2, one), paper])).toEqual([]);
  });

  test("a batch that borrows another's certificate is named", async () => {
    const paper = certificate("EVXC-1", ["000001-1-100"], "issuance", one);
    expect(await watched([keyEntry, named(1, one), paper, named(2, one)])).toEqual([
      "Batch 000002 names a certificate of other grams than its own.",
    ]);
  });

  test("a certificate of issuance that its batch does not name is named", async () => {
    const paper = certificate("EVXC-1", ["000001-1-100"], "issuance", one);
    const other = certificate("EVXC-2", ["000001-1-100"], "issuance", two);
    const faults = await watched([
      keyEntry,
      named(1, one),
      paper,
      other,
      standing("EVXC-1", "EVXC-2", ["000001-1-100"]),
    ]);
    expect(faults).toEqual([
      "Certificate EVXC-2 says that batch 000001 was issued with it, which names another.",
    ]);
  });
});

test("an entry in a version that was never described is named", async () => {
  expect((await watched([keyEntry, { ...batch(1), v: 4 }]))[0]).toContain(
    "An entry of kind batch_issued in version 4, which this monitor does not know",
  );
  expect((await watched([keyEntry, batch(1), { ...certificate("A", ["000001-1-5"]), v: 2 }]))[0]).toContain(
    "An entry of kind certificate in version 2",
  );
});

test("an entry of no moment, or of one to come, is named", async () => {
  const dated = (moment: string) => ({ ...certificate("A", ["000001-1-5"]), at: moment });
  for (const moment of ["yesterday", "2026-03-01", "2026-13-01T00:00:00.000Z", "+012026-03-01T00:00:00.000Z"])
    expect((await watched([keyEntry, batch(1), dated(moment)]))[0]).toContain("is no moment");
  expect((await watched([keyEntry, batch(1), dated("2226-03-01T00:00:00.000Z")])).join()).toContain(
    "is dated 2226-03-01T00:00:00.000Z, which is still to come",
  );
});

test("a day's snapshot that is logged twice, or before the day was over, is named", async () => {
  const copied: Entry = {
    kind: "snapshot",
    day: "2026-02-28",
    rows: 1,
    sha256: "11".repeat(32),
    statement: "22".repeat(32),
  };
  const of = (...entries: Entry[]) => watched([keyEntry, batch(1), ...entries]);
  expect((await of(copied, { ...copied, statement: "33".repeat(32) }))[0]).toBe(
    "Entry 4: The snapshot of 2026-02-28 was logged before.",
  );
  expect((await of({ ...copied, day: "2026-03-01" }))[0]).toContain(
    "The snapshot of 2026-03-01 is dated 2026-03-01T00:00:00.000Z, before that day was over",
  );
  expect(await of(copied)).toEqual(["The snapshot of 2026-02-28 is in the log, and the registry hides it."]);
});

test("grams that were retired are sold to nobody again", async () => {
  const retired: Entry = {
    kind: "retired",
    id: "ret_1",
    number: "EVXC-R",
    grams: "40",
    ranges: ["000001-1-40"],
    part: 1,
    reason: "event",
    beneficiary: "00",
  };
  const before = [
    keyEntry,
    batch(1),
    certificate("EVXC-P", ["000001-1-40"]),
    retired,
    certificate("EVXC-R", ["000001-1-40"], "retirement"),
    standing("EVXC-P", "EVXC-R", ["000001-1-40"]),
  ];
  expect(await watched(before)).toEqual([]);
  const again = [
    ...before,
    certificate("EVXC-X", ["000001-1-20"]),
    standing("EVXC-R", "EVXC-X", ["000001-1-20"]),
  ];
  expect(await watched(again)).toEqual([
    "Certificate EVXC-X reads current for grams 000001-1-20, which were retired or cancelled before.",
  ]);
  // A purchase whose certificate comes when its grams are retired gives way at once.
  const late = [...before, certificate("EVXC-Y", ["000001-1-20"]), standing("EVXC-Y", null, ["000001-1-20"])];
  expect(await watched(late)).toEqual([]);
});

test("cancelled grams are certified to nobody the day after, though they may be within the same moment", async () => {
  const cancelled: Entry = {
    kind: "cancelled",
    id: "tfr_1",
    for: "000001",
    grams: "40",
    ranges: ["000001-1-40"],
    part: 1,
    from: "owner",
  };
  const revoked: Entry = { kind: "revoked", what: "batch", batch: "000001", reason: "00", owed: "0" };
  const sold = (moment: string) => [
    keyEntry,
    batch(1),
    revoked,
    cancelled,
    { ...certificate("EVXC-P", ["000001-1-40"]), at: moment },
  ];
  const judged = async (entries: Entry[]) =>
    (await watched(entries)).filter((fault) => fault.includes("reads current"));
  expect(await judged(sold(at))).toEqual([]);
  expect(await judged(sold("2026-03-02T00:00:00.000Z"))).toEqual([
    "Certificate EVXC-P reads current for grams 000001-1-40, which were retired or cancelled before.",
  ]);
});

describe("keys", () => {
  test("a key under another's name is named", async () => {
    const id = "ed25519-0123456789abcdef";
    const faults = await watched([{ ...keyEntry, id }]);
    expect(faults.join()).toContain(`Key ${id} is not called as its bytes ask for`);
  });

  test("a key that only the registry's facts name is named, and one that they hide", async () => {
    const rogue = (await readSigningKeys(generateSigningKey())).current;
    const row = { ...keyRow, id: rogue.id, publicKey: rogue.publicKey };
    expect(await watched([keyEntry, batch(1)], undefined, { wellKnown: { keys: [keyRow, row] } })).toEqual([
      `Key ${rogue.id} is published and was never logged so.`,
    ]);
    expect(await watched([keyEntry, batch(1)], undefined, { wellKnown: { keys: [] } })).toEqual([
      `Key ${key.id} is in the log, and the registry hides it.`,
    ]);
    const withdrawn = { ...keyRow, withdrawnAt: "2026-03-02T00:00:00.000Z" };
    expect(
      (await watched([keyEntry, batch(1)], undefined, { wellKnown: { keys: [withdrawn] } }))[0],
    ).toContain("was withdrawn on no day, the registry says 2026-03-02");
  });
});

describe("witnesses", () => {
  const publicKey = Uint8Array.from(Buffer.from(witness.publicKey, "base64url"));
  const noteKey: NoteKey = { name: "w.test", kind: "witness", publicKey };
  const named = (...keys: NoteKey[]) => keys.map((each) => ({ name: each.name, key: noteKeyText(each) }));
  const entries = [keyEntry, batch(1)];

  const signedBy =
    (honest: Fetch, keys: readonly NoteKey[]): Fetch =>
    async (address) => {
      const bytes = await honest(address);
      if (!bytes || !address.endsWith("/log/checkpoint")) return bytes;
      const note = new TextDecoder().decode(bytes);
      const text = readCheckpoint(note)?.text ?? "";
      const lines = await Promise.all(
        keys.map((each) => cosign(each.name, witness, text, (Date.now() / 1000) | 0)),
      );
      return utf8(note + lines.join(""));
    };
  const look = async (wellKnown: Record<string, unknown>, keys: readonly NoteKey[], more = {}) => {
    const fetch = signedBy(
      registryOf(entries, () => entries.length, { wellKnown }),
      keys,
    );
    return monitor({ url: "https://evx.test", fetch, patience_ms: 0, ...more });
  };

  test("one witness under two names counts once", async () => {
    const twin = { ...noteKey, name: "other.test" };
    const witnesses = named(noteKey, twin, noteKey);
    const { faults, witnessed } = await look({ witnesses, policy: { witnessesWanted: 2 } }, [noteKey, twin]);
    expect([faults, witnessed]).toEqual([["1 witnesses signed the checkpoint, 2 are promised."], 1]);
  });

  test("a log that is its own witness counts for none", async () => {
    const own = {
      name: "own.test",
      kind: "witness" as const,
      publicKey: Uint8Array.from(Buffer.from(key.publicKey, "base64url")),
    };
    const fetch = registryOf(entries, () => entries.length, {
      wellKnown: { witnesses: named(own), policy: { witnessesWanted: 1 } },
    });
    const signed: Fetch = async (address) => {
      const bytes = await fetch(address);
      if (!bytes || !address.endsWith("/log/checkpoint")) return bytes;
      const note = new TextDecoder().decode(bytes);
      return utf8(note + (await cosign(own.name, key, readCheckpoint(note)?.text ?? "", 1)));
    };
    const { faults } = await monitor({ url: "https://evx.test", fetch: signed, patience_ms: 0 });
    expect(faults).toEqual(["0 witnesses signed the checkpoint, 1 are promised."]);
  });

  test("a number of witnesses that is none is named", async () => {
    for (const witnessesWanted of ["many", -1, 0.5, 1e99, null])
      expect((await look({ witnesses: [], policy: { witnessesWanted } }, [])).faults[0]).toContain(
        "does not say how many witnesses",
      );
  });

  test("who remembers a witness sees it go, and fewer promised", async () => {
    const policy = { witnessesWanted: 1 };
    const { remember, faults } = await look({ witnesses: named(noteKey), policy }, [noteKey]);
    expect(faults).toEqual([]);
    const again = (facts: Record<string, unknown>) => look(facts, [noteKey], { remembered: remember });
    expect((await again({ witnesses: named(noteKey), policy })).faults).toEqual([]);
    expect((await again({ witnesses: named(noteKey), policy: { witnessesWanted: 0 } })).faults[0]).toContain(
      "promises 0 witnesses, and promised 1",
    );
    expect((await again({ witnesses: [], policy: { witnessesWanted: 0 } })).faults.join()).toContain(
      "Witness w.test, which you know, is named no more",
    );
  });
});

test("rows without end, and a page that leads back, end with a sentence", async () => {
  const honest = registryOf([keyEntry, batch(1)], () => 2);
  let pages = 0;
  const endless: Fetch = async (address) => {
    if (!address.includes("/log/state/retirements")) return honest(address);
    pages++;
    const rows = Array.from({ length: 2_000 }, (_, n) => ({ id: `ret_${pages}_${n}`, grams: "1", at }));
    return utf8(JSON.stringify({ rows, next: `ret_${String(pages).padStart(9, "0")}` }));
  };
  const { faults } = await monitor({ url: "https://evx.test", fetch: endless, patience_ms: 0 });
  expect(faults.join()).toContain("shows more retirements than were ever logged");
  expect(pages).toBeLessThan(200);
  expect(faults.length).toBeLessThanOrEqual(1_001);
});

test("a measure that is no number is named, however long it is", async () => {
  const honest = registryOf([keyEntry, batch(1)], () => 2);
  for (const gone of ["9".repeat(5_000_000), "x", null, -1, 1e300, { a: 1 }]) {
    const lying: Fetch = async (address) =>
      address.includes("/log/state/batches")
        ? utf8(JSON.stringify({ rows: [{ ...batch(1), at, book: "100", revoked: false, gone }], next: null }))
        : honest(address);
    const { faults } = await monitor({ url: "https://evx.test", fetch: lying, patience_ms: 0 });
    expect(faults[0]?.slice(0, 60)).toContain("Batch 000001: the registry says");
    expect(faults[0]?.length).toBeLessThan(400);
  }
});

test("a file that remembers nothing readable is named, and nothing is judged by it", async () => {
  const fetch = registryOf([keyEntry, batch(1)], () => 2);
  const remembered = JSON.parse('{"size": "2"}');
  const { faults } = await monitor({ url: "https://evx.test", fetch, remembered, patience_ms: 0 });
  expect(faults).toEqual(["What you remember of the registry is not what a monitor wrote."]);
});

test("a key's name is that of its bytes", async () => {
  expect(await keyId(Uint8Array.from(Buffer.from(key.publicKey, "base64url")))).toBe(key.id);
  expect(base64url(new Uint8Array(1))).toBe("AA");
});
