/** Test vectors of docs/spec: files that hold, and files that do not with the reason. */
import { type Bytes, base64url, fromBase64url } from "./bytes.ts";
import { qrAddress } from "./compact.ts";
import { cosign, nodeHash, noteKeyText, readCheckpoint } from "./log/index.ts";
import { certificateNumber } from "./number.ts";
import { signStatus } from "./status.ts";
import {
  at,
  bad,
  batch,
  bundle,
  certificate,
  copied,
  copiedLate,
  copy,
  document,
  fork,
  good,
  grown,
  h2,
  h3,
  h4,
  hashes,
  held,
  holding,
  inclusion,
  item,
  items,
  keys,
  logOf,
  lot,
  note,
  number,
  older,
  origin,
  plain,
  proof,
  signed,
  snapshot,
  status,
  tree,
  type Vector,
  weak,
  written,
} from "./vectors-world.testing.ts";

export type { Vector };

const publicKey = (key: { publicKey: string }) => fromBase64url(key.publicKey) as Bytes;

const dayFile = { day: "2026-02-28", ...copied, log: logOf(12) };

const registry = {
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
};

/** The witness once more, under another name. */
const twin = {
  line: await cosign("twin.test", keys.witness, readCheckpoint(note)?.text ?? "", 1_772_323_200),
  witness: {
    name: "twin.test",
    url: "https://twin.test",
    key: noteKeyText({
      name: "twin.test",
      kind: "witness",
      publicKey: publicKey(keys.witness),
    }),
  },
};

const { signature: _, ...said } = status;
const other = await signStatus(keys.certificates, {
  ...said,
  number: certificateNumber("crt_01m827tt9je44sqx0aqcz26194", 2026),
});

const vectors: Vector[] = [
  certificate("a bundle with log proof, witness and signed status", bundle, "genuine"),
  certificate("the signed document alone, without log and status", await signed(good), "genuine"),
  certificate("a certificate over a root of the older kind", await signed(document(older.root)), "genuine"),
  certificate("a letter of the holder changed", written(bundle).replace("Ánh", "Anh"), "false", "signature"),
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
  {
    ...certificate("one witness under two names, where two are wanted", null, "false", "witnesses"),
    input: {
      file: written({ ...bundle, log: logOf(2, bundle.log.checkpoint + twin.line) }),
      number,
      registry: { witnesses: [...registry.witnesses, twin.witness], policy: { witnessesWanted: 2 } },
    },
  },
  certificate("a revocation that says nothing", { ...bundle, revocation: {} }, "false", "revocation"),
  certificate("a revocation that is an empty text", { ...bundle, revocation: "" }, "false", "revocation"),
  certificate("another certificate's status", { ...bundle, status: other }, "false", "revocation"),
  certificate("a checkpoint that nobody witnessed", { ...bundle, log: logOf(2, note) }, "false", "witnesses"),
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
  certificate("another holder beside it", { ...bundle, holder: "Eve" }, "false", "twins"),
  certificate("another public key beside it", { ...bundle, publicKey: keys.log.publicKey }, "false", "twins"),
  certificate("logged of fewer grams than were signed", { ...bundle, log: logOf(9) }, "false", "log"),
  certificate("logged on another day than was signed", { ...bundle, log: logOf(10) }, "false", "log"),
  certificate("logged as another kind than was signed", { ...bundle, log: logOf(11) }, "false", "log"),
  certificate("a kind that there is none of", await bad({ kind: "gold" as never }), "false", "format"),
  certificate("a value that is not JSON", written(bundle).replace("{", '{"x":NaN,'), "false", "format"),
  certificate(
    "nested more than 32 deep",
    written(bundle).replace("{", `{"x":${"[".repeat(32)}1${"]".repeat(32)},`),
    "false",
    "format",
  ),
  certificate(
    "nested 32 deep, in a member that says nothing",
    written(bundle).replace("{", `{"x":${"[".repeat(31)}1${"]".repeat(31)},`),
    "genuine",
  ),
  certificate("a year in another spelling", written(bundle).replaceAll(":2026,", ":2.026e3,"), "genuine"),
  certificate("half a number in what was signed", written(bundle).replaceAll(":2026,", ":2026.5,"), "false"),
  certificate(
    "a status that is valid and tells of a revocation",
    {
      ...bundle,
      status: await signStatus(keys.certificates, {
        ...said,
        revocation: { revokedAt: at, reason: "Invented" },
      }),
    },
    "false",
    "revocation",
  ),
  certificate(
    "a status that leaves grams out",
    { ...bundle, status: await signStatus(keys.certificates, { ...said, ranges: [] }) },
    "false",
    "revocation",
  ),
  certificate(
    "a status that tells of a part of its runs by their sum",
    {
      ...bundle,
      status: await signStatus(keys.certificates, {
        ...said,
        ranges: [],
        unstated: [{ state: "current", runs: 1, grams: bundle.certificate.grams }],
      }),
    },
    "genuine",
  ),
  certificate(
    "a status whose sums leave a gram out",
    {
      ...bundle,
      status: await signStatus(keys.certificates, {
        ...said,
        ranges: [],
        unstated: [{ state: "current", runs: 1, grams: String(BigInt(bundle.certificate.grams) - 1n) }],
      }),
    },
    "false",
    "revocation",
  ),
  certificate(
    "a status that is valid for no gram",
    {
      ...bundle,
      status: await signStatus(keys.certificates, {
        ...said,
        ranges: said.ranges.map(({ serial }) => ({ serial, state: "passed_on" })),
      }),
    },
    "false",
    "revocation",
  ),
  certificate(
    "a status from before the certificate",
    { ...bundle, status: await signStatus(keys.certificates, { ...said, asOf: "2026-02-01T00:00:00.000Z" }) },
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
  held("a file that shows nothing", { ...holding, items: [] }, false),
  batch("a batch's leaves", items, true),
  batch("one trip twice", [...items, items[0]], false),
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
  batch("driven in months outside of its vintage", items, false, logOf(4)),
  batch("an older entry, of version 2, with days instead of months", items, true, logOf(5)),
  batch("days where version 3 has whole months", items, false, logOf(6)),
  batch("an accreditation by nobody", items, false, logOf(7)),
  batch("driven in months to come", items, false, logOf(8)),
  snapshot("a day's snapshot", dayFile, true),
  snapshot("another line", dayFile, false, copy.replace("batches", "riches!")),
  snapshot("a line more", dayFile, false, `${copy}{}\n`),
  snapshot("one that was not logged", { ...dayFile, log: null }, false),
  snapshot("an entry of another statement", { ...dayFile, log: logOf(13) }, false),
  snapshot("an entry of something else", { ...dayFile, log: logOf(3) }, false),
  snapshot("a checkpoint by somebody else", { ...dayFile, log: logOf(12, fork) }, false),
  snapshot("shown as another day's", { ...dayFile, day: "2026-02-27" }, false),
  snapshot("dated before its key", { day: dayFile.day, ...copiedLate, log: logOf(13) }, false),
  snapshot(
    "signed by a stranger",
    { ...dayFile, statement: copied.statement.replace(keys.certificates.id, keys.stranger.id) },
    false,
  ),
  snapshot("another's signature", { ...dayFile, signature: copiedLate.signature }, false),
  grown(
    "five entries go on from three",
    [h2, h3, nodeHash(hashes[0] as Bytes, hashes[1] as Bytes), h4],
    true,
  ),
  grown("a proof cut short", [h2, h3], false),
  grown("a proof of another size", [h2, h3, nodeHash(hashes[0] as Bytes, hashes[1] as Bytes), h4], false, 2),
  {
    name: "the address in a QR code",
    kind: "qr",
    input: { address: await qrAddress(bundle) },
    answer: bundle.signature,
  },
];

/** The registry that the vectors are of, and the vectors. */
export const makeVectors = async (): Promise<{ registry: unknown; vectors: Vector[] }> => ({
  registry,
  vectors,
});
