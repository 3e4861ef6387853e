import { Readable } from "node:stream";
import { Refusal, refuseBusy } from "@evx/kernel";
import { type RestMeta, refuseCall } from "@evx/rpc";
import Busboy from "@fastify/busboy";
import { arrived } from "./arrival.ts";

/** The largest JSON body that any call takes. */
const jsonLimit = 1_000_000;

export type RawInput = { readonly input: Record<string, unknown>; readonly digestible: string };

/** Reads at most `limit` bytes as text; what `arrived` refuses is refused. */
export const readText = async (request: Request, limit: number): Promise<string> => {
  const bytes = await arrived(request, limit);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuseCall("body_unreadable", { expected: "UTF-8" }, { cause });
  }
};

const jsonBody = async (request: Request): Promise<{ body: Record<string, unknown>; text: string }> => {
  const text = await readText(request, jsonLimit);
  if (text.trim() === "") return { body: {}, text: "" };
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type && type !== "application/json" && !type.endsWith("+json"))
    throw refuseCall("media_unsupported", { expected: "application/json" });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw refuseCall("body_unreadable", { expected: "JSON" }, { cause });
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw refuseCall("body_unreadable", { expected: "a JSON object" });
  return { body: body as Record<string, unknown>, text };
};

type Upload = {
  content: ReadableStream<Uint8Array>;
  contentType: string;
  fileName: string;
  /** The other fields of a form. */
  fields: Record<string, string>;
};

/**
 * Bytes of a form's file that are held until the fields behind it are known; browsers and curl write them in any order. Of a
 * stranger's nothing worth it: whoever is refused anyway fills no memory.
 */
const heldOfForm = { known: 8 * 1024 * 1024, stranger: 64 * 1024 };
/** What forms may hold together while they arrive. */
const heldTogether = 128 * 1024 * 1024;
let heldNow = 0;

const streamOf = (chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });

/**
 * The file of a form with its fields. A file of up to eight megabytes is held until the form has ended; of a larger one
 * the fields must come first, since nothing is written to disk, and one that comes behind it is refused.
 */
const formUpload = async (
  file: Readable,
  ended: Promise<void>,
  fields: Record<string, string>,
  most: number,
): Promise<Pick<Upload, "content" | "fields">> => {
  const chunks = file[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const held: Uint8Array[] = [];
  let size = 0;
  let whole = false;
  try {
    while (size <= most && !whole) {
      const next = await chunks.next();
      if (next.done) whole = true;
      else {
        held.push(next.value);
        size += next.value.byteLength;
        heldNow += next.value.byteLength;
        if (heldNow > heldTogether) throw refuseBusy("server_busy", { seconds: 10 });
      }
    }
  } finally {
    heldNow -= size;
  }
  if (whole) await ended;
  const known = Object.keys(fields).length;
  async function* content(): AsyncGenerator<Uint8Array> {
    yield* held.splice(0);
    while (!whole) {
      const next = await chunks.next();
      if (next.done) break;
      yield next.value;
    }
    await ended;
    if (Object.keys(fields).length > known)
      throw refuseCall("body_unreadable", { expected: "a form whose fields come before its large file" });
  }
  return { content: streamOf(content()), fields: { ...fields } };
};

/** How long a form's file may be, and how much of it is held. */
type FormLimits = { limit: number; most: number };

/** The field `file` of a multipart body, as a stream, and the form's other fields. Nothing is written to disk. */
const multipartFile = (request: Request, contentType: string, { limit, most }: FormLimits): Promise<Upload> =>
  new Promise((resolve, reject) => {
    const missing = () =>
      reject(refuseCall("body_unreadable", { expected: "multipart with a field named file" }));
    try {
      const parser = new Busboy({
        headers: { "content-type": contentType },
        limits: { files: 2, fields: 20, fieldSize: 10_000 },
      });
      const fields: Record<string, string> = {};
      let found = false;
      let dropped = "";
      const ended = new Promise<void>((end, refuse) =>
        parser.once("finish", () =>
          dropped ? refuse(refuseCall("body_unreadable", { expected: dropped })) : end(),
        ),
      );
      // Whoever reads the file hears of it; before that nobody waits.
      ended.catch(() => {});
      parser.on("field", (name: string, value: string, _nameCut: boolean, cut: boolean) => {
        if (cut) dropped = "a form whose fields have at most 10,000 bytes each";
        fields[name] = value;
      });
      parser.on("fieldsLimit", () => {
        dropped = "a form of at most 20 fields";
      });
      parser.on(
        "file",
        (field: string, file: Readable, fileName: string, _encoding: string, mime: string) => {
          if (field !== "file" || found) {
            dropped = "multipart with one file, in a field named file";
            return void file.resume();
          }
          found = true;
          formUpload(file, ended, fields, most).then(
            (upload) => resolve({ ...upload, contentType: mime, fileName: fileName ?? "" }),
            reject,
          );
        },
      );
      parser.on("finish", () => {
        if (!found) missing();
      });
      parser.on("error", missing);
      const body = request.body;
      if (!body) return missing();
      // Whatever its parts are called: a form is no longer than its file may be, and a little.
      const whole = bounded(body, limit + 1_000_000);
      Readable.fromWeb(whole as Parameters<typeof Readable.fromWeb>[0])
        .on("error", (error) => (error instanceof Refusal ? reject(error) : missing()))
        .pipe(parser);
    } catch {
      missing();
    }
  });

/** A limit as people say it: 500 MB is 500 × 1024 × 1024 where the limit was set so. */
const megabytes = (limit: number): string =>
  `${limit % 1_048_576 === 0 ? limit / 1_048_576 : Math.round(limit / 1_000_000)} MB`;

/** Counts the bytes of a stream as they pass and breaks it off beyond the limit. */
const bounded = (stream: ReadableStream<Uint8Array>, limit: number): ReadableStream<Uint8Array> => {
  let size = 0;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > limit) controller.error(refuseCall("body_too_large", { limit: megabytes(limit) }));
        else controller.enqueue(chunk);
      },
    }),
  );
};

const upload = async (request: Request, { limit, most }: FormLimits): Promise<Upload> => {
  if (Number(request.headers.get("content-length") ?? 0) > limit)
    throw refuseCall("body_too_large", { limit: megabytes(limit) });
  const contentType = request.headers.get("content-type") ?? "";
  const file = contentType.toLowerCase().startsWith("multipart/form-data")
    ? await multipartFile(request, contentType, { limit, most })
    : { content: request.body ?? new Blob([]).stream(), contentType, fileName: "", fields: {} };
  return { ...file, content: bounded(file.content as ReadableStream<Uint8Array>, limit) };
};

/** One input object out of path, query and body, in that order of precedence. */
export const readInput = async (
  request: Request,
  meta: RestMeta,
  params: Record<string, string>,
  { known }: { known: boolean },
): Promise<RawInput> => {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  if (meta.method === "GET" || meta.method === "DELETE")
    return { input: { ...query, ...params }, digestible: "" };
  if (meta.body === "stream") {
    const { fields, ...file } = await upload(request, {
      limit: meta.maxBytes ?? 10_000_000,
      most: known ? heldOfForm.known : heldOfForm.stranger,
    });
    return { input: { ...query, ...fields, ...file, ...params }, digestible: "" };
  }
  const { body, text } = await jsonBody(request);
  return { input: { ...query, ...body, ...params }, digestible: text };
};
