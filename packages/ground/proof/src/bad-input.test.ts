/** What is too large, cut short or no entry at all: a clear answer each, in bounded memory. */
import { describe, expect, test } from "bun:test";
import { utf8 } from "./bytes.ts";
import { verifyBatch, verifyCertificate, verifyHolding } from "./index.ts";
import { bundleOf, entriesOf, longestEntry, readCheckpoint } from "./log/index.ts";
import { headAt } from "./state.ts";

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

/** What is read of so many items, and by how much the memory grew meanwhile. */
const grown = async <T>(read: () => Promise<T>): Promise<{ answer: T; bytes: number }> => {
  Bun.gc(true);
  const before = process.memoryUsage().rss;
  return { answer: await read(), bytes: process.memoryUsage().rss - before };
};

const sound = JSON.stringify(file([lot]));
const many = (item: string, count: number): string => `[${`${item},`.repeat(count - 1)}${item}]`;
const withMember = (name: string, value: string): string => `${sound.slice(0, -1)},"${name}":${value}}`;

describe("ten million of anything in one certificate", () => {
  for (const [name, text] of [
    ["lots", () => sound.replace(/"lots":\[.*\]/, () => `"lots":${many("{}", 10_000_000)}`)],
    ["ranges", () => withMember("status", `{"ranges":${many("{}", 10_000_000)}}`)],
    [
      "proof",
      () => withMember("log", `{"index":0,"entry":"","checkpoint":"","proof":${many('""', 10_000_000)}}`),
    ],
    ["path", () => withMember("inclusion", `{"path":${many("0", 10_000_000)}}`)],
    ["cosignatures", () => withMember("cosignatures", many("[]", 10_000_000))],
  ] as const)
    test(`${name}: the list is named, and what follows its 100,000th is not read`, async () => {
      const written = text();
      const { answer, bytes } = await grown(() => verifyCertificate(written));
      expect(answer.checks.map(({ detail }) => detail)).toEqual([
        `No certificate is so large: "${name}" has more than 100000 items.`,
      ]);
      expect(bytes).toBeLessThan(200_000_000);
    });

  test("lists of lists are counted together", async () => {
    const { checks } = await verifyCertificate(withMember("x", many(many("0", 2_000), 2_000)));
    expect(checks[0]?.detail).toBe("No certificate is so large: It has more than 2000000 values.");
  });

  test("a value that somebody else read is held to the same", async () => {
    const status = { ranges: new Array<unknown>(10_000_000).fill({ serial: "x", state: "current" }) };
    const { checks } = await verifyCertificate({ ...file([lot]), status });
    expect(checks[0]?.detail).toBe('No certificate is so large: "ranges" has more than 100000 items.');
    const nested = { x: new Array<unknown>(2_000).fill(new Array<unknown>(2_000).fill(0)) };
    expect((await verifyCertificate({ ...file([lot]), ...nested })).checks[0]?.detail).toContain(
      "more than 2000000 values",
    );
  });
});

test("ten million items in a holding, or leaves in a batch, are refused before they are read", async () => {
  const holding = `{"format":"evx-holding/1","items":${many("{}", 10_000_000)}}`;
  expect((await verifyHolding(holding)).checks[0]?.detail).toBe(
    'No holding is so large: "items" has more than 100000 items.',
  );
  const log = { index: 0, entry: "{}", checkpoint: "", proof: [] };
  const items = new Array<unknown>(10_000_000).fill({ hash: "", grams: "1" });
  const { answer, bytes } = await grown(() => verifyBatch({ number: "000001", log }, { items }));
  expect(answer.checks[0]?.detail).toBe(
    "Batch 000001 shows 10000000 trips; 2000000 are the most that are read.",
  );
  expect(bytes).toBeLessThan(100_000_000);
});

test("a registry that answers with ten million of anything is told so, in bounded memory", async () => {
  const answer = utf8(`{"format":"evx-state/3","pending":${many("{}", 10_000_000)}}`);
  const { answer: said, bytes } = await grown(() =>
    headAt(async () => answer, "https://x").catch((error: Error) => error.message),
  );
  expect(said).toBe('https://x/log/state.json answers too much: "pending" has more than 1000000 items.');
  expect(bytes).toBeLessThan(900_000_000);
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
