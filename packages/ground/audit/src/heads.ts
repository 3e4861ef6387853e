import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Db } from "@evx/db";
import { lastOfKind } from "@evx/log";
import { S3Client } from "bun";
import * as v from "valibot";
import { type AuditFault, type AuditHead, auditHeads, missingHeads } from "./queries/trail.ts";

/** Where heads are kept that the database's owner cannot reach. Notes are text; what was put is never changed. */
export type HeadStore = {
  /** `name` is the moment of the note. */
  put(name: string, note: string): Promise<void>;
  notes(): Promise<string[]>;
};

/** Notes as lines of one file, which is made with the first. */
export const headFile = (path: string): HeadStore => ({
  put: async (_, note) => {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${note}\n`, { mode: 0o600 });
  },
  notes: async () => {
    const file = Bun.file(path);
    return (await file.exists()) ? (await file.text()).split("\n").filter(Boolean) : [];
  },
});

export type BucketSettings = { endpoint?: string; accessKeyId?: string; secretAccessKey?: string };

/** Notes as objects of a bucket, each under its moment: `s3://bucket/folder`. Give the key no right to delete. */
export const headBucket = (address: string, settings: BucketSettings): HeadStore => {
  const { hostname: bucket, pathname } = new URL(address);
  const prefix = `${pathname.slice(1).replace(/\/$/, "") || "audit-heads"}/`;
  const client = new S3Client({ ...settings, bucket });
  return {
    put: async (name, note) => {
      await client.write(`${prefix}${name}.json`, note);
    },
    notes: async () => {
      const notes: string[] = [];
      for (let startAfter = ""; ; ) {
        const page = await client.list({ prefix, ...(startAfter ? { startAfter } : {}) });
        const keys = (page.contents ?? []).map(({ key }) => key);
        // A few at a time: a year of notes is some thousands of small objects.
        for (let at = 0; at < keys.length; at += 16)
          notes.push(...(await Promise.all(keys.slice(at, at + 16).map((key) => client.file(key).text()))));
        const last = keys.at(-1);
        if (!page.isTruncated || !last) return notes;
        startAfter = last;
      }
    },
  };
};

/** The store that a setting names: an address of a bucket, or a file's path under the data folder. */
export const headStore = (where: string, dataDir: string, settings: BucketSettings): HeadStore =>
  where.startsWith("s3://") ? headBucket(where, settings) : headFile(join(dataDir, where));

const Note = v.object({
  at: v.string(),
  heads: v.array(v.object({ chain: v.number(), seq: v.string(), hash: v.string() })),
});

/** A book of the public log names the heads of its day. */
const Book = v.object({ audit: v.array(v.object({ chain: v.number(), seq: v.string(), hash: v.string() })) });

const parsed = <S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> => {
  const read = v.safeParse(schema, JSON.parse(text));
  if (!read.success)
    throw new Error(`A note of the audit trail's heads cannot be read: ${text.slice(0, 200)}`);
  return read.output;
};

const headFrom = ({ chain, seq, hash }: { chain: number; seq: string; hash: string }): AuditHead => ({
  chain,
  seq: BigInt(seq),
  hash,
});

/** Every head that was noted outside of the table, in the order of the notes: in the store, and in books of the public log. */
export const notedHeads = async (db: Db, store: HeadStore | null): Promise<AuditHead[]> => {
  const stored = store ? (await store.notes()).flatMap((note) => parsed(Note, note).heads) : [];
  const books = await lastOfKind(db, "book", 400);
  const logged = books.flatMap(({ body }) => parsed(Book, body.toString()).audit);
  return [...logged, ...stored].map(headFrom);
};

/** Lines that were noted are not there any more, or are others. */
export class TrailLost extends Error {
  override readonly name = "TrailLost";
  constructor(readonly missing: readonly AuditFault[]) {
    const [first] = missing;
    super(
      `The audit trail lost what was noted of it in ${missing.length} place(s), first ${first?.chain}/${first?.seq}. Nothing was noted.`,
    );
  }
}

/**
 * Notes the heads that are new since the last note; answers how many. Throws TrailLost when the table no longer has what
 * was noted before: a trail that was cut must not become the one to compare with.
 */
export const noteHeads = async (db: Db, store: HeadStore, now: Date): Promise<number> => {
  const known = await notedHeads(db, store);
  const missing = known.length > 0 ? await missingHeads(db, known) : [];
  if (missing.length > 0) throw new TrailLost(missing);
  const seen = new Set(known.map(({ chain, seq }) => `${chain}/${seq}`));
  const fresh = (await auditHeads(db)).filter(({ chain, seq }) => !seen.has(`${chain}/${seq}`));
  if (fresh.length === 0) return 0;
  const at = now.toISOString();
  const heads = fresh.map((head) => ({ ...head, seq: head.seq.toString() }));
  await store.put(at, JSON.stringify({ at, heads }));
  return fresh.length;
};
