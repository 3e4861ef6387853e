/** What the test vectors of docs/spec are made of. Always the same bytes. */
import { type Bytes, base64url, hex, utf8 } from "./bytes.ts";
import { type Canonical, canonical } from "./canonical.ts";
import type { CertificateDocument } from "./document.ts";
import type { HoldingLeaf } from "./holding.ts";
import { readSigningKeys } from "./keys.ts";
import {
  base64,
  cosign,
  emptyEdge,
  leafHash,
  nodeHash,
  readCheckpoint,
  rootOfEdge,
  signCheckpoint,
  withLeaf,
} from "./log/index.ts";
import type { LeafTrip } from "./merkle.ts";
import { certificateNumber } from "./number.ts";
import { sha256Now } from "./sha256.ts";
import { signSnapshot } from "./snapshot.ts";
import { signStatus } from "./status.ts";
import {
  bindBook,
  bookPath,
  holdingNode,
  holdingSalt,
  plainRootOf,
  plantTree,
  proofOf,
  tripNode,
} from "./tree.ts";
import type { CertificateFile } from "./verify.ts";

type Json = Canonical;

export type Vector = {
  readonly name: string;
  readonly kind: "certificate" | "inclusion" | "holding" | "batch" | "consistency" | "qr" | "snapshot";
  readonly input: unknown;
  /** What the verifier must answer: genuine, unknown_signer or false for certificates; true or false for the rest. */
  readonly answer: string;
  /** The first check that fails. */
  readonly fails?: string;
};

const seed = (byte: number): string => base64url(new Uint8Array(32).fill(byte));
export const at = "2026-03-01T00:00:00.000Z";
export const origin = "evx.test/log";

const theKeys = async () => {
  const [certificates, log, witness, stranger] = await Promise.all(
    [1, 2, 3, 4].map(async (byte) => (await readSigningKeys(seed(byte))).current),
  );
  if (!certificates || !log || !witness || !stranger) throw new Error("no keys");
  return { certificates, log, witness, stranger };
};

const trips = (count: number): { id: string; facts: LeafTrip }[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `trp_${n}`,
    facts: {
      startedAt: `2026-02-0${(n % 9) + 1}T07:30:00.000Z`,
      endedAt: `2026-02-0${(n % 9) + 1}T08:10:00.000Z`,
      distance_m: 10_000 + n,
      energy_wh: n % 2 === 0 ? null : 1_800,
      co2Saved_g: String(1_000 + n),
      quality: "export",
    },
  }));

/** The path from a leaf up, computed from all leaves. */
const pathIn = (leaves: readonly Bytes[], index: number): Bytes[] => {
  if (leaves.length === 1) return [];
  let middle = 1;
  while (middle * 2 < leaves.length) middle *= 2;
  const root = (some: readonly Bytes[]): Bytes => {
    if (some.length === 1) return some[0] as Bytes;
    let half = 1;
    while (half * 2 < some.length) half *= 2;
    return nodeHash(root(some.slice(0, half)), root(some.slice(half)));
  };
  const [left, right] = [leaves.slice(0, middle), leaves.slice(middle)];
  return index < middle
    ? [...pathIn(left, index), root(right)]
    : [...pathIn(right, index - middle), root(left)];
};

export const keys = await theKeys();
const secret = new Uint8Array(32).fill(7);
const list = trips(7);
export const tree = plantTree(list.map(({ id, facts }) => tripNode(id, facts, secret)));
export const older = { ...tree, sums: null, root: plainRootOf(tree.leaves) };
export const number = certificateNumber("crt_01m827tt9je44sqx0aqcz26193", 2026);
const grams = String(tree.grams);
export const document = (root: string, more: Partial<CertificateDocument> = {}): CertificateDocument => ({
  format: "evx-certificate/1",
  number,
  kind: "issuance",
  issuer: "EV Carbon Exchange",
  issuedAt: at,
  holder: "Nguyễn Thị Ánh",
  grams,
  credits: `0.${grams.padStart(6, "0")}`,
  vehicle: { class: "car", country: "VN" },
  lots: [
    {
      serial: `EVX-VN-flat-v1-2026-000001-1-${grams}`,
      grams,
      batch: "bat_01m827tt9je44sqx0aqcz26193",
      vintage: 2026,
      country: "VN",
      method: "flat-v1",
      factorSet: "flat-v1/0",
      quality: "export",
      verifier: "Trần Văn An",
      root,
    },
  ],
  retirement: null,
  keyId: keys.certificates.id,
  verifyUrl: `https://evx.test/c/${number}`,
  ...more,
});
export const signed = async (of: CertificateDocument, key = keys.certificates): Promise<CertificateFile> => ({
  certificate: of,
  signature: await key.sign(utf8(canonical(of as Json))),
  keyId: key.id,
  publicKey: key.publicKey,
  algorithm: "Ed25519",
});
const people = ["usr_anna", "usr_binh", "usr_chi"];
const leaves = people.flatMap((holder): HoldingLeaf[] => [
  { day: "2026-02-28", holder, state: "held", part: 1, grams: "1000" },
  { day: "2026-02-28", holder, state: "held", part: 2, grams: "1340" },
]);
const book = bindBook(leaves.map((leaf) => holdingNode(leaf, secret)));
const text = (entry: Json): string => canonical({ v: 1, at, ...(entry as object) } as Json);
export const good = document(tree.root);
const accreditation = { body: "VICAS", number: "VICAS 042", assurance: "limited", validUntil: "2027-12-31" };
/** The entry of a batch, with the months that it was driven in; of version 2, with the days. */
const issued = (from: string, to: string, more: Record<string, Json> = { v: 3, accreditation }): Json => ({
  kind: "batch_issued",
  ...more,
  batch: "000001",
  grams,
  bufferGrams: "0",
  vintage: 2026,
  from,
  to,
  country: "VN",
  method: "flat-v1",
  factorSet: "flat-v1/0",
  quality: "export",
  trips: 7,
  tree: { root: tree.root, size: 7, sum: grams },
  certificate: hex(sha256Now(utf8(canonical(good as Json)))),
});
/** The entry of a certificate. */
const papered = (more: Record<string, Json> = {}): string =>
  text({
    kind: "certificate",
    number,
    certificate: "issuance",
    part: 1,
    ranges: [`000001-1-${grams}`],
    hash: hex(sha256Now(utf8(canonical(good as Json)))),
    grams,
    key: keys.certificates.id,
    ...more,
  });
/** A day's snapshot of two rows, and what was signed of it. */
export const copy = `{"row":"batches"}\n{"row":"certificates"}\n`;
const facts = { day: "2026-02-28", at, rows: 2, checkpoint: "" };
export const copied = await signSnapshot(keys.certificates, utf8(copy), facts);
export const copiedLate = await signSnapshot(keys.certificates, utf8(copy), {
  ...facts,
  at: "2020-01-01T00:00:00.000Z",
});
/** The entry of a day's snapshot. */
const dayCopied = ({ statement }: { statement: string }): string =>
  text({
    kind: "snapshot",
    day: facts.day,
    rows: facts.rows,
    sha256: hex(sha256Now(utf8(copy))),
    statement: hex(sha256Now(utf8(statement))),
  });
const entries = [
  text({ kind: "key", id: keys.certificates.id, publicKey: keys.certificates.publicKey, cross: null }),
  text(issued("2026-02-01", "2026-02-28")),
  papered(),
  text({
    kind: "book",
    day: "2026-02-28",
    totals: { issued: String(book.grams), retired: "0", cancelled: "0", circulating: String(book.grams) },
    holdings: { root: book.root, size: leaves.length, sum: String(book.grams) },
    audit: [],
  }),
  text(issued("2025-12-01", "2026-02-28")),
  text(issued("2026-02-03", "2026-02-27", { v: 2 })),
  text(issued("2026-02-03", "2026-02-28")),
  text(issued("2026-02-01", "2026-02-28", { v: 3, accreditation: { ...accreditation, body: "" } })),
  text(issued("2026-02-01", "2026-04-30")),
  papered({ ranges: ["000001-1-5"] }),
  papered({ at: "2026-03-02T00:00:00.000Z" }),
  papered({ certificate: "retirement" }),
  dayCopied(copied),
  dayCopied(copiedLate),
];
export const hashes = entries.map((entry) => leafHash(utf8(entry)));
const rootAt = (size: number) => rootOfEdge(hashes.slice(0, size).reduce(withLeaf, emptyEdge));
export const note = await signCheckpoint(origin, keys.log, {
  size: entries.length,
  root: rootAt(entries.length),
});
const checkpoint =
  note + (await cosign("witness.test", keys.witness, readCheckpoint(note)?.text ?? "", 1_772_323_200));
export const logOf = (index: number, under = checkpoint) => ({
  index,
  entry: entries[index] ?? "",
  proof: pathIn(hashes, index).map(base64),
  checkpoint: under,
});
export const status = await signStatus(keys.certificates, {
  format: "evx-status/1",
  number,
  status: "valid",
  asOf: at,
  logSize: entries.length,
  ranges: [{ serial: `EVX-VN-flat-v1-2026-000001-1-${grams}`, state: "current" }],
  revocation: null,
  keyId: keys.certificates.id,
});
export const bundle = { ...(await signed(good)), log: logOf(2), status };
export const written = (file: unknown) => JSON.stringify(file);
const [onlyLot] = good.lots;
if (!onlyLot) throw new Error("no lot");
export const lot = onlyLot;
export const certificate = (name: string, file: unknown, answer: string, fails?: string): Vector => ({
  name,
  kind: "certificate",
  input: { file: typeof file === "string" ? file : written(file), number },
  answer,
  ...(fails ? { fails } : {}),
});
export const bad = async (change: Partial<CertificateDocument>) => ({
  ...(await signed(document(tree.root, change))),
  status,
});
const [first] = list;
if (!first) throw new Error("no trip");
const proven = proofOf({ batch: "bat_1", secret, ...tree }, first.id, first.facts);
if (proven?.format !== "evx-inclusion/2") throw new Error("no proof");
export const proof = proven;
export const plain = proofOf({ batch: "bat_1", secret, ...older }, first.id, first.facts);
if (!plain) throw new Error("no proof");
export const inclusion = (name: string, of: unknown, root: string, answer: boolean): Vector => ({
  name,
  kind: "inclusion",
  input: { proof: of, root },
  answer: String(answer),
});
const read = async (level: number, n: number) =>
  (book.levels[level] ?? new Uint8Array()).subarray(n * 10_240, n * 10_240 + 10_240);
export const holding = {
  format: "evx-holding/1",
  day: "2026-02-28",
  holder: "usr_binh",
  root: book.root,
  leaves: leaves.length,
  sum: String(book.grams),
  items: [
    {
      state: "held",
      parts: await Promise.all(
        leaves.slice(2, 4).map(async (leaf, n) => ({
          grams: leaf.grams,
          salt: hex(holdingSalt(leaf, secret)),
          place: book.places[2 + n] ?? 0,
          path: await bookPath(read, { count: leaves.length, place: book.places[2 + n] ?? 0 }),
        })),
      ),
    },
  ],
  log: logOf(3),
};
export const [item] = holding.items;
export const held = (name: string, file: unknown, answer: boolean): Vector => ({
  name,
  kind: "holding",
  input: { file: written(file), holder: "usr_binh" },
  answer: String(answer),
});
export const items = Array.from({ length: 7 }, (_, place) => ({
  hash: hex(tree.leaves.slice(place * 32, place * 32 + 32)),
  grams: String(new DataView(tree.sums.buffer).getBigUint64(place * 8)),
}));
export const batch = (name: string, shown: unknown, answer: boolean, log: unknown = logOf(1)): Vector => ({
  name,
  kind: "batch",
  input: { batch: { number: "000001", log }, leaves: { items: shown } },
  answer: String(answer),
});
export const snapshot = (name: string, file: unknown, answer: boolean, lines = copy): Vector => ({
  name,
  kind: "snapshot",
  input: { file: written(file), lines },
  answer: String(answer),
});
export const grown = (name: string, path: readonly Bytes[], answer: boolean, older = 3): Vector => ({
  name,
  kind: "consistency",
  input: {
    older: { size: older, root: base64(rootAt(older)) },
    newer: { size: 5, root: base64(rootAt(5)) },
    proof: path.map(base64),
  },
  answer: String(answer),
});
export const [h2, h3, h4] = [hashes[2], hashes[3], hashes[4]] as [Bytes, Bytes, Bytes];
export const fork = await signCheckpoint(origin, keys.stranger, { size: 5, root: rootAt(5) });
export const weak = "0100000000000000000000000000000000000000000000000000000000000000";
