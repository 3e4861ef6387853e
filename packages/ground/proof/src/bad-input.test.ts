/** What is too large, cut short or no entry at all: a clear answer each, in bounded memory. */
import { expect, test } from "bun:test";
import { utf8 } from "./bytes.ts";
import { verifyCertificate } from "./index.ts";
import { bundleOf, entriesOf, longestEntry, readCheckpoint } from "./log/index.ts";

const lot = { serial: "EVX-VN-flat-v1-2026-000001-1-1", grams: "1", vintage: 2026, root: null };
const file = (lots: unknown[]) => ({
  signature: "A",
  certificate: {
    format: "evx-certificate/1",
    number: "EVXC-2026-AAAAA-AAAAA-A",
    kind: "purchase",
    issuer: "x",
    issuedAt: "2026-03-01T00:00:00.000Z",
    holder: "x",
    grams: "1",
    credits: "0.000001",
    keyId: "x",
    verifyUrl: "x",
    lots,
  },
});

test("a certificate of ten million ranges is refused without being read", async () => {
  const lots = new Array<unknown>(10_000_000).fill(lot);
  const before = process.memoryUsage().rss;
  const { verdict, checks } = await verifyCertificate(file(lots));
  expect(verdict).toBe("false");
  expect(checks[0]?.detail).toBe("It names 10000000 serial numbers; 100000 are the most that are read.");
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});

test("a file of more characters than any certificate has is refused before it is parsed", async () => {
  const { checks } = await verifyCertificate("[".repeat(60_000_001));
  expect(checks[0]?.detail).toContain("60000001 characters; 60000000 are the most");
  const nested = await verifyCertificate("[".repeat(1_000_000));
  expect(nested.checks[0]?.detail).toContain("not JSON that everybody reads alike");
});

test("an entry of 65,536 bytes fits no bundle; one of 65,535 does, and is read back whole", () => {
  expect(() => bundleOf([new Uint8Array(65_536)])).toThrow("An entry has 65536 bytes; 65535 is the most");
  const longest = new Uint8Array(longestEntry).fill(7);
  expect(entriesOf(bundleOf([longest, utf8("x")]), 2)).toEqual([longest, utf8("x")]);
});

test("a bundle that is cut short anywhere, has too few entries or too many, is none", () => {
  const bundle = bundleOf([utf8("one"), utf8("two")]);
  for (let length = 0; length < bundle.length; length++)
    expect(entriesOf(bundle.slice(0, length), 2)).toBeNull();
  expect([entriesOf(bundle, 1), entriesOf(bundle, 3)]).toEqual([null, null]);
});

test("a checkpoint with a size that is no number, or without a root, is none", () => {
  for (const text of [
    "x\n-1\nAAAA\n\n",
    "x\n1e9\nAAAA\n\n",
    "x\n99999999999999999999\nAAAA\n\n",
    "x\n1\n\n\n",
    "",
  ])
    expect(readCheckpoint(text)).toBeNull();
});
