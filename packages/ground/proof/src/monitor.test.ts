import { expect, test } from "bun:test";
import { type Bytes, utf8 } from "./bytes.ts";
import { signCheckpoint } from "./log/index.ts";
import {
  batch,
  certificate,
  closed,
  key,
  keyEntry,
  name,
  registryOf,
  standing,
  tree,
  watched,
} from "./monitor.testing.ts";
import { monitor } from "./monitor.ts";

test("rows that are a moment ahead of the log are no fault, once the log shows them", async () => {
  let looks = 0;
  const entries = [keyEntry, batch(1), batch(2), batch(3)];
  expect(await watched(entries, () => (looks++ < 6 ? 2 : 4))).toEqual([]);
});

test("a row of what the log did not know yet may be older than what comes before the log knows it", async () => {
  const entries = [
    keyEntry,
    batch(1),
    certificate("EVXC-1", ["000001-1-60"]),
    certificate("EVXC-2", ["000001-1-20"], "transfer"),
    standing("EVXC-1", "EVXC-2", ["000001-1-20"]),
    { kind: "revoked", number: "EVXC-1", reason: "Not driven." },
  ];
  // The rows are read when there was the first certificate, and the log showed none yet; it catches up with all of it.
  let looks = 0;
  const shown = () => (looks++ < 6 ? 2 : entries.length);
  expect(await watched(entries, shown, {}, 3)).toEqual([]);
});

test("a head is older than a book that was closed, a key that was withdrawn and a set that was named after it was read", async () => {
  const entries = [
    keyEntry,
    batch(1),
    batch(2),
    closed("2026-02-28"),
    { kind: "factor_set", name: "flat", hash: "ab".repeat(32) },
    { kind: "key_withdrawn", id: key.id, reason: "Stolen." },
  ];
  let looks = 0;
  expect(await watched(entries, () => (looks++ < 6 ? 2 : entries.length), {}, 3)).toEqual([]);
  const faults = await watched(entries, undefined, {}, entries.length);
  for (const fault of [
    "Line 0/4 of the audit trail is not the one that a book named.",
    "Factor set flat was logged as",
    `Key ${key.id} was withdrawn on`,
  ])
    expect(faults.join("\n")).toContain(fault);
});

test("a row that hides what the log showed before it was read is a fault", async () => {
  const entries = [
    keyEntry,
    batch(1),
    certificate("EVXC-1", ["000001-1-60"]),
    certificate("EVXC-2", ["000001-1-20"], "transfer"),
    standing("EVXC-1", "EVXC-2", ["000001-1-20"]),
    { kind: "revoked", number: "EVXC-1", reason: "Not driven." },
  ];
  const faults = await watched(entries, undefined, {}, 4);
  expect(faults.join("\n")).toContain("EVXC-1 was revoked, and the registry has taken that back");
  expect(faults.join("\n")).toContain("EVXC-1: the registry says 60 g current");
});

test("what the log never shows is a fault, named", async () => {
  const faults = await watched([keyEntry, batch(1), batch(2)], () => 2);
  expect(faults[0]).toBe("Batch 000002 is in the registry and was never logged.");
  expect(faults.join()).toContain("1 entries wait to be numbered and are not.");
});

test("a registry that shows older books than its log, or other totals, is named", async () => {
  expect((await watched([keyEntry, batch(1)], undefined, { size: 1 }))[0]).toContain(
    "shows itself as of 1 entries, its log has 3",
  );
  expect(
    await watched([keyEntry, batch(1)], undefined, {
      totals: { issued: "101", circulating: "100", retired: "0", cancelled: "0" },
    }),
  ).toEqual(["The registry says 101 g issued, the log's entries give 100 g."]);
});

test("two certificates of one gram: a fault unless an entry says which gave way", async () => {
  const both = [keyEntry, batch(1), certificate("A", ["000001-1-100"]), certificate("B", ["000001-41-60"])];
  expect(await watched(both)).toEqual(["Certificates A and B both read current for grams 000001-41-60."]);
  expect(await watched([...both, standing("A", "B", ["000001-41-60"])])).toEqual([]);
  expect(await watched([...both, standing("B", null, ["000001-41-60"])])).toEqual([]);
  expect(await watched([...both, standing("A", "B", ["000001-41-50"])])).toEqual([
    "Certificates A and B both read current for grams 000001-51-60.",
  ]);
  const again = [
    ...both,
    standing("A", "B", ["000001-41-60"]),
    certificate("C", ["000001-60-61"]),
    standing("A", "C", ["000001-61-61"]),
    standing("B", "C", ["000001-60-60"]),
  ];
  expect(await watched(again)).toEqual([]);
  expect((await watched([...again, standing("B", "C", ["000001-61-61"])]))[0]).toContain(
    "Certificate B passes on 000001-61-61, for which it was not current",
  );
  expect((await watched([keyEntry, batch(1), certificate("A", ["000001-1-101"])]))[0]).toContain(
    "of grams up to 101 of batch 000001, which were never issued",
  );
});

test("a tree that gives other grams, or none after others did, is named", async () => {
  const light = { ...batch(2), tree: { ...tree, sum: "99" } };
  expect((await watched([keyEntry, batch(1), light]))[0]).toContain("has 100 g, its trips give 99 g");
  const bare = { ...batch(2), tree: { ...tree, sum: null } };
  expect((await watched([keyEntry, batch(1), bare]))[0]).toContain("a tree that commits to no grams");
  expect((await watched([keyEntry, bare, batch(3)]))[0]).toContain("Batch 1 is missing before 000002");
});

test("a log of another origin, a checkpoint of the future, entries cut short, nothing at all: a sentence each", async () => {
  const entries = [keyEntry, batch(1)];
  const honest = registryOf(entries, () => 2);
  const lying = (path: string, bytes: Bytes | null): Promise<string | undefined> =>
    monitor({
      url: "https://evx.test/",
      patience_ms: 0,
      fetch: (address) => (address.includes(path) ? Promise.resolve(bytes) : honest(address)),
    }).then(({ faults }) => faults[0]);
  const foreign = utf8(await signCheckpoint("other.test/log", key, { size: 2, root: new Uint8Array(32) }));
  const future = utf8(await signCheckpoint(name, key, { size: 9, root: new Uint8Array(32) }));
  expect(await lying("/log/checkpoint", foreign)).toContain("is of other.test/log, not of evx.test/log");
  expect(await lying("/log/checkpoint", future)).toContain("The entries from 0 on are cut short");
  expect(await lying("/log/checkpoint", utf8("what"))).toContain("checkpoint is none");
  expect(await lying("/log/tile/", utf8("x"))).toContain("cut short, or more stands there");
  expect(await lying("/log/tile/", null)).toContain("The entries from 0 on are missing");
  expect(await lying("/log/state.json", utf8("{"))).toContain("Not JSON");
  expect(await lying("/log/state/batches", utf8("{}"))).toContain("does not show its batches");
  expect(await lying("/.well-known", null)).toContain("answers nothing");
});
