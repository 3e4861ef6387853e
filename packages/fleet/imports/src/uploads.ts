import { json } from "@evx/db";
import { type ImportOptions, requireOneVehicle, type Survey, type Surveyor } from "@evx/formats";
import { enqueue } from "@evx/jobs";
import { type Id, Refusal } from "@evx/kernel";
import { passingFault } from "@evx/rpc";
import type { RequestContext } from "@evx/trips";
import { refuse } from "./errors.ts";
import { importFile } from "./jobs.ts";
import { importLimits } from "./policy.ts";
import {
  dropChunks,
  type ImportEntry,
  insertChunk,
  insertImport,
  updateImport,
  waitingOf,
} from "./queries/imports.ts";

/** A body as it arrives. One that breaks off is refused (`import_interrupted`), whatever its sender's side says of it. */
export async function* arriving(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* content;
  } catch (error) {
    throw error instanceof Refusal ? error : refuse("import_interrupted", {}, { cause: error });
  }
}

/** An upload as a stream of chunks: its beginning is held until it is known to be small, the rest passes by. */
export class Upload {
  readonly held: Uint8Array[] = [];
  size = 0;
  readonly #digest = new Bun.CryptoHasher("sha256");
  #holding = true;
  readonly #chunks: AsyncIterator<Uint8Array>;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#chunks = content[Symbol.asyncIterator]();
  }

  /** Holds the beginning, up to so many bytes, and shows it to the surveyor. Whether that was all. */
  async hold(most: number, surveyor: Surveyor): Promise<boolean> {
    while (this.size <= most) {
      const next = await this.next();
      if (next.done) return true;
      surveyor.push(next.value);
    }
    return false;
  }

  /** What is held, to be read once more. */
  async *beginning(): AsyncGenerator<Uint8Array, void, void> {
    yield* this.held;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const { done, value } = await this.#chunks.next();
    if (done) return { done: true, value: undefined };
    this.size += value.length;
    if (this.size > importLimits.file) {
      await this.#chunks.return?.();
      throw refuse("import_too_large", { limit: importLimits.file / 1024 / 1024 });
    }
    this.#digest.update(value);
    if (this.#holding) this.held.push(value);
    return { done: false, value };
  }

  /** By what the file is known again. Only once it was read to its end. */
  sha256(): string {
    return this.#digest.copy().digest("hex");
  }

  letGo(): void {
    this.#holding = false;
    this.held.length = 0;
  }
}

/** Bytes that are compressed and stored as one row. */
const CHUNK = 256 * 1024;
/** Chunks that one transaction stores. */
const CHUNKS_AT_ONCE = 8;

/** Cuts bytes into compressed chunks, and counts the lines in them. */
const compressed = async (bytes: Uint8Array): Promise<{ chunks: Uint8Array[]; lines: number }> => {
  const chunks: Uint8Array[] = [];
  let lines = 0;
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const part = bytes.subarray(at, at + CHUNK);
    for (let line = part.indexOf(10); line >= 0; line = part.indexOf(10, line + 1)) lines++;
    chunks.push(await Bun.zstdCompress(part, { level: 1 }));
  }
  return { chunks, lines };
};

/** Stores what is left of an upload, with what was held of it, chunk by chunk. Answers the lines that it has. */
const storeChunks = async (
  ctx: RequestContext,
  upload: Upload,
  id: Id<"import">,
  surveyor: Surveyor | null,
): Promise<number> => {
  let seq = 0;
  let lines = 0;
  let parts: Uint8Array[] = upload.held.slice();
  let size = parts.reduce((sum, part) => sum + part.length, 0);
  upload.letGo();
  const store = async () => {
    const whole = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
    parts = [];
    size = 0;
    const stored = await compressed(whole);
    const first = seq;
    seq += stored.chunks.length;
    lines += stored.lines;
    await ctx.transact(async (tx) => {
      for (const [at, chunk] of stored.chunks.entries()) await insertChunk(tx, id, first + at, chunk);
    });
  };
  for (;;) {
    if (size >= CHUNKS_AT_ONCE * CHUNK) await store();
    const next = await upload.next();
    if (next.done) break;
    surveyor?.push(next.value);
    parts.push(next.value);
    size += next.value.length;
  }
  if (size > 0) await store();
  return lines;
};

/**
 * Stores a large file in chunks as it arrives, then leaves the job that reads it. Refuses `import_many_wait`, what is over the limit, what
 * broke off (`import_interrupted`), and what turns out to be about other cars; nothing of it stays.
 */
export const storeUpload = async (
  ctx: RequestContext,
  upload: Upload,
  entry: ImportEntry,
  { options, surveyor }: { options: ImportOptions; surveyor: Surveyor | null },
): Promise<void> => {
  const { id } = entry;
  await ctx.transact(async (tx) => {
    // A fleet's file is one, however many cars it is of.
    if (
      !entry.fleet_import_id &&
      (await waitingOf(tx, entry.owner_id, importLimits.waiting)) >= importLimits.waiting
    )
      throw refuse("import_many_wait", { most: importLimits.waiting, minutes: 5 });
    await insertImport(tx, { ...entry, status: "receiving", created_at: tx.at });
  });
  let lines: number;
  let survey: Survey | undefined;
  try {
    lines = await storeChunks(ctx, upload, id, surveyor);
    survey = surveyor?.end() ?? options.survey;
    if (survey) requireOneVehicle(survey, options);
  } catch (error) {
    // A database that is away or full is no fault of the sender's; what broke off otherwise is the sending.
    const failure =
      error instanceof Refusal
        ? error
        : (passingFault(error) ?? refuse("import_interrupted", {}, { cause: error }));
    await ctx.transact(async (tx) => {
      await dropChunks(tx, id);
      await updateImport(tx, id, { status: "failed", failure: failure.code, finished_at: tx.at });
    });
    throw failure;
  }
  await ctx.transact(async (tx) => {
    await updateImport(tx, id, {
      status: "queued",
      options: json({ ...options, survey }),
      bytes: BigInt(upload.size),
      sha256: upload.sha256(),
      rows_total: BigInt(Math.max(lines, 1)),
    });
    await enqueue(tx, importFile, { importId: id });
  });
};
