/** Test vectors of docs/spec: files that hold, and files that do not with the reason. Always the same bytes. */
import { type Bytes, base64url, fromBase64url, hex, utf8 } from "./bytes.ts";
import { type Canonical, canonical } from "./canonical.ts";
import { qrAddress } from "./compact.ts";
import type { CertificateDocument } from "./document.ts";
import type { HoldingLeaf } from "./holding.ts";
import { readSigningKeys } from "./keys.ts";
import {
  base64,
  cosign,
  emptyEdge,
  leafHash,
  nodeHash,
  noteKeyText,
  readCheckpoint,
  rootOfEdge,
  signCheckpoint,
  withLeaf,
} from "./log/index.ts";
import type { LeafTrip } from "./merkle.ts";
import { certificateNumber } from "./number.ts";
import { sha256Now } from "./sha256.ts";
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
  readonly kind: "certificate" | "inclusion" | "holding" | "batch" | "consistency" | "qr";
  readonly input: unknown;
  /** What the verifier must answer: genuine, unknown_signer or false for certificates; true or false for the rest. */
  readonly answer: string;
  /** The first check that fails. */
  readonly fails?: string;
};

const seed = (byte: number): string => base64url(new Uint8Array(32).fill(byte));
const at = "2026-03-01T00:00:00.000Z";
const origin = "evx.test/log";

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

export const makeVectors = async (): Promise<{ registry: unknown; vectors: Vector[] }> => {
  const keys = await theKeys();
  const secret = new Uint8Array(32).fill(7);
  const list = trips(7);
  const tree = plantTree(list.map(({ id, facts }) => tripNode(id, facts, secret)));
  const older = { ...tree, sums: null, root: plainRootOf(tree.leaves) };
  const number = certificateNumber("crt_01m827tt9je44sqx0aqcz26193", 2026);
  const grams = String(tree.grams);
  const document = (root: string, more: Partial<CertificateDocument> = {}): CertificateDocument => ({
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
  const signed = async (of: CertificateDocument, key = keys.certificates): Promise<CertificateFile> => ({
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
  const text = (entry: Json): string => canonical({ ...(entry as object), v: 1, at } as Json);
  const good = document(tree.root);
  const entries = [
    text({ kind: "key", id: keys.certificates.id, publicKey: keys.certificates.publicKey, cross: null }),
    text({
      kind: "batch_issued",
      batch: "000001",
      grams,
      tree: { root: tree.root, size: 7, sum: grams },
      certificate: hex(sha256Now(utf8(canonical(good as Json)))),
    }),
    text({
      kind: "certificate",
      number,
      certificate: "issuance",
      part: 1,
      ranges: [`000001-1-${grams}`],
      hash: hex(sha256Now(utf8(canonical(good as Json)))),
      grams,
      key: keys.certificates.id,
    }),
    text({
      kind: "book",
      day: "2026-02-28",
      totals: { issued: String(book.grams), retired: "0", cancelled: "0", circulating: String(book.grams) },
      holdings: { root: book.root, size: leaves.length, sum: String(book.grams) },
      audit: [],
    }),
    text({ kind: "void", batch: "000002" }),
  ];
  const hashes = entries.map((entry) => leafHash(utf8(entry)));
  const rootAt = (size: number) => rootOfEdge(hashes.slice(0, size).reduce(withLeaf, emptyEdge));
  const note = await signCheckpoint(origin, keys.log, { size: entries.length, root: rootAt(entries.length) });
  const checkpoint =
    note + (await cosign("witness.test", keys.witness, readCheckpoint(note)?.text ?? "", 1_772_323_200));
  const logOf = (index: number, under = checkpoint) => ({
    index,
    entry: entries[index] ?? "",
    proof: pathIn(hashes, index).map(base64),
    checkpoint: under,
  });
  const status = await signStatus(keys.certificates, {
    format: "evx-status/1",
    number,
    status: "valid",
    asOf: at,
    logSize: entries.length,
    ranges: [{ serial: `EVX-VN-flat-v1-2026-000001-1-${grams}`, state: "current" }],
    revocation: null,
    keyId: keys.certificates.id,
  });
  const bundle = { ...(await signed(good)), log: logOf(2), status };
  const written = (file: unknown) => JSON.stringify(file);
  const lot = good.lots[0];
  if (!lot) throw new Error("no lot");
  const certificate = (name: string, file: unknown, answer: string, fails?: string): Vector => ({
    name,
    kind: "certificate",
    input: { file: typeof file === "string" ? file : written(file), number },
    answer,
    ...(fails ? { fails } : {}),
  });
  const bad = async (change: Partial<CertificateDocument>) => ({
    ...(await signed(document(tree.root, change))),
    status,
  });
  const [first] = list;
  if (!first) throw new Error("no trip");
  const proof = proofOf({ batch: "bat_1", secret, ...tree }, first.id, first.facts);
  const plain = proofOf({ batch: "bat_1", secret, ...older }, first.id, first.facts);
  if (proof?.format !== "evx-inclusion/2" || !plain) throw new Error("no proof");
  const inclusion = (name: string, of: unknown, root: string, answer: boolean): Vector => ({
    name,
    kind: "inclusion",
    input: { proof: of, root },
    answer: String(answer),
  });
  const read = async (level: number, n: number) =>
    (book.levels[level] ?? new Uint8Array()).subarray(n * 10_240, n * 10_240 + 10_240);
  const holding = {
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
  const [item] = holding.items;
  const held = (name: string, file: unknown, answer: boolean): Vector => ({
    name,
    kind: "holding",
    input: { file: written(file), holder: "usr_binh" },
    answer: String(answer),
  });
  const items = Array.from({ length: 7 }, (_, place) => ({
    hash: hex(tree.leaves.slice(place * 32, place * 32 + 32)),
    grams: String(new DataView(tree.sums.buffer).getBigUint64(place * 8)),
  }));
  const batch = (name: string, shown: unknown, answer: boolean, log: unknown = logOf(1)): Vector => ({
    name,
    kind: "batch",
    input: { batch: { number: "000001", log }, leaves: { items: shown } },
    answer: String(answer),
  });
  const grown = (name: string, path: readonly Bytes[], answer: boolean, older = 3): Vector => ({
    name,
    kind: "consistency",
    input: {
      older: { size: older, root: base64(rootAt(older)) },
      newer: { size: 5, root: base64(rootAt(5)) },
      proof: path.map(base64),
    },
    answer: String(answer),
  });
  const [h2, h3, h4] = [hashes[2], hashes[3], hashes[4]] as [Bytes, Bytes, Bytes];
  const fork = await signCheckpoint(origin, keys.stranger, { size: 5, root: rootAt(5) });
  const weak = "0100000000000000000000000000000000000000000000000000000000000000";
  const vectors: Vector[] = [
    certificate("a bundle with log proof, witness and signed status", bundle, "genuine"),
    certificate("the signed document alone, without log and status", await signed(good), "genuine"),
    certificate("a certificate over a root of the older kind", await signed(document(older.root)), "genuine"),
    certificate(
      "a letter of the holder changed",
      written(bundle).replace("Ánh", "Anh"),
      "false",
      "signature",
    ),
    certificate(
      "signed by somebody who is not known",
      await signed(document(tree.root, { keyId: keys.stranger.id }), keys.stranger),
      "false",
      "key",
    ),
    certificate(
      "signed with a key of small order",
      {
        ...bundle,
        publicKey: base64url(Uint8Array.fromHex(weak)),
        certificate: { ...good, keyId: "ed25519-weak" },
      },
      "false",
      "key",
    ),
    certificate("an unsigned twin beside it", { ...bundle, kind: "retirement" }, "false", "twins"),
    certificate(
      "a member twice",
      written(bundle).replace('"holder":', '"holder":"Eve","holder":'),
      "false",
      "format",
    ),
    certificate(
      "an unknown format",
      { ...bundle, certificate: { ...good, format: "evx-certificate/9" } },
      "false",
      "format",
    ),
    certificate(
      "a number with a wrong check character",
      await bad({ number: `${number.slice(0, -1)}${number.endsWith("A") ? "B" : "A"}` }),
      "false",
      "number",
    ),
    certificate(
      "a number other than the one that was asked for",
      await bad({ number: certificateNumber("crt_01m827tt9je44sqx0aqcz26194", 2026) }),
      "false",
      "number",
    ),
    certificate(
      "dated before its key was in use",
      await bad({ issuedAt: "2019-01-01T00:00:00.000Z" }),
      "false",
      "dates",
    ),
    certificate(
      "grams that the serial number does not have",
      await bad({ lots: [{ ...lot, grams: "1" }] }),
      "false",
      "serials",
    ),
    certificate(
      "overlapping serial numbers",
      await bad({
        grams: String(2n * tree.grams),
        credits: `0.${String(2n * tree.grams).padStart(6, "0")}`,
        lots: [lot, lot],
      }),
      "false",
      "serials",
    ),
    certificate("another certificate's log proof", { ...bundle, log: logOf(1) }, "false", "log"),
    certificate(
      "a place in the log that is not its own",
      { ...bundle, log: { ...logOf(2), index: 3 } },
      "false",
      "log",
    ),
    certificate("a checkpoint that the log did not sign", { ...bundle, log: logOf(2, fork) }, "false", "log"),
    certificate(
      "a checkpoint that nobody witnessed",
      { ...bundle, log: logOf(2, note) },
      "false",
      "witnesses",
    ),
    certificate(
      "a status that was edited",
      { ...bundle, status: { ...status, asOf: "2027-01-01T00:00:00.000Z" } },
      "false",
      "revocation",
    ),
    certificate(
      "revoked, as its status says",
      {
        ...bundle,
        status: await signStatus(keys.certificates, {
          ...status,
          status: "revoked",
          revocation: { revokedAt: at, reason: "Invented" },
        } as never),
      },
      "false",
      "revocation",
    ),
    certificate("a plain word instead of a signed status", { ...bundle, status: "valid" }, "genuine"),
    inclusion("a trip in a Merkle-sum tree", proof, tree.root, true),
    inclusion("a trip in an older tree", plain, older.root, true),
    inclusion(
      "other grams on the way up",
      { ...proof, path: proof.path.map((node) => ({ ...node, grams: "1" })) },
      tree.root,
      false,
    ),
    inclusion("another number of trips", { ...proof, leaves: 8 }, tree.root, false),
    inclusion("a changed trip", { ...proof, trip: { ...proof.trip, distance_m: 1 } }, tree.root, false),
    inclusion("another root", proof, older.root, false),
    held("a balance in the day's book", holding, true),
    held(
      "one leaf shown twice",
      { ...holding, items: [{ ...item, parts: [item?.parts[0], item?.parts[0]] }] },
      false,
    ),
    held("another person's", { ...holding, holder: "usr_anna" }, false),
    held("another day's", { ...holding, day: "2026-02-27" }, false),
    held("a book that was not logged so", { ...holding, log: logOf(1) }, false),
    batch("a batch's leaves", items, true),
    batch("a leaf left out", items.slice(1), false),
    batch(
      "grams shifted between two leaves",
      items.map((leaf, n) => ({
        ...leaf,
        grams: String(BigInt(leaf.grams) + (n === 0 ? 1n : n === 1 ? -1n : 0n)),
      })),
      false,
    ),
    batch("an entry about something else", items, false, logOf(2)),
    grown(
      "five entries go on from three",
      [h2, h3, nodeHash(hashes[0] as Bytes, hashes[1] as Bytes), h4],
      true,
    ),
    grown("a proof cut short", [h2, h3], false),
    grown(
      "a proof of another size",
      [h2, h3, nodeHash(hashes[0] as Bytes, hashes[1] as Bytes), h4],
      false,
      2,
    ),
    {
      name: "the address in a QR code",
      kind: "qr",
      input: { address: await qrAddress(bundle) },
      answer: bundle.signature,
    },
  ];
  const publicKey = (key: { publicKey: string }) => fromBase64url(key.publicKey) as Bytes;
  return {
    registry: {
      format: "evx-registry/1",
      issuer: "EV Carbon Exchange",
      url: "https://evx.test",
      log: {
        origin,
        url: "https://evx.test/log",
        key: noteKeyText({ name: origin, kind: "log", publicKey: publicKey(keys.log) }),
      },
      keys: [
        {
          id: keys.certificates.id,
          publicKey: keys.certificates.publicKey,
          algorithm: "Ed25519",
          addedAt: "2026-01-01T00:00:00.000Z",
          withdrawnAt: null,
          cross: null,
        },
      ],
      witnesses: [
        {
          name: "witness.test",
          url: "https://witness.test",
          key: noteKeyText({ name: "witness.test", kind: "witness", publicKey: publicKey(keys.witness) }),
        },
      ],
      policy: { witnessesWanted: 1 },
    },
    vectors,
  };
};
