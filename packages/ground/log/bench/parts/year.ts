import { type Bytes, canonical, fromBase64url, generateSigningKey, readSigningKeys, utf8 } from "@evx/proof";
import {
  bundleOf,
  emptyEdge,
  leafHash,
  type NoteKey,
  noteKeyText,
  readTilePath,
  rootOfEdge,
  signCheckpoint,
  withLeaf,
} from "@evx/proof/log";
import type { Fetch } from "@evx/proof/monitor";

const at = "2026-03-01T00:00:00.000Z";
const encoder = new TextEncoder();

/** Grams of each batch; every batch is sold in so many parts, and each of these is retired. */
const [grams, parts] = [100_000, 9];

type Row = Record<string, unknown>;

const hash = "ab".repeat(32);

/** The document of a batch's certificate. */
const documentOf = (batch: string): string => batch.padStart(64, "0");

/** A batch of the year. */
const factsOf = (batch: string) => ({
  batch,
  grams: String(grams),
  bufferGrams: "0",
  vintage: 2026,
  country: "VN",
  method: "flat-v1",
  factorSet: "flat-v1/0",
  quality: "export",
  trips: 40,
  tree: { root: documentOf(batch), size: 40, sum: String(grams) },
  certificate: documentOf(batch),
  v: 3,
  accreditation: null,
  from: "2026-01-01",
  to: "2026-02-28",
});

/** A year of entries, and the rows that show them. */
const written = (entries: number, { id, publicKey }: { id: string; publicKey: string }) => {
  const bodies: Uint8Array[] = [];
  const shown = {
    batches: [] as Row[],
    certificates: [] as Row[],
    retirements: [] as Row[],
    cancellations: [] as Row[],
    books: [] as Row[],
  };
  const write = (entry: Row) =>
    bodies.push(encoder.encode(canonical({ at, v: 1, ...entry } as Parameters<typeof canonical>[0])));
  write({ kind: "key", id, publicKey, cross: null });
  let [issued, retired] = [0, 0];
  const certificate = (number: string, kind: string, range: string, of: number) => {
    const document = kind === "issuance" ? documentOf(range.slice(0, range.indexOf("-"))) : hash;
    write({
      kind: "certificate",
      number,
      certificate: kind,
      part: 1,
      ranges: [range],
      hash: document,
      grams: String(of),
      key: id,
    });
    shown.certificates.push({
      number,
      certificate: kind,
      hash: document,
      grams: String(of),
      key: id,
      at,
      issuedAt: at,
      revoked: false,
      current: String(kind === "issuance" ? grams - parts * 10_000 : of),
    });
  };
  for (let n = 1; bodies.length + 2 + parts * 3 <= entries; n++) {
    const batch = String(n).padStart(6, "0");
    const facts = factsOf(batch);
    write({ kind: "batch_issued", ...facts });
    shown.batches.push({ ...facts, at, revoked: false, book: String(grams), gone: String(parts * 10_000) });
    issued += grams;
    certificate(`EVXC-I-${batch}`, "issuance", `${batch}-1-${grams}`, grams);
    for (let part = 0; part < parts; part++) {
      const range = `${batch}-${part * 10_000 + 1}-${part * 10_000 + 10_000}`;
      const number = `EVXC-R-${batch}-${part}`;
      const retirement = { id: `ret_${batch}_${part}`, grams: "10000", reason: "event", beneficiary: hash };
      write({ kind: "retired", ...retirement, number, certificate: hash, part: 1, ranges: [range] });
      certificate(number, "retirement", range, 10_000);
      write({ kind: "standing", number: `EVXC-I-${batch}`, by: number, part: 1, ranges: [range] });
      shown.retirements.push({ ...retirement, at });
      retired += 10_000;
    }
  }
  return { bodies, shown, issued, retired };
};

/** Hashes of each level of tiles: the leaves, and over each full tile its root. */
const levelsOf = (leaves: readonly Bytes[]): Bytes[][] => {
  const levels = [[...leaves]];
  for (let below = leaves; below.length >= 256; ) {
    const roots = Array.from({ length: Math.floor(below.length / 256) }, (_, n) =>
      rootOfEdge(below.slice(n * 256, n * 256 + 256).reduce(withLeaf, emptyEdge)),
    );
    levels.push(roots);
    below = roots;
  }
  return levels;
};

/**
 * A registry with a year behind it, held in memory: one batch in 29 entries (issued, certified, sold in nine parts,
 * each certified, passed on and retired), as JSON texts that are ready to be served.
 */
export const yearOf = async (entries: number): Promise<{ url: string; fetch: Fetch }> => {
  const { current: key } = await readSigningKeys(generateSigningKey());
  const name = "evx.test/log";
  const log: NoteKey = { name, kind: "log", publicKey: fromBase64url(key.publicKey) as Bytes };
  const { bodies, shown, issued, retired } = written(entries, key);
  const levels = levelsOf(bodies.map(leafHash));
  const root = rootOfEdge((levels[0] ?? []).reduce(withLeaf, emptyEdge));
  const note = utf8(await signCheckpoint(name, key, { size: bodies.length, root }));
  const json = (value: unknown) => utf8(JSON.stringify(value));
  const keys = [{ id: key.id, publicKey: key.publicKey, addedAt: at, withdrawnAt: null }];
  const facts = json({ log: { key: noteKeyText(log) }, keys });
  const totals = {
    issued: String(issued),
    retired: String(retired),
    cancelled: "0",
    circulating: String(issued - retired),
  };
  const state = json({
    format: "evx-state/3",
    size: bodies.length,
    pending: [],
    keys,
    factorSets: [],
    audit: [],
    books: [],
    totals,
  });
  const pages = new Map<string, Uint8Array>();
  for (const [kind, rows] of Object.entries(shown))
    for (let from = 0; from === 0 || from < rows.length; from += 2_000) {
      const next = from + 2_000 < rows.length ? String(from + 2_000).padStart(9, "0") : null;
      const after = from === 0 ? "" : String(from).padStart(9, "0");
      pages.set(
        `/log/state/${kind}.json?after=${after}`,
        json({ rows: rows.slice(from, from + 2_000), next }),
      );
      rows.fill({}, from, from + 2_000);
    }
  const url = "https://evx.test";
  return {
    url,
    fetch: async (address) => {
      const path = address.slice(url.length);
      if (path === "/.well-known/evx-registry.json") return facts;
      if (path === "/log/checkpoint") return note;
      if (path === "/log/state.json") return state;
      const page = pages.get(path);
      if (page) return page;
      const tile = readTilePath(path.replace(/^\/log\/tile\//, ""));
      if (!tile) return null;
      const within = [tile.n * 256, tile.n * 256 + tile.width] as const;
      if (tile.level === "entries") return bundleOf(bodies.slice(...within));
      return Buffer.concat((levels[tile.level] ?? []).slice(...within));
    },
  };
};
